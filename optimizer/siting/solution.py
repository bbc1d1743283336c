"""A siting plan with its proof, which evaluates itself from the data and knows no solver."""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np

from optimizer.errors import SolverError
from optimizer.siting.problem import Flags, Indices, SitingProblem

TOLERANCE = 1e-6


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SitingSolution:
    """The sites to open, and how good any other plan could be at most.

    `status` is "optimal" where the gap is at most the gap that was asked for, as with any
    mixed-integer solver: the plan is proven to be within that gap of the best, and `gap` says how
    tight the proof really is (0: nothing better exists). Otherwise it is "feasible".

    Parameters
    ----------
    problem
        What was asked.
    sites
        Sites to open, ascending [p].
    status, bound, gap
        What is proven: no plan covers more than `bound`; gap = (bound - objective) / objective.
    seconds, seed, solver
        How it was found.

    Raises
    ------
    SolverError
        If the sites break a rule of the problem, or cover more than the bound allows.
    """

    problem: SitingProblem
    sites: Indices
    status: Literal["optimal", "feasible"]
    bound: float
    gap: float
    seconds: float
    seed: int
    solver: str
    objective: float = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        sites = np.sort(np.asarray(self.sites, dtype=np.int64))
        sites.setflags(write=False)
        object.__setattr__(self, "sites", sites)
        object.__setattr__(self, "objective", self.covered_weight())
        broken = self.problem.broken_rules(sites)
        if broken:
            raise SolverError(f"The plan breaks its own rules: {'; '.join(broken)}.")
        if self.objective > self.bound + TOLERANCE * max(1.0, abs(self.bound)):
            raise SolverError(
                f"The plan covers {self.objective}, more than the bound {self.bound} that was "
                "called proven: the solver's answer contradicts the data."
            )

    def covered(self) -> Flags:
        """Which demand points an open site reaches within their standard [n]."""
        return self.problem.covered_by(self.sites)

    def covered_weight(self) -> float:
        """Weight of the covered demand points."""
        return self.problem.covered_weight(self.sites)

    def covered_share(self) -> float:
        """Share of all demand weight that is covered, 0 to 1."""
        return self.covered_weight() / self.problem.total_weight
