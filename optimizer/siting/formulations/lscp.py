"""The location set covering problem.

minimise    sum_i y_i
subject to  sum_{i covers j} y_i >= 1            for every demand point j with w_j > 0
            y_i = 1 (kept),  y_i = 0 (forbidden)
            sum_{i previous} (1 - y_i) <= max_moves
            y_i in {0, 1}

Source: Toregas, Swain, ReVelle & Bergman 1971, The location of emergency service facilities,
doi:10.1287/opre.19.6.1363.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from optimizer.siting.cover import Cover, cover_of
from optimizer.siting.feasibility import demand_faults, kept_and_forbidden, out_of_reach
from optimizer.siting.model import Sense
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.wording import counted
from optimizer.solvers import Backend


@dataclasses.dataclass(frozen=True, slots=True)
class SetCovering:
    """Cover every demand point with the fewest platforms.

    The number of platforms is the answer: `count` and `budgets` of the problem are not read. Kept
    sites open and count; a demand point of weight 0 asks for nothing, as in every other model.
    """

    name: str = dataclasses.field(default="lscp", init=False)
    sense: Sense = dataclasses.field(default="min", init=False)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        return demand_faults(problem)

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        clashes = [*kept_and_forbidden(problem), *out_of_reach(problem)]
        can_stay = int((problem.previous & ~problem.forbidden).sum())
        if can_stay < problem.least_kept_previous:
            before = int(problem.previous.sum())
            clashes.append(
                f"max_moves = {problem.max_moves}, but of {counted(before, 'previous site')} only "
                f"{can_stay} may open: raise max_moves to {before - can_stay}."
            )
        return clashes

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:  # noqa: ARG002
        """Count the sites."""
        return float(np.size(sites))

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        twice = len(np.unique(np.asarray(sites))) < np.size(sites)
        broken = ["a site is opened twice"] * twice + problem.broken_site_rules(sites)
        missed = int((~problem.covered_by(sites) & (problem.weight > 0)).sum())
        if missed:
            broken.append(f"{missed} demand points are not covered")
        return broken

    def is_whole(self, problem: SitingProblem) -> bool:  # noqa: ARG002
        """Every plan has a whole number of sites."""
        return True

    def formulate(self, problem: SitingProblem, backend: Backend) -> LSCP:
        """Write the model down on an empty back end."""
        return LSCP(problem, cover_of(problem), backend)


class LSCP:
    """The model of one problem on one back end.

    Parameters
    ----------
    problem, cover
        What to decide, and its arrays.
    backend
        An empty model to write it into.
    """

    def __init__(self, problem: SitingProblem, cover: Cover, backend: Backend) -> None:
        self._site_count = problem.site_count
        y = [backend.binary(f"y{i}") for i in range(problem.site_count)]
        backend.minimize(backend.sum(y))
        for j in np.flatnonzero(problem.weight > 0):
            near = cover.point_sites[cover.point_ptr[j] : cover.point_ptr[j + 1]]
            backend.require(backend.sum([y[i] for i in near]) >= 1)
        for i in np.flatnonzero(problem.keep):
            backend.require(y[i] >= 1)
        for i in np.flatnonzero(problem.forbidden):
            backend.require(y[i] <= 0)
        if problem.least_kept_previous:
            stay = backend.sum([y[i] for i in np.flatnonzero(problem.previous)])
            backend.require(stay >= problem.least_kept_previous)

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        return {f"y{i}": 1.0 for i in sites}

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        opened = [i for i in range(self._site_count) if values.get(f"y{i}", 0.0) > 0.5]
        return np.array(opened, dtype=np.int64)
