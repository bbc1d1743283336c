"""The greedy choice of sites: what a plan without search or proof would be."""

from __future__ import annotations

import numpy as np

from optimizer.siting.cover import rules_of
from optimizer.siting.covering.local_search import greedy
from optimizer.siting.covering.reduce import completed, remainder_of
from optimizer.siting.problem import Indices, SitingProblem


def greedy_sites(problem: SitingProblem) -> Indices:
    """Open, one at a time, the site that adds most; indices of the sites, ascending, shape (p,).

    Raises
    ------
    InfeasibleError
        If no plan keeps every rule.
    """
    rest = remainder_of(problem)
    chosen = rest.sites[greedy(rest.cover, rules_of(rest.problem))]
    return np.sort(completed(problem, np.concatenate([rest.opened, chosen]), problem.budgets))
