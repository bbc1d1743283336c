"""Which sites open: the 0/1 variables and the rules that every location model shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from optimizer.siting.cover import Cover
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.solvers.backend import Backend, Expression, Variable


class SiteChoice:
    """The variables y of one problem on one back end, under its rules.

    sum_{i in region r} y_i = p_r for every region r;  y_i = 1 (kept),  y_i = 0 (forbidden);
    sum_{i previous} (1 - y_i) <= max_moves.

    Parameters
    ----------
    problem
        Holds the rules.
    backend
        The model to write them into.
    """

    def __init__(self, problem: SitingProblem, backend: Backend) -> None:
        self._backend = backend
        self.variables: list[Variable] = [
            backend.binary(f"y{i}") for i in range(problem.site_count)
        ]
        for r, budget in enumerate(problem.budgets.tolist()):
            backend.require(self.among(np.flatnonzero(problem.region == r)) == budget)
        for i in np.flatnonzero(problem.keep):
            backend.require(self.variables[i] >= 1)
        for i in np.flatnonzero(problem.forbidden):
            backend.require(self.variables[i] <= 0)
        if problem.least_kept_previous:
            stay = self.among(np.flatnonzero(problem.previous))
            backend.require(stay >= problem.least_kept_previous)

    def among(self, sites: Iterable[int]) -> Expression:
        """How many of the given sites open."""
        return self._backend.sum([self.variables[i] for i in sites])

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        return {f"y{i}": 1.0 for i in sites}

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        opened = [i for i in range(len(self.variables)) if values.get(f"y{i}", 0.0) > 0.5]
        return np.array(opened, dtype=np.int64)


def covered_variables(choice: SiteChoice, cover: Cover, backend: Backend) -> list[Variable]:
    """Add 0 <= z_j <= 1 for every point, with z_j <= sum_{i covers j} y_i."""
    z = [backend.binary(f"z{j}", implied=True) for j in range(len(cover.weight))]
    for j, covered in enumerate(z):
        near = cover.point_sites[cover.point_ptr[j] : cover.point_ptr[j + 1]]
        backend.require(covered <= choice.among(near))
    return z
