"""Maximal covering under several demand scenarios: day and night, seasons, bootstrap draws.

by="mean":  maximise  1/s sum_s sum_j v_sj z_j
by="worst": maximise  theta   subject to  theta <= sum_j v_sj z_j   for every scenario s
            with z_j and y_i as in maximal covering; v_sj = w_sj / sum_j w_sj (shares), or w_sj.

The mean is maximal covering on the mean weights. The worst case is the maximin criterion for a
finite set of scenarios (Kouvelis & Yu 1997, Robust Discrete Optimization and Its
Applications, doi:10.1007/978-1-4757-2620-6).
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.siting.cover import Cover, cover_of
from optimizer.siting.feasibility import count_faults, rule_clashes
from optimizer.siting.formulations.least_part import LeastPartMCLP
from optimizer.siting.formulations.mclp import MCLP
from optimizer.siting.model import Formulation, Sense
from optimizer.siting.parts.worth import Parts
from optimizer.siting.problem import SitingProblem, Weights
from optimizer.solvers import Backend


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ScenarioCovering:
    """Cover well on average, or in the worst scenario; the problem's own weights do not count.

    Parameters
    ----------
    weights
        Demand weight of each point in each scenario [s, n].
    by
        "mean" or "worst" of the scenarios.
    in_shares
        Count each scenario in shares of its own total, so that a busy one does not drown the
        others (the objective is a share, 0 to 1); otherwise in weight.
    """

    weights: Weights
    by: Literal["mean", "worst"] = "mean"
    in_shares: bool = True
    name: str = dataclasses.field(default="scenarios", init=False)
    sense: Sense = dataclasses.field(default="max", init=False)

    def __post_init__(self) -> None:
        weights = np.atleast_2d(np.array(self.weights, dtype=np.float64))
        weights.setflags(write=False)
        object.__setattr__(self, "weights", weights)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        faults = count_faults(problem)
        if self.by not in ("mean", "worst"):
            faults.append(f'by = {self.by!r} is no way to judge scenarios: "mean" or "worst".')
        if self.weights.shape[1] != problem.point_count or not len(self.weights):
            faults.append(
                f"The scenarios' weights have shape {self.weights.shape}, but there are "
                f"{problem.point_count} demand points: one row for each scenario, one column "
                "for each point."
            )
            return faults
        for s, row in enumerate(self.weights):
            wrong = np.flatnonzero(~(np.isfinite(row) & (row >= 0)))
            if wrong.size:
                faults.append(
                    f"Demand point {problem.demand_ids[wrong[0]]!r} has weight {row[wrong[0]]} in "
                    f"scenario {s} ({wrong.size} such points): weights are finite and at least 0."
                )
            elif not row.any():
                faults.append(f"Scenario {s} has no demand at all: leave it out.")
        return faults

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        return rule_clashes(problem.replace(weight=self.weights.sum(axis=0)))

    def _unit(self) -> Weights:
        """Weight that counts 1 in each scenario [s]."""
        return self.weights.sum(axis=1) if self.in_shares else np.ones(len(self.weights))

    def scenario_values(self, problem: SitingProblem, sites: npt.ArrayLike) -> Weights:
        """Share or weight covered in each scenario [s]."""
        return self.parts(problem).totals(problem.covered_by(sites))

    def mean_weight(self) -> Weights:
        """Weights under which maximal covering is the mean of the scenarios [n]."""
        return np.asarray((self.weights / self._unit()[:, None]).mean(axis=0))

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Mean or least of what is covered in the scenarios."""
        values = self.scenario_values(problem, sites)
        return float(values.mean() if self.by == "mean" else values.min())

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        return problem.broken_rules(sites)

    def is_whole(self, problem: SitingProblem) -> bool:  # noqa: ARG002 (own weights)
        """Whether every plan's objective is a whole number."""
        counted = self.mean_weight() if self.by == "mean" else self.weights
        whole_unit = self.by == "mean" or not self.in_shares
        return whole_unit and bool((counted == np.rint(counted)).all())

    def parts(self, problem: SitingProblem) -> Parts:  # noqa: ARG002 (as every such model)
        """One part for each scenario; the least of them is the objective."""
        nothing = np.zeros(len(self.weights))
        return Parts(sparse.csr_matrix(self.weights), nothing, np.zeros(0), self._unit())

    def formulate(self, problem: SitingProblem, backend: Backend) -> Formulation:
        """Write the model down on an empty back end."""
        if self.by == "mean":
            weighted = problem.replace(weight=self.mean_weight())
            return MCLP(weighted, cover_of(weighted), backend)
        return self.write(problem, cover_of(problem), self.parts(problem), backend)

    def write(
        self, problem: SitingProblem, cover: Cover, parts: Parts, backend: Backend
    ) -> LeastPartMCLP:
        """Write the worst case of a problem, whole or reduced, with these parts down."""
        return LeastPartMCLP(problem, cover, parts, backend)
