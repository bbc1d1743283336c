"""Which names of categories may leave the house."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.calls import Calls, officer_initiated
from optimizer.calls.publishable import common_categories, count_officer_initiated


def calls_of(counts: dict[str, int]) -> Calls:
    names = tuple(sorted(counts))
    category = np.repeat(np.arange(len(names)), [counts[name] for name in names])
    n = len(category)
    day = np.full(n, np.datetime64("2015-01-01", "m"))
    return Calls(np.zeros(n), np.zeros(n), day, np.ones(n, bool), category, names)


def test_a_name_needs_five_calls() -> None:
    calls = calls_of({"on-view": 5, "proactive": 4, "theft": 9, "gone": 0})
    assert common_categories(calls) == ("theft", "on-view")
    assert officer_initiated(calls) == ("on-view",)
    assert count_officer_initiated(calls) == 2


def test_five_names_are_listed_the_most_frequent_first() -> None:
    calls = calls_of({f"traffic stop {letter}": 5 + i for i, letter in enumerate("abcdefg")})
    assert officer_initiated(calls) == tuple(f"traffic stop {letter}" for letter in "gfedc")
    assert count_officer_initiated(calls) == 7


def test_long_names_are_cut() -> None:
    (name,) = officer_initiated(calls_of({"proactive " + 90 * "x": 5}))
    assert (len(name), name[:11], name[-1]) == (40, "proactive x", "…")
    assert officer_initiated(calls_of({"proactive".ljust(40, "x"): 5})) == (
        "proactive".ljust(40, "x"),
    )


@pytest.mark.parametrize(
    "name",
    ["Officer Initiated", "OFFICER-INIT", "Self-Initiated", "self init", "On-View", "onview",
     "Traffic Stop", "Directed Patrol", "Business Check", "主动巡逻", "巡逻发现", "自接警", "盘查"],
)  # fmt: skip
def test_usual_names_are_known(name: str) -> None:
    assert officer_initiated(calls_of({name: 5, "theft": 5})) == (name,)


def test_no_calls_have_no_names() -> None:
    assert officer_initiated(calls_of({})) == ()
