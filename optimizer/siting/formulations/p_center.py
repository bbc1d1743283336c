"""The p-center problem.

With D_1 < D_2 < ... < D_K the different travel times, D_1 the least that any plan can keep (the
greatest time of a point from its own nearest site), and z_k = 1 where the plan takes longer than
D_k for some point:

minimise    D_1 + sum_{k < K} (D_k+1 - D_k) z_k
subject to  z_k + sum_{i: t_ij <= D_k} y_i >= 1     for every demand point j with w_j > 0, every k
            z_k >= z_k+1,  z_K = 0
            sum_{i in region r} y_i = p_r           for every region r
            y_i = 1 (kept),  y_i = 0 (forbidden)
            sum_{i previous} (1 - y_i) <= max_moves
            y_i in {0, 1},  0 <= z_k <= 1

For each point only the last k before another site comes within reach is written: it implies those
before. The model is a check on small problems; a search over the times by covering is far faster.

Sources: Hakimi 1965, doi:10.1287/opre.13.3.462; Elloumi, Labbe & Pochet 2004,
doi:10.1287/ijoc.1030.0028.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from optimizer.siting.feasibility import count_faults, demand_faults, out_of_reach, rule_clashes
from optimizer.siting.formulations.choice import SiteChoice
from optimizer.siting.formulations.p_median import has_whole_times, rings, time_faults, unreached
from optimizer.siting.model import Sense
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.travel.ways import nearest_s, ways_of
from optimizer.solvers.backend import Backend


@dataclasses.dataclass(frozen=True, slots=True)
class PCenter:
    """Make the longest travel time from the nearest platform least.

    Every demand point with weight counts alike; one of weight 0 asks for nothing.
    """

    name: str = dataclasses.field(default="pcenter", init=False)
    sense: Sense = dataclasses.field(default="min", init=False)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        return [*count_faults(problem), *demand_faults(problem), *time_faults(problem)]

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        return rule_clashes(problem) or list(out_of_reach(problem))

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Longest time from the nearest site; inf where a point is not reached."""
        return float(nearest_s(problem, sites)[problem.weight > 0].max())

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        return [*problem.broken_rules(sites), *unreached(problem, sites)]

    def is_whole(self, problem: SitingProblem) -> bool:
        """Whether all times are whole numbers."""
        return has_whole_times(problem)

    def formulate(self, problem: SitingProblem, backend: Backend) -> TimeSteps:
        """Write the model down on an empty back end."""
        return TimeSteps(problem, backend)


class TimeSteps:
    """The model of one problem on one back end.

    Parameters
    ----------
    problem
        What to decide.
    backend
        An empty model to write it into.
    """

    def __init__(self, problem: SitingProblem, backend: Backend) -> None:
        self._problem = problem
        self._choice = SiteChoice(problem, backend)
        ways = ways_of(problem, problem.travel_s)
        points = np.flatnonzero(problem.weight > 0)
        least = ways.point_costs[ways.point_ptr[points]].max()
        self._times = np.unique(ways.point_costs[ways.point_costs >= least])
        last = len(self._times) - 1
        longer = [backend.binary(f"z{k}", implied=True) for k in range(last)]
        for k in range(last - 1):
            backend.require(longer[k] >= longer[k + 1])
        for j in points.tolist():
            sites, times, starts = rings(ways, j)
            steps = np.searchsorted(self._times, times[1:])
            for step, end in zip((*steps, last + 1), starts[1:], strict=True):
                near = self._choice.among(sites[:end])
                if step > last:
                    backend.require(near >= 1)
                elif step > 0:
                    backend.require(longer[step - 1] + near >= 1)
        jumps = np.diff(self._times).tolist()
        backend.minimize(backend.weighted_sum(longer, jumps) + float(self._times[0]))

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        longest = nearest_s(self._problem, sites)[self._problem.weight > 0].max()
        longer = np.flatnonzero(self._times < longest)
        return self._choice.start(sites) | {f"z{k}": 1.0 for k in longer}

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        return self._choice.sites(values)
