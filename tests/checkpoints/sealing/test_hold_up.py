"""What holds a seal up: exits that too few units can close sooner."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optimizer.checkpoints import assign_units
from optimizer.checkpoints.sealing.hold_up import find_hold_up
from optimizer.errors import SolverError

TIMES = st.integers(1, 5).flatmap(
    lambda exits: st.integers(exits, 6).flatmap(
        lambda units: arrays(float, (units, exits), elements=st.integers(1, 9))
    )
)


def test_two_exits_that_one_unit_alone_can_close_in_time() -> None:
    """Unit 2 could close exit 2 at once, but of exits 0 and 1 only unit 0 is there before 7."""
    times = np.array([[1.0, 2.0, 9.0], [7.0, 8.0, 9.0], [9.0, 9.0, 1.0]])
    found = find_hold_up(times, 7.0)
    assert found.exits.tolist() == [0, 1]
    assert found.units.tolist() == [0]


def test_a_time_that_is_not_the_soonest_is_refused() -> None:
    with pytest.raises(SolverError, match="can be closed before"):
        find_hold_up(np.array([[1.0]]), 2.0)


@given(TIMES)
def test_every_seal_has_a_hold_up(times: np.ndarray) -> None:
    """Fewer units than exits, and no other unit is there in time: nobody can be sooner."""
    latest_s = assign_units(times).latest_s
    assert latest_s is not None
    found = find_hold_up(times, latest_s)
    assert len(found.units) == len(found.exits) - 1
    others = np.setdiff1d(np.arange(len(times)), found.units)
    assert (times[np.ix_(others, found.exits)] >= latest_s).all()
