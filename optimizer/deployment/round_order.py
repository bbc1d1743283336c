"""The quickest order of one round's stops, or the time that no order goes below."""

from __future__ import annotations

import numpy as np

from optimizer.deployment.exact_rounds import exact_rounds
from optimizer.deployment.round_problem import RoundProblem

MOST_ORDERED = 15
"""Visits of one round that are tried in every order; with one more, time and memory double."""


def quickest_order(problem: RoundProblem, visits: list[int]) -> tuple[list[int], int]:
    """Put the stops of a round into their quickest order, as far as that can be proven.

    Lines may be driven along in their other direction.

    Parameters
    ----------
    visits
        A round that fits, in the order in which it was found.

    Returns
    -------
    A round past the same targets, and seconds that no round past them goes below.
    """
    same = np.flatnonzero(np.isin(problem.target, problem.target[visits]))
    if len(same) > MOST_ORDERED:
        return visits, _least_s(problem.take(same))
    ordered: list[int] = same[exact_rounds(problem.take(same), 1)[0]].tolist()
    least_s = problem.duration_s(ordered)
    return (ordered if least_s < problem.duration_s(visits) else visits), least_s


def _least_s(problem: RoundProblem) -> int:
    """Bound the round past all targets: each is left once and entered once, whoever is next.

    The assignment relaxation of the round: Balas & Toth 1985, in The Traveling Salesman Problem.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    targets, of_visit = np.unique(problem.target, return_inverse=True)
    place = np.concatenate([[0], of_visit + 1])
    never = problem.limit_s + 1
    way_s = np.full((len(targets) + 1,) * 2, never)
    np.minimum.at(way_s, (place[:, None], place[None, :]), problem.travel_s)
    np.fill_diagonal(way_s, never)
    service_s = np.full(len(targets), never)
    np.minimum.at(service_s, of_visit, problem.service_s)
    return int(way_s[linear_sum_assignment(way_s)].sum() + service_s.sum())
