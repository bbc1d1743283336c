"""A siting plan with its proof, which evaluates itself from the data and knows no solver."""

from __future__ import annotations

import dataclasses
import math
from typing import Literal

import numpy as np

from optimizer.errors import SolverError
from optimizer.siting.model import Model
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
    problem, model
        What was asked.
    sites
        Sites to open, ascending [p]; a site with k units appears k times.
    status, bound, gap
        What is proven: no plan is better than `bound`; gap = |bound - objective| / |objective|.
    seconds, seed, solver
        How it was found.
    interrupted
        Whether Ctrl-C ended the search; plan and bound are as good as they were by then.

    Raises
    ------
    SolverError
        If the sites break a rule of the problem, or are better than the bound allows.
    """

    problem: SitingProblem
    model: Model
    sites: Indices
    status: Literal["optimal", "feasible"]
    bound: float
    gap: float
    seconds: float
    seed: int
    solver: str
    interrupted: bool = False
    objective: float = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        sites = np.sort(np.asarray(self.sites, dtype=np.int64))
        sites.setflags(write=False)
        object.__setattr__(self, "sites", sites)
        object.__setattr__(self, "objective", self.model.value(self.problem, sites))
        broken = self.model.broken_rules(self.problem, sites)
        if broken:
            raise SolverError(f"The plan breaks its own rules: {'; '.join(broken)}.")
        sign = 1.0 if self.model.sense == "max" else -1.0
        if sign * (self.objective - self.bound) > TOLERANCE * max(1.0, abs(self.bound)):
            raise SolverError(
                f"The plan reaches {self.objective}, better than the bound {self.bound} that was "
                "called proven: the solver's answer contradicts the data."
            )

    def require_end(self) -> None:
        """Pass Ctrl-C on, where half a search is of no use.

        Raises
        ------
        KeyboardInterrupt
            If the search was interrupted.
        """
        if self.interrupted:
            raise KeyboardInterrupt

    def covered(self) -> Flags:
        """Which demand points an open site reaches within their standard [n]."""
        return self.problem.covered_by(self.sites)

    def covered_weight(self) -> float:
        """Weight of the covered demand points."""
        return self.problem.covered_weight(self.sites)

    def covered_share(self) -> float:
        """Share of all demand weight that is covered, 0 to 1."""
        return self.covered_weight() / self.problem.total_weight


def relative_room(value: float, bound: float) -> float:
    """|bound - value| / |value|; 0 where both are 0."""
    room = abs(bound - value)
    return room / abs(value) if value else (0.0 if not room else math.inf)
