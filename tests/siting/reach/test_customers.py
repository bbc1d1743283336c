"""Merging any number of customers changes the size of a problem and nothing else."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.errors import InputError
from optimizer.siting import (
    CustomerGroups,
    SitingProblem,
    merge_customers,
    merging,
    points_within,
    solve,
)
from optimizer.siting.reach import customers, tally

from ..small_problems import best_by_brute_force

small = st.integers(-6, 6)
sites = st.lists(st.tuples(small, small), min_size=1, max_size=8)
weighed = st.lists(st.tuples(small, small, st.integers(0, 9)), min_size=1, max_size=30)


def chunk(people) -> tuple[np.ndarray, ...]:
    return tuple(np.array(people, dtype=np.float64).reshape(-1, 3).T)


def merged(where, people, radius: float, **options) -> CustomerGroups:
    return merge_customers(np.reshape(where, (-1, 2)), [chunk(people)], radius, **options)


def by_sets(where, people, radius: float, *, strict: bool = False) -> dict:
    """Group by definition: the set of sites that covers -> weight, number and first customer."""
    groups: dict[frozenset, list] = {}
    for number, (x, y, weight) in enumerate(people):
        distance = [np.hypot(x - a, y - b) for a, b in where]
        near = [d < radius if strict else d <= radius for d in distance]
        group = groups.setdefault(frozenset(np.flatnonzero(near).tolist()), [0, 0, number])
        group[0] += weight
        group[1] += 1
    return {key: tuple(group) for key, group in groups.items()}


def as_sets(groups: CustomerGroups) -> dict:
    """What was found, written the same way."""
    covering: list[set] = [set() for _ in groups.weight]
    for site, (start, end) in enumerate(zip(groups.indptr, groups.indptr[1:], strict=False)):
        for group in groups.group[start:end]:
            covering[group].add(site)
    numbers = zip(groups.weight, groups.customers, groups.first, strict=True)
    return {frozenset(key): told for key, told in zip(covering, numbers, strict=True)}


def unmerged(where, people, radius: float, count: int) -> SitingProblem:
    x, y, weight = chunk(people)
    indptr, demand = points_within(np.reshape(where, (-1, 2)), np.column_stack([x, y]), radius)
    names = [np.arange(len(of)).astype(object) for of in (where, people)]
    return SitingProblem(indptr, demand, weight, *names, count)


def same(some: CustomerGroups, other: CustomerGroups) -> bool:
    names = ("indptr", "group", "weight", "customers", "first", "beyond_reach")
    return all(np.array_equal(getattr(some, name), getattr(other, name)) for name in names)


def test_a_street_of_five():
    """Sites at 0 and 6, radius 4: customers at 1, 3 (both sites), 9, 3 again, and 20 (nobody)."""
    groups = merged([(0, 0), (6, 0)], [(1, 0, 5), (3, 0, 1), (9, 0, 2), (3, 0, 7), (20, 0, 4)], 4)
    assert as_sets(groups) == {
        frozenset({0}): (5, 1, 0),
        frozenset({0, 1}): (8, 2, 1),
        frozenset({1}): (2, 1, 2),
        frozenset(): (4, 1, 4),
    }
    assert groups.beyond_reach == 3
    problem = groups.problem(1, site_ids=["west", "east"])
    plan = solve(problem, gap=0)
    assert problem.site_ids[plan.sites].tolist() == ["west"]
    assert plan.objective == 13
    assert plan.covered_share() == 13 / 19


@given(where=sites, people=weighed, radius=st.integers(0, 9), strict=st.booleans())
@settings(max_examples=200)
def test_groups_are_those_of_the_definition(where, people, radius, strict):
    groups = merged(where, people, radius, strict=strict)
    assert as_sets(groups) == by_sets(where, people, radius, strict=strict)
    assert (np.diff(groups.first[: groups.beyond_reach]) > 0).all()


@given(where=sites, people=weighed, radius=st.integers(1, 9), data=st.data())
@settings(max_examples=60)
def test_merged_and_unmerged_have_the_same_best_plan(where, people, radius, data):
    count = data.draw(st.integers(1, len(where)))
    whole = unmerged(where, people, radius, count)
    groups = merged(where, people, radius).problem(count)
    assert groups.total_weight == whole.total_weight
    assert best_by_brute_force(groups) == best_by_brute_force(whole)


@given(people=weighed, cuts=st.lists(st.integers(0, 30)), block=st.integers(1, 9), data=st.data())
@settings(max_examples=60)
def test_chunks_and_threads_do_not_show(people, cuts, block, data):
    """Not even in the last bit of weights such as 0.1 and 1e-9."""
    where = [(0, 0), (2, 1), (-3, 2)]
    x, y, weight = chunk(people)
    weight = weight * 0.1 + 1e-9
    ends = sorted({0, len(x), *(cut for cut in cuts if cut < len(x))})
    pieces = [(x[a:b], y[a:b], weight[a:b]) for a, b in itertools.pairwise(ends)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(customers, "BLOCK", block)
        whole = merge_customers(where, [(x, y, weight)], 3, workers=1)
        assert same(whole, merge_customers(where, iter(pieces), 3, workers=3))


def test_many_customers_and_threads_agree_with_the_reach_of_each(monkeypatch):
    rng = np.random.default_rng(3)
    where, people = rng.uniform(0, 30, (50, 2)), rng.uniform(-5, 35, (40_000, 2))
    weight = rng.integers(1, 101, len(people))
    monkeypatch.setattr(customers, "BLOCK", 3_000)
    pieces = [(*people[a : a + 7_000].T, weight[a : a + 7_000]) for a in range(0, 40_000, 7_000)]
    groups = merge_customers(where, pieces, 5.5, workers=3)
    assert same(groups, merge_customers(where, [(*people.T, weight)], 5.5, workers=1))
    indptr, demand = points_within(where, people, 5.5)
    sums = [weight[demand[a:b]].sum() for a, b in itertools.pairwise(indptr)]
    told = np.add.reduceat(groups.weight[groups.group], groups.indptr[:-1])
    assert told.tolist() == sums
    assert groups.weight.sum() == weight.sum()


def test_a_crowd_of_circles_through_one_cell():
    """300 sites within a hair: circles cross every cell at the rim by hundreds, five words each."""
    rng = np.random.default_rng(4)
    where = rng.uniform(0, 1e-3, (300, 2))
    angle = rng.uniform(0, 2 * np.pi, 3_000)
    rim = 1 + rng.uniform(-1.5e-3, 1.5e-3, 3_000)
    people = np.column_stack([rim * np.cos(angle), rim * np.sin(angle), np.ones(3_000)])
    groups = merged(where, people, 1.0)
    indptr, demand = points_within(where, people[:, :2], 1.0)
    covering = np.zeros((300, 3_000), dtype=bool)
    for site in range(300):
        covering[site, demand[indptr[site] : indptr[site + 1]]] = True
    sets, counts = np.unique(covering, axis=1, return_counts=True)
    assert len(groups.weight) == sets.shape[1] > 1_000
    assert sorted(groups.customers) == sorted(counts)


def test_equal_hashes_of_different_sets_are_found_out(monkeypatch):
    """With a hash that is always 0 only the comparison of the sets is left: nothing is mixed up."""
    rng = np.random.default_rng(8)
    where, people = rng.uniform(0, 9, (9, 2)), np.ones((2_000, 3))
    people[:, :2] = rng.uniform(0, 9, (2_000, 2))
    honest = merged(where, people, 2).problem(3)
    hashes = np.zeros((2_000, merging.LANES), dtype=np.uint64)
    monkeypatch.setattr(merging, "_set_hashes", lambda pointer, *_: hashes[: len(pointer) - 1])
    blind = merged(where, people, 2).problem(3)
    for plan in ([0, 1, 2], [3, 5, 8], [1, 4, 7]):
        assert blind.covered_weight(plan) == honest.covered_weight(plan)
    assert blind.total_weight == honest.total_weight


def test_more_customers_than_the_first_room_holds(monkeypatch):
    """Room for nodes grows while counting; counting goes on where it stopped."""
    monkeypatch.setattr(tally, "ROOM", 2)
    rng = np.random.default_rng(9)
    where = rng.uniform(0, 1, (40, 2))
    people = np.ones((500, 3))
    people[:, :2] = rng.uniform(0, 1, (500, 2))
    assert as_sets(merged(where, people, 0.5)) == by_sets(where, people, 0.5)


def test_nobody_and_nowhere():
    nobody = merge_customers([[0, 0]], [], 1)
    assert (len(nobody.weight), nobody.beyond_reach) == (0, None)
    nowhere = merge_customers(np.zeros((0, 2)), [chunk([(1, 1, 3)])], 1)
    assert (nowhere.customers.tolist(), nowhere.weight.tolist(), nowhere.beyond_reach) == (
        [1],
        [3],
        0,
    )


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ((np.nan, 0, 1), r"Customer 2, counted from 0, lies at \(nan, 0.0\) \(1 such"),
        ((0, -np.inf, 1), r"Customer 2, counted from 0, lies at \(0.0, -inf\)"),
        ((0, 0, -1), r"Customer 2, counted from 0, has weight -1.0"),
        ((0, 0, np.nan), "has weight nan"),
    ],
)
def test_every_fault_is_a_sentence(person, sentence):
    people = [chunk([(0, 0, 1), (1, 1, 1)]), chunk([person, (0, 0, 1)])]
    with pytest.raises(InputError, match=sentence) as caught:
        merge_customers([[0, 0]], people, 1)
    assert len(caught.value.faults) == 1


def test_numbers_at_the_end_of_the_scale():
    """Far away is beyond reach, without a warning; infinities on both sides are two faults."""
    groups = merged([(0, 0)], [(1e308, 1e308, 2), (1e308, -1e308, 1), (0, 1, 4)], 1)
    lost = groups.beyond_reach
    assert (groups.customers[lost], groups.weight[lost]) == (2, 3)
    with pytest.raises(InputError, match="2 such customers"):
        merged([(0, 0)], [(np.inf, 0, 1), (-np.inf, 0, 1)], 1)
    with pytest.raises(InputError, match=r"x of shape \(\)"):
        merge_customers([[0, 0]], [(1.0, 2.0, 3.0)], 1)


def test_all_faults_are_told_at_once():
    people = [chunk([(np.nan, 0, -1), (np.inf, 0, np.nan)]), ([1.0, 2.0], [1.0], [1.0])]
    with pytest.raises(InputError) as caught:
        merge_customers([[0, np.nan]], people, -1)
    told = "; ".join(caught.value.faults)
    assert len(caught.value.faults) == 5
    for part in ("radius is -1", "Site 0", "Customer 0", "2 such customers", "from customer 2 on"):
        assert part in told
