"""The points within a radius are those whose distance says so: not one more, not one fewer."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

from optimizer.errors import InputError
from optimizer.siting import points_within
from optimizer.siting.reach import radius

small = st.integers(-6, 6)
places = st.lists(st.tuples(small, small), max_size=12)


def by_distance(sites, points, radius: float, *, strict: bool = False) -> list[list[int]]:
    """The answer by its definition: every distance, compared."""
    sites, points = np.reshape(sites, (-1, 2)), np.reshape(points, (-1, 2))
    distance = np.hypot(*(sites[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    near = distance < radius if strict else distance <= radius
    return [np.flatnonzero(row).tolist() for row in near]


def found(sites, points, radius: float, **options) -> list[list[int]]:
    sites, points = np.reshape(sites, (-1, 2)), np.reshape(points, (-1, 2))
    indptr, demand = points_within(sites, points, radius, **options)
    return [demand[start:end].tolist() for start, end in itertools.pairwise(indptr)]


def test_a_point_exactly_on_the_circle_is_covered_unless_strict():
    """3-4-5: eight points of a whole-number circle, the corner beside it, the centre."""
    points = [(3, 4), (-3, 4), (4, -3), (5, 0), (0, -5), (4, 4), (0, 0), (3, 3)]
    assert found([(0, 0)], points, 5) == [[0, 1, 2, 3, 4, 6, 7]]
    assert found([(0, 0)], points, 5, strict=True) == [[6, 7]]
    far = np.array([(7_000_003, 4_000_004), (7_000_004, 4_000_004)])
    assert found([(7_000_000, 4_000_000)], far, 5) == [[0]]


@given(sites=places, points=places, radius=st.integers(0, 9), strict=st.booleans())
@settings(max_examples=200)
def test_whole_numbers_agree_with_every_distance(sites, points, radius, strict):
    """On so small a grid many points lie exactly on a circle."""
    assert found(sites, points, radius, strict=strict) == by_distance(
        sites, points, radius, strict=strict
    )


@given(
    scale=st.sampled_from([1e-150, 1e-9, 0.1, 1.0, 1e5, 1e140]),
    shift=st.sampled_from([0.0, 0.1, 5e6]),
    sites=places,
    points=places,
    radius=st.integers(0, 9),
)
@settings(max_examples=200)
@example(scale=0.1, shift=0.0, sites=[(0, 0)], points=[(3, 4), (1, 0)], radius=5)
@example(scale=1e-9, shift=5e6, sites=[(0, 0), (1, 1)], points=[(3, 4)], radius=5)
def test_numbers_of_any_size_agree_with_every_distance(scale, shift, sites, points, radius):
    """Tenths, fractions of what a coordinate can tell apart, squares that overflow or vanish."""
    sites = np.reshape(sites, (-1, 2)) * scale + shift
    points = np.reshape(points, (-1, 2)) * scale + shift
    assert found(sites, points, radius * scale) == by_distance(sites, points, radius * scale)


def test_many_points_agree_with_a_tree_and_do_not_depend_on_threads(monkeypatch):
    rng = np.random.default_rng(5)
    sites, points = rng.uniform(0, 30, (60, 2)), rng.uniform(-4, 34, (20_000, 2))
    monkeypatch.setattr(radius, "BLOCK", 1_500)
    alone = points_within(sites, points, 3.25, workers=1)
    together = points_within(sites, points, 3.25, workers=3)
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))
    near = KDTree(points).query_ball_point(sites, 3.25, return_sorted=True)
    assert found(sites, points, 3.25) == [list(row) for row in near]


def test_one_site_far_from_all_others_is_no_hindrance():
    rng = np.random.default_rng(6)
    sites = np.concatenate([[[0.0, 0.0]], 4e6 + rng.uniform(0, 30, (40, 2))])
    points = np.concatenate([[[1.0, 1.0]], 4e6 + rng.uniform(0, 30, (300, 2))])
    assert found(sites, points, 4) == by_distance(sites, points, 4)


def test_arrays_are_taken_as_they_are():
    """Read-only, in columns, in single precision, lists; no sites, no points."""
    points = np.asfortranarray(np.array([[0, 0], [2, 0]], dtype=np.float32))
    points.setflags(write=False)
    assert found([[0, 0], [1, 0]], points, 1) == [[0], [0, 1]]
    assert found(np.zeros((0, 2)), points, 1) == []
    assert found([[0, 0]], np.zeros((0, 2)), 1) == [[]]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"radius": -1}, "The radius is -1: give a number from 0"),
        ({"radius": np.nan}, "The radius is nan"),
        ({"radius": np.inf}, "The radius is inf"),
        ({"sites": [[0, np.nan], [1, 1]]}, r"Site 0, .* lies at \(0.0, nan\) \(1 such sites\)"),
        ({"sites": [[0, 1e200]]}, "at most 1e.150 in size"),
        ({"sites": [1, 2, 3]}, r"sites have shape \(3,\)"),
        ({"points": [[0, 0], [np.inf, 0], [np.nan, 0]]}, r"Point 1, .*inf, 0.0\) \(2 such points"),
        ({"points": [[1, 2, 3]]}, r"points have shape \(1, 3\)"),
    ],
)
def test_every_fault_is_a_sentence(changes, sentence):
    asked = {"sites": [[0, 0]], "points": [[0, 0]], "radius": 1} | changes
    with pytest.raises(InputError, match=sentence) as caught:
        points_within(asked["sites"], asked["points"], asked["radius"])
    assert len(caught.value.faults) == 1


def test_all_faults_are_told_at_once():
    with pytest.raises(InputError) as caught:
        points_within([[0, np.nan]], [[np.inf, 0]], -1)
    assert len(caught.value.faults) == 3
