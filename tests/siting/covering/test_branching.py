"""Sets to split on are free, half open in sum, alike, and found in the same order every time."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimizer.siting.cover import cover_of
from optimizer.siting.covering.branching import neighbourhoods

from ..small_problems import problem_of, problems


def test_sites_that_are_alike_are_split_off_together():
    """Two towns of two sites each; each town's sites are open by a quarter, in sum by a half."""
    towns = problem_of([{0, 1, 2}, {0, 1, 3}, {4, 5, 6}, {4, 5, 7}], np.ones(8), 1)
    every = np.ones(4, dtype=bool)
    sets = neighbourhoods(cover_of(towns), every, np.full(4, 0.25), 5)
    assert sorted(sorted(some.tolist()) for some in sets) == [[0, 1], [2, 3]]


def test_only_free_sites_are_split_on():
    towns = problem_of([{0, 1, 2}, {0, 1, 3}, {4, 5, 6}, {4, 5, 7}], np.ones(8), 1)
    free = np.array([True, False, True, True])
    sets = neighbourhoods(cover_of(towns), free, np.full(4, 0.25), 5)
    assert [0] in [some.tolist() for some in sets]
    assert not any(1 in some for some in sets)


@pytest.mark.parametrize("degrees", [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
def test_where_all_is_whole_the_site_open_most_is_asked_about(riverside, degrees):
    sets = neighbourhoods(cover_of(riverside), np.ones(3, dtype=bool), np.array(degrees), 3)
    assert [some.tolist() for some in sets] == [[int(np.argmax(degrees))]]


@given(problem=problems(), data=st.data())
@settings(max_examples=40)
def test_every_set_is_of_free_sites_and_splits_them(problem, data):
    m = problem.site_count
    degree = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
    degrees = np.array(data.draw(st.lists(degree, min_size=m, max_size=m)))
    free = np.array(data.draw(st.lists(st.booleans(), min_size=m, max_size=m)))
    reached = np.array([problem.covered_weight([i]) > 0 for i in range(m)])
    free &= reached
    assume(free.any())
    wanted = data.draw(st.integers(1, 4))
    sets, again = (neighbourhoods(cover_of(problem), free, degrees, wanted) for _ in range(2))
    assert [some.tolist() for some in sets] == [some.tolist() for some in again]
    assert 1 <= len(sets) <= wanted
    assert len({tuple(some.tolist()) for some in sets}) == len(sets)
    for some in sets:
        assert len(some)
        assert free[some].all()
        assert len(set(some.tolist())) == len(some)
