"""A proof under way: the best plan so far, what any plan can reach at most, and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.errors import SolverError
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.reduce import Remainder, completed
from optimizer.siting.solution import TOLERANCE, SitingSolution

Progress = Callable[[str], None]
ROUNDING = 1e-9


class Proof:
    """Plans are judged on the whole problem, bounds only ever fall, and neither crosses the other.

    Parameters
    ----------
    problem
        The whole problem.
    gap
        Relative gap at which the proof is good enough.
    time_limit_s
        From now.
    progress
        Told one sentence after each stage.
    """

    def __init__(
        self, problem: SitingProblem, gap: float, time_limit_s: float, progress: Progress | None
    ) -> None:
        self.problem = problem
        self.sites: Indices = np.zeros(0, dtype=np.int64)
        self.value = -1.0
        self.bound = problem.total_weight
        self._gap, self._progress = gap, progress
        self._started = time.perf_counter()
        self._deadline = self._started + time_limit_s
        self._whole = bool((problem.weight == np.rint(problem.weight)).all())

    @property
    def gap(self) -> float:
        """(bound - value) / value; 0 where both are 0."""
        room = self.bound - self.value
        return room / self.value if self.value > 0 else float(room > 0)

    @property
    def better(self) -> float:
        """The least value of a plan that is worth finding."""
        return self.value + (1 - TOLERANCE if self._whole else TOLERANCE * self.value)

    @property
    def good_enough(self) -> float:
        """A bound this low proves the gap asked for."""
        return self.value * (1 + self._gap)

    def is_good(self) -> bool:
        """Whether the gap asked for is proven."""
        return self.bound <= self.good_enough

    def seconds_left(self) -> float:
        """Until the time limit."""
        return self._deadline - time.perf_counter()

    def out_of_time(self) -> bool:
        """Whether the time limit has passed."""
        return self.seconds_left() <= 0

    def offer(self, rest: Remainder, plan: npt.NDArray[np.integer[Any]]) -> None:
        """Take a plan of a remainder if the data say that it is better.

        Raises
        ------
        SolverError
            If the plan breaks a rule.
        """
        sites = np.concatenate([rest.opened, rest.sites[plan]])
        sites = completed(self.problem, sites, self.problem.budgets)
        broken = self.problem.broken_rules(sites)
        if broken:
            raise SolverError(f"A plan breaks its own rules: {'; '.join(broken)}.")
        value = self.problem.covered_weight(sites)
        if value > self.value:
            self.sites, self.value = sites, value
            self.bound = max(self.bound, value)

    def limit(self, bound: float) -> None:
        """Take a bound on all better plans if it is lower.

        Whole weights drop its fraction; of others, what sums can be off by rounding is dropped.
        """
        if self._whole:
            bound = float(np.floor(bound + TOLERANCE))
        elif bound <= self.value * (1 + ROUNDING):
            bound = self.value
        self.bound = max(self.value, min(self.bound, bound))

    def say(self, stage: str) -> None:
        """Report how far the proof is."""
        if self._progress is not None:
            self._progress(
                f"{stage}: {self.value:,.6g} covered, at most {100 * self.gap:.3f} % more possible"
            )

    def solution(self, seed: int, solver: str) -> SitingSolution:
        """Write down what has been shown."""
        return SitingSolution(
            problem=self.problem,
            sites=self.sites,
            status="optimal" if self.is_good() else "feasible",
            bound=self.bound,
            gap=self.gap,
            seconds=time.perf_counter() - self._started,
            seed=seed,
            solver=solver,
        )
