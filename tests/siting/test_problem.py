"""A problem is frozen, checked data: it copies, refuses what cannot be, and judges plans."""

import numpy as np
import pytest

from optimizer.errors import InputError

from .small_problems import flags, problem_of


def test_arrays_are_copied_and_read_only(riverside):
    weight = np.array([1.0, 2.0, 3.0, 4.0])
    problem = riverside.replace(weight=weight)
    weight[0] = 99
    assert problem.weight[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        problem.weight[0] = 5


def test_what_is_left_out_means_one_region_and_no_rules(riverside):
    assert riverside.region.tolist() == [0, 0, 0]
    assert riverside.budgets.tolist() == [2]
    assert riverside.region_names == ("all",)
    assert not (riverside.keep | riverside.forbidden | riverside.previous).any()


def test_replacing_the_count_replaces_the_one_budget(riverside):
    assert riverside.replace(count=1).budgets.tolist() == [1]


def test_covered_weight_counts_each_point_once(riverside):
    assert riverside.covered_weight([1]) == 10
    assert riverside.covered_weight([0, 1]) == 15
    assert riverside.covered_by([0, 1]).tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weight": [1.0, 2.0]}, "weight has shape"),
        ({"weight": [1, 2, -3, np.nan]}, "'D2' has weight -3.0 .2 such points"),
        ({"demand": [0, 1, 1, 2, 2, 9]}, "names demand point 9"),
        ({"demand": [0, 1, 2, 1, 2, 3]}, "site 'S1' are not in ascending order"),
        ({"demand": [0, 1, 1, 1, 2, 3]}, "site 'S1' are not in ascending order"),
        ({"indptr": [0, 4, 2, 6]}, "does not start at 0 and ascend"),
        ({"site_ids": np.array(["a", "b", "a"], object)}, "site id 'a' is used twice"),
        ({"budgets": [1, 3]}, "add up to count = 2"),
        ({"region": [0, 1, 0]}, "region outside 0..0"),
        ({"max_moves": -1}, "max_moves = -1"),
        ({"region_names": ("a", "b")}, "2 region names stand beside 1 budgets"),
    ],
)
def test_every_fault_is_a_sentence(riverside, changes, sentence):
    with pytest.raises(InputError, match=sentence):
        riverside.replace(**changes)


def test_all_faults_are_told_at_once(riverside):
    with pytest.raises(InputError) as caught:
        riverside.replace(weight=[1, 2, -3, 4], max_moves=-1, demand=[0, 1, 1, 2, 2, 9])
    assert len(caught.value.faults) == 3


def test_broken_rules_are_named():
    problem = problem_of(
        [{0}, {0}, {0}, {0}],
        [1],
        2,
        region=[0, 0, 1, 1],
        budgets=[1, 1],
        region_names=("city", "county"),
        keep=flags(4, 0),
        forbidden=flags(4, 3),
        previous=flags(4, 0, 2),
        max_moves=0,
    )
    assert problem.broken_rules([0, 2]) == []
    broken = "; ".join(problem.broken_rules([1, 3]))
    assert "kept site is closed" in broken
    assert "forbidden site is open" in broken
    assert "more previous sites are closed than max_moves = 0" in broken
    assert "'city' has 2 sites, not 1" in "; ".join(problem.broken_rules([0, 1, 2]))
    assert problem.broken_rules([0, 0]) == ["a site is opened twice"]
