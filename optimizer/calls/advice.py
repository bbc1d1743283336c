"""What a planner should be told about calls that nothing is formally wrong with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import numpy as np

from optimizer.calls.publishable import (
    common_categories,
    count_officer_initiated,
    officer_initiated,
)
from optimizer.calls.quality import Reason
from optimizer.calls.schema import Calls, CallsSettings
from optimizer.places import nearest

_LOUD_SHARE = 0.05
_GAP_DAYS = 31
_MANY_CATEGORIES = 300
_ADVICE: dict[Reason, str] = {
    "broken_row": "check the quotation marks and delimiters of the file",
    "no_coordinates": "geocode them, or expect their districts to be planned short",
    "bad_coordinates": "check the columns named for coordinates",
    "zero_coordinates": "geocode them, or expect their districts to be planned short",
    "unknown_node": "check that the nodes are those of this road network",
    "out_of_area": "check crs, datum and the extent of the roads",
    "no_time": "check the column named for time",
    "bad_time": "set time_format to the format of the file",
}


def share_warnings(read: int, dropped: Mapping[Reason, int]) -> Iterator[str]:
    """Name the faults of the data that cost more than one row in twenty."""
    for reason, advice in _ADVICE.items():
        count = dropped.get(reason, 0)
        if count > _LOUD_SHARE * read:
            yield f"calls: {count} of {read} rows ({count / read:.0%}) are {reason}; {advice}"


def category_warnings(settings: CallsSettings, planning: Calls) -> Iterator[str]:
    """Name settings for categories that do not occur, and calls that officers started.

    Nothing is printed of the data but names that enough calls bear: the sentences are published.
    """
    every, common = planning.categories, common_categories(planning)
    for key, names in (("exclude", settings.exclude), ("weights", settings.weights)):
        for name in names:
            if name not in every:
                close = nearest(name, common)
                advice = f'did you mean "{close}"?' if close else "check its spelling"
                yield f'calls.{key}: no call has the category "{name}"; {advice}'
    own, named = count_officer_initiated(planning), officer_initiated(planning)
    if own:
        subject = "1 category looks" if own == 1 else f"{own} categories look"
        such = ", ".join(f'"{name}"' for name in named)
        yield (
            f"calls: {subject} like records that officers start themselves"
            + (f", such as {such}" if such else "")
            + "; a plan made from its own patrols feeds on itself, list them in exclude"
        )
    found = len(np.unique(planning.category))
    if found > _MANY_CATEGORIES:
        yield (
            f"calls: the column named for category has {found} different values; is it free text? "
            "Name a column of categories instead, or leave it out"
        )


def window_warnings(calls: Calls, start: dt.date, end: dt.date) -> Iterator[str]:
    """Say where the calls leave a month or more of the window empty."""
    first, last = calls.time.min().astype(dt.datetime), calls.time.max().astype(dt.datetime)
    if (first.date() - start).days > _GAP_DAYS:
        yield f"calls: the window starts on {start}, but the first call is of {first.date()}"
    if (end - last.date()).days > _GAP_DAYS:
        yield f"calls: the window ends before {end}, but the last call is of {last.date()}"
