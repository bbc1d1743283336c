"""A proof under way: the best plan so far, what any plan can reach at most, and the clock."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from optimizer.errors import SolverError
from optimizer.siting.model import Model
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.solution import TOLERANCE, SitingSolution, relative_room

if TYPE_CHECKING:
    from optimizer.siting.covering.certificate import ProofTree

Progress = Callable[[str], None]
SLACK_OF_WHOLE = 1e-4


class Proof:
    """Plans are judged on the whole problem, bounds only ever tighten, neither crosses the other.

    Parameters
    ----------
    problem, model
        The whole problem and what is asked of it.
    gap
        Relative gap at which the proof is good enough.
    time_limit_s
        From now.
    progress
        Told one sentence after each stage.
    certified
        Whether to keep what is shown in `tree`, as far as the method can.
    """

    def __init__(
        self,
        problem: SitingProblem,
        model: Model,
        gap: float,
        time_limit_s: float,
        progress: Progress | None,
        *,
        certified: bool = False,
    ) -> None:
        self.problem, self.model, self.certified = problem, model, certified
        self.tree: ProofTree | None = None
        self.sites: Indices = np.zeros(0, dtype=np.int64)
        self.sign = 1.0 if model.sense == "max" else -1.0
        self.value = -self.sign * math.inf
        self.bound = self.sign * math.inf
        self.whole = model.is_whole(problem)
        self.wanted_gap, self._progress = gap, progress
        self._started = time.perf_counter()
        self._deadline = self._started + time_limit_s

    def on(
        self,
        problem: SitingProblem,
        model: Model,
        *,
        gap: float | None = None,
        share: float = 1.0,
    ) -> Proof:
        """Begin a proof of another problem or model, in a share of the time left."""
        wanted = self.wanted_gap if gap is None else gap
        return Proof(problem, model, wanted, share * self.seconds_left(), self._progress)

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return math.isfinite(self.value)

    @property
    def gap(self) -> float:
        """|bound - value| / |value|; 0 where both are 0."""
        return relative_room(self.value, self.bound) if self.found else math.inf

    @property
    def better(self) -> float:
        """The least different value of a plan that is worth finding."""
        step = 1 - TOLERANCE if self.whole else TOLERANCE * abs(self.value)
        return self.value + self.sign * step

    @property
    def good_enough(self) -> float:
        """A bound this tight proves the gap asked for."""
        return self.value + self.sign * self.wanted_gap * abs(self.value)

    @property
    def of_interest(self) -> float:
        """Where more is better: what covers no more than this needs no search."""
        if self.whole:
            return math.floor(self.good_enough + TOLERANCE) + 1 - SLACK_OF_WHOLE
        return self.good_enough + TOLERANCE / 2 * abs(self.value)

    def is_good(self) -> bool:
        """Whether the gap asked for is proven."""
        return self.found and self.sign * (self.bound - self.good_enough) <= 0

    def seconds_left(self) -> float:
        """Until the time limit."""
        return self._deadline - time.perf_counter()

    def out_of_time(self) -> bool:
        """Whether the time limit has passed."""
        return self.seconds_left() <= 0

    def offer(self, sites: npt.NDArray[np.integer[Any]]) -> bool:
        """Take a plan of the whole problem if the data say that it is better; whether it was.

        Raises
        ------
        SolverError
            If the plan breaks a rule.
        """
        broken = self.model.broken_rules(self.problem, sites)
        if broken:
            raise SolverError(f"A plan breaks its own rules: {'; '.join(broken)}.")
        value = self.model.value(self.problem, sites)
        better = self.sign * (value - self.value) > 0
        if better:
            self.sites, self.value = np.asarray(sites, dtype=np.int64), value
            self.bound = self.sign * max(self.sign * self.bound, self.sign * value)
        return better

    def limit(self, bound: float) -> None:
        """Take a bound on all plans if it is tighter.

        Where values are whole its fraction is dropped; else a millionth does not count, so that it
        may fall on the value of the plan, or on what is good enough.
        """
        signed = self.sign * bound
        if self.whole and math.isfinite(signed):
            signed = math.floor(signed + TOLERANCE)
        elif self.found:
            for goal in (self.sign * self.good_enough, self.sign * self.value):
                if 0 < signed - goal <= TOLERANCE * abs(self.value):
                    signed = goal
        signed = min(signed, self.sign * self.bound)
        self.bound = self.sign * (max(self.sign * self.value, signed) if self.found else signed)

    def settle(self) -> None:
        """Nothing better than the plan at hand exists."""
        self.limit(self.value)

    def say(self, stage: str) -> None:
        """Report how far the proof is."""
        if self._progress is None:
            return
        if not self.found:
            standing = "no plan yet"
        else:
            room = f"at most {100 * self.gap:.3f} % better possible"
            proven = room if math.isfinite(self.gap) else "nothing proven yet"
            standing = f"{self.model.name} {self.value:,.6g}, {proven}"
        self._progress(f"{stage}: {standing}")

    def solution(self, seed: int, solver: str, *, interrupted: bool = False) -> SitingSolution:
        """Write down what has been shown."""
        return SitingSolution(
            problem=self.problem,
            model=self.model,
            sites=self.sites,
            status="optimal" if self.is_good() else "feasible",
            bound=self.bound,
            gap=self.gap,
            seconds=time.perf_counter() - self._started,
            seed=seed,
            solver=solver,
            interrupted=interrupted,
        )
