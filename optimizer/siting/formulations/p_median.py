"""The p-median problem, in radius form.

With D_j1 < D_j2 < ... < D_jK the different times of the ways to point j, and z_jk = 1 where no
site within D_jk of it is open:

minimise    sum_j w_j (D_j1 + sum_{k < K} (D_jk+1 - D_jk) z_jk)
subject to  z_jk + sum_{i: t_ij = D_jk} y_i >= z_jk-1        for all j, k, with z_j0 = 1, z_jK = 0
            sum_{i in region r} y_i = p_r                    for every region r
            y_i = 1 (kept),  y_i = 0 (forbidden)
            sum_{i previous} (1 - y_i) <= max_moves
            y_i in {0, 1},  0 <= z_jk <= 1

Every way appears once, and there is no variable for assigning a point to a site.

Sources: Hakimi 1964, doi:10.1287/opre.12.3.450; Cornuejols, Nemhauser & Wolsey 1980,
SIAM J. Alg. Disc. Meth. 1, 261-272
(radius form); Elloumi 2010, J. Comb. Optim. 19, 69-83 (as a chain).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from optimizer.siting.feasibility import count_faults, demand_faults, out_of_reach, rule_clashes
from optimizer.siting.formulations.choice import SiteChoice
from optimizer.siting.model import Sense
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.travel.ways import Ways, nearest_s, ways_of
from optimizer.solvers.backend import Backend, Variable


@dataclasses.dataclass(frozen=True, slots=True)
class PMedian:
    """Make the weighted sum of travel times from the nearest platform least.

    Every demand point with weight must be reached; one of weight 0 asks for nothing.
    """

    name: str = dataclasses.field(default="pmedian", init=False)
    sense: Sense = dataclasses.field(default="min", init=False)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        return [*count_faults(problem), *demand_faults(problem), *time_faults(problem)]

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        return rule_clashes(problem) or list(out_of_reach(problem))

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Weighted sum of the times from the nearest site; inf where one is not reached."""
        counts = problem.weight > 0
        return float(problem.weight[counts] @ nearest_s(problem, sites)[counts])

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        return [*problem.broken_rules(sites), *unreached(problem, sites)]

    def is_whole(self, problem: SitingProblem) -> bool:
        """Whether all weights and times are whole numbers."""
        return problem.has_whole_weights and has_whole_times(problem)

    def formulate(self, problem: SitingProblem, backend: Backend) -> RadiusForm:
        """Write the model down on an empty back end."""
        return RadiusForm(problem, backend)


class RadiusForm:
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
        self._ways = ways_of(problem, problem.travel_s)
        self._choice = SiteChoice(problem, backend)
        self._constant = 0.0
        chain: list[Variable] = []
        costs: list[float] = []
        for j in np.flatnonzero(problem.weight > 0):
            sites, times, starts = rings(self._ways, int(j))
            self._constant += float(problem.weight[j] * times[0])
            before: Variable = 1
            for k in range(len(times)):
                at_k = self._choice.among(sites[starts[k] : starts[k + 1]])
                if k == len(times) - 1:
                    backend.require(at_k >= before)
                    break
                beyond = backend.binary(f"z{j}_{k}", implied=True)
                backend.require(at_k + beyond >= before)
                chain.append(beyond)
                costs.append(float(problem.weight[j] * (times[k + 1] - times[k])))
                before = beyond
        backend.minimize(backend.weighted_sum(chain, costs) + self._constant)

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        nearest = nearest_s(self._problem, sites)
        values = self._choice.start(sites)
        for j in np.flatnonzero(self._problem.weight > 0):
            _, times, _ = rings(self._ways, int(j))
            values |= {f"z{j}_{k}": 1.0 for k in np.flatnonzero(times < nearest[j])}
        return values

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        return self._choice.sites(values)


def rings(ways: Ways, point: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64], Indices]:
    """Sites of a point by time, its different times, and where the sites of each time begin."""
    here = slice(ways.point_ptr[point], ways.point_ptr[point + 1])
    times, starts = np.unique(ways.point_costs[here], return_index=True)
    ends = np.append(starts, here.stop - here.start)
    return ways.point_sites[here], times, ends


def time_faults(problem: SitingProblem) -> list[str]:
    """Name the lack of travel times."""
    if len(problem.demand) and not len(problem.travel_s):
        return ["The problem holds no travel times: hand in travel_s, seconds for every way."]
    return []


def has_whole_times(problem: SitingProblem) -> bool:
    """Whether every travel time is a whole number."""
    return bool((problem.travel_s == np.rint(problem.travel_s)).all())


def unreached(problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
    """Name the number of points with weight that none of the sites reaches."""
    missed = np.flatnonzero((problem.weight > 0) & ~problem.covered_by(sites))
    if not missed.size:
        return []
    return [
        f"{missed.size} demand points are not reached, such as {problem.demand_ids[missed[0]]!r}"
    ]
