"""What is said of grids that are not as even, or not as drawn, as one would expect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer.deployment import DutyPlan
from optimizer.districts import GridPlan
from optimizer.planning.duty.caveats import duty_caveats
from optimizer.publishing.locale import texts

from .small_force import grids


def said(plan: GridPlan, language: str = "en") -> list[str]:
    words = texts(language)["caveats"]
    duty = DutyPlan((), None, None, None, None)
    return [words[one.key].format(**one.values) for one in duty_caveats(plan, duty)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_loosened_grids_and_their_drawing_are_told(language: str) -> None:
    """One tenth where a twentieth was asked, a second piece, and two junctions astray."""
    loosened, pieces, astray = said(grids(), language)
    assert "10.0 % (≥ 6.2 %)" in loosened
    assert "1" in pieces
    assert "2" in astray


def test_only_groups_that_were_loosened_are_named() -> None:
    plan = grids()
    balanced = replace(
        plan.variants[0], group=np.array([0, 1]), tolerance_of_group=np.array([0.05, 0.3]),
        impossible_below=np.array([0.0, 0.21]),
    )  # fmt: skip
    rows = tuple(replace(row, group=name) for row, name in zip(plan.rows, "AB", strict=True))
    plan = replace(plan, variants=(balanced, plan.variants[1]), rows=rows)
    assert plan.loosened == (("B", 0.3, 0.21),)
    assert said(plan)[0].endswith(": B 30.0 % (≥ 21.0 %).")


def test_a_plan_as_asked_needs_no_word() -> None:
    plan = replace(grids(), asked_tolerance=0.1, extra_pieces=0, astray=0)
    assert said(plan) == []
