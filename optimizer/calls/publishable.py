"""Names of categories that may be printed: what many calls bear is a name, not a caller's words."""

from __future__ import annotations

import re

import numpy as np

from optimizer.calls.schema import Calls

FEWEST_CALLS = 5
"""A category that fewer calls bear is counted, never printed."""

LONGEST_NAME = 40
MOST_NAMES = 5

_OWN_INITIATIVE = re.compile(
    r"officer.{0,3}init|self.{0,3}init|proactive|on.?view|traffic stop|directed patrol"
    r"|business check|主动|盘查|巡逻发现|巡查|自接警",
    re.IGNORECASE,
)


def common_categories(calls: Calls) -> tuple[str, ...]:
    """List the categories that enough calls bear to be named, the most frequent first."""
    borne = np.bincount(calls.category, minlength=len(calls.categories))
    order = np.argsort(-borne, kind="stable")
    return tuple(calls.categories[code] for code in order if borne[code] >= FEWEST_CALLS)


def officer_initiated(calls: Calls) -> tuple[str, ...]:
    """Name the categories of records that officers start themselves, fit to be published.

    Returns
    -------
    Up to `MOST_NAMES` names that at least `FEWEST_CALLS` calls bear, the most frequent first, each
    cut to `LONGEST_NAME` characters: the column may be free text, which must not leave the house.
    """
    own = [name for name in common_categories(calls) if _OWN_INITIATIVE.search(name)]
    return tuple(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
                 for name in own[:MOST_NAMES])  # fmt: skip


def count_officer_initiated(calls: Calls) -> int:
    """Count all categories of such records, those too rare or too many to be named included."""
    present = np.unique(calls.category)
    return sum(_OWN_INITIATIVE.search(calls.categories[code]) is not None for code in present)
