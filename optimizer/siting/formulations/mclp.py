"""The maximal covering location problem.

maximise    sum_j w_j z_j
subject to  z_j <= sum_{i covers j} y_i          for every demand point j
            sum_{i in region r} y_i = p_r        for every region r
            y_i = 1 (kept),  y_i = 0 (forbidden)
            sum_{i previous} (1 - y_i) <= max_moves
            y_i in {0, 1},  0 <= z_j <= 1

Source: Church & ReVelle 1974, The maximal covering location problem, doi:10.1007/BF01942293.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from optimizer.siting.cover import Cover, cover_of
from optimizer.siting.feasibility import count_faults, rule_clashes
from optimizer.siting.formulations.choice import SiteChoice, covered_variables
from optimizer.siting.model import Sense
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.solvers import Backend


@dataclasses.dataclass(frozen=True, slots=True)
class MaximalCovering:
    """Cover as much demand as the platforms can."""

    name: str = dataclasses.field(default="mclp", init=False)
    sense: Sense = dataclasses.field(default="max", init=False)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        return count_faults(problem)

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        return rule_clashes(problem)

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Weight of the demand points that the sites reach, each counted once."""
        return problem.covered_weight(sites)

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        return problem.broken_rules(sites)

    def is_whole(self, problem: SitingProblem) -> bool:
        """Whether all weights are whole numbers."""
        return problem.has_whole_weights

    def formulate(self, problem: SitingProblem, backend: Backend) -> MCLP:
        """Write the model down on an empty back end."""
        return MCLP(problem, cover_of(problem), backend)


class MCLP:
    """The model of one problem on one back end.

    Parameters
    ----------
    problem, cover
        What to decide, and its arrays.
    backend
        An empty model to write it into.
    """

    def __init__(self, problem: SitingProblem, cover: Cover, backend: Backend) -> None:
        self._problem = problem
        self._choice = SiteChoice(problem, backend)
        z = covered_variables(self._choice, cover, backend)
        backend.maximize(backend.weighted_sum(z, problem.weight.tolist()))

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        covered = np.flatnonzero(self._problem.covered_by(sites))
        return self._choice.start(sites) | {f"z{j}": 1.0 for j in covered}

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        return self._choice.sites(values)
