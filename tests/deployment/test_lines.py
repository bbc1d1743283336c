"""Lines: everybody's share of nights and weekends, where the need leaves room for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment import CrewSettings
from optimizer.deployment.cp_search import Budget
from optimizer.deployment.lines import draw_lines, fair_lines

from .crews import parts

SUNDAYS = np.arange(6, 28, 7)


def on_duty(plans: NDArray[np.int64], shifts: int) -> NDArray[np.int64]:
    """People on duty in each week, weekday and shift, shape (4, 7, s)."""
    by_day = np.stack([(plans == shift).sum(axis=0) for shift in range(shifts)], axis=-1)
    return by_day.reshape(4, 7, shifts)


def test_everybody_has_a_sunday_off_where_that_costs_no_duty() -> None:
    """Nine people, of whom one has a line alone; one is wanted in every shift."""
    _, shifts, rules = parts(CrewSettings())
    wanted = np.ones((7, len(shifts)), np.int64)
    plans = fair_lines(9, wanted, rules, Budget(1.0))
    assert plans is not None
    assert (on_duty(plans, len(shifts)) >= wanted).all()
    assert (plans[:, SUNDAYS] < 0).any(axis=1).all()


def test_where_no_sunday_can_be_spared_the_duties_are_done_all_the_same() -> None:
    """Four people, and all of them are wanted on Sunday mornings."""
    _, shifts, rules = parts(CrewSettings(leave_days=0))
    wanted = np.zeros((7, len(shifts)), np.int64)
    wanted[6, 1] = 4
    plans = fair_lines(4, wanted, rules, Budget(1.0))
    assert plans is not None
    assert (plans[:, SUNDAYS] == 1).all()


def test_teams_work_most_lines_of_a_large_rank() -> None:
    """83 people can fill 21 posts around the clock, by their hours; lines for 19 are soon found."""
    _, shifts, rules = parts(CrewSettings())
    wanted = np.full((7, len(shifts)), 19)
    plans = draw_lines(83, wanted, rules, Budget(2.0))
    assert plans is not None
    assert plans.shape == (83, 28)
    assert (on_duty(plans, len(shifts)) >= wanted).all()
    minutes = sum((plans == at).sum(axis=1) * rules.minutes[at] for at in range(len(shifts)))
    assert (minutes <= rules.most_minutes).all()
    assert len(np.unique(plans, axis=0)) < 60, "in a team, several work the same weeks"


def test_lines_of_a_very_large_rank_are_no_more() -> None:
    """700 people are 175 times four: seven teams of 22 and one of 17, and four lines of four."""
    _, shifts, rules = parts(CrewSettings())
    wanted = np.full((7, len(shifts)), 165)
    plans = draw_lines(700, wanted, rules, Budget(2.0))
    assert plans is not None
    assert plans.shape == (700, 28)
    assert (on_duty(plans, len(shifts)) >= wanted).all()
