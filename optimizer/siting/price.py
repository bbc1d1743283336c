"""What floors cost: the best plan without them beside the best that keeps them."""

from __future__ import annotations

import dataclasses

from optimizer.errors import InputError
from optimizer.siting.formulations.floor import FlooredCovering
from optimizer.siting.front_door import solve
from optimizer.siting.problem import SitingProblem
from optimizer.siting.proof import Progress
from optimizer.siting.solution import SitingSolution


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PriceOfFloors:
    """Two plans for the same problem, and the covered weight between them.

    Parameters
    ----------
    free, floored
        The best plans without and with the floors, each with its proof.
    """

    free: SitingSolution
    floored: SitingSolution

    @property
    def weight(self) -> float:
        """Covered weight that the floors cost, between the two plans found."""
        return self.free.objective - self.floored.objective

    @property
    def share(self) -> float:
        """The same as a share of all weight."""
        return self.weight / self.free.problem.total_weight

    @property
    def proven(self) -> tuple[float, float]:
        """Least and greatest weight that the floors can cost, whatever the gaps of the proofs."""
        least = max(0.0, self.free.objective - self.floored.bound)
        return least, self.free.bound - self.floored.objective


def price_of_floors(
    problem: SitingProblem,
    model: FlooredCovering,
    *,
    gap: float = 0.001,
    time_limit_s: float = 120.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> PriceOfFloors:
    """Solve a problem without floors and with them.

    Parameters
    ----------
    problem, model
        What to decide, and its floors.
    gap, seed, progress
        Of each of the two proofs.
    time_limit_s
        Wall seconds for each of them.

    Raises
    ------
    InputError
        If the floors make no sense for the problem.
    InfeasibleError
        If no plan keeps every floor, saying how far any goes.
    """
    faults = model.faults(problem)
    if faults:
        raise InputError(faults)
    free = solve(problem, gap=gap, time_limit_s=time_limit_s, seed=seed, progress=progress)
    free.require_end()
    if not model.broken_rules(problem, free.sites):
        return PriceOfFloors(free, dataclasses.replace(free, model=model))
    floored = solve(
        problem, model, gap=gap, time_limit_s=time_limit_s, seed=seed, progress=progress
    )
    return PriceOfFloors(free, floored)
