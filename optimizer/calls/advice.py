"""What a planner should be told about calls that nothing is formally wrong with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

import numpy as np

from optimizer.calls.quality import Reason
from optimizer.calls.schema import Calls, CallsSettings
from optimizer.places import nearest

_LOUD_SHARE = 0.05
_GAP_DAYS = 31
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
_OWN_INITIATIVE = re.compile(
    r"officer.{0,3}initiat|self.{0,3}initiat|proactive|on.?view|traffic stop|directed patrol"
    r"|business check|主动|盘查|巡逻发现|巡查",
    re.IGNORECASE,
)


def share_warnings(read: int, dropped: Mapping[Reason, int]) -> Iterator[str]:
    """Name the faults of the data that cost more than one row in twenty."""
    for reason, advice in _ADVICE.items():
        count = dropped.get(reason, 0)
        if count > _LOUD_SHARE * read:
            yield f"calls: {count} of {read} rows ({count / read:.0%}) are {reason}; {advice}"


def category_warnings(settings: CallsSettings, planning: Calls) -> Iterator[str]:
    """Name settings for categories that do not occur, and calls that officers started."""
    every = planning.categories
    for key, names in (("exclude", settings.exclude), ("weights", settings.weights)):
        for name in names:
            if name not in every:
                close = nearest(name, every)
                advice = f'did you mean "{close}"?' if close else "check its spelling"
                yield f'calls.{key}: no call has the category "{name}"; {advice}'
    used = np.unique(planning.category).tolist()
    own = [every[code] for code in used if _OWN_INITIATIVE.search(every[code])]
    if own:
        listed = ", ".join(f'"{name}"' for name in own)
        yield (
            f"calls: {listed} look like records that officers start themselves; a plan made from "
            "its own patrols feeds on itself, list them in exclude"
        )


def window_warnings(calls: Calls, start: dt.date, end: dt.date) -> Iterator[str]:
    """Say where the calls leave a month or more of the window empty."""
    first, last = calls.time.min().astype(dt.datetime), calls.time.max().astype(dt.datetime)
    if (first.date() - start).days > _GAP_DAYS:
        yield f"calls: the window starts on {start}, but the first call is of {first.date()}"
    if (end - last.date()).days > _GAP_DAYS:
        yield f"calls: the window ends before {end}, but the last call is of {last.date()}"
