"""Maximal covering with capacities: a site serves no more hours of work than its crew can give.

maximise    sum_j (w_j / h_j) sum_i f_ij  (+ w_j z_j for points without work)
subject to  sum_i f_ij <= h_j                        for every demand point j
            sum_j f_ij <= C_i y_i                    for every site i
            0 <= f_ij <= h_j y_i                     for every site i that reaches j
            and the rules on y_i of maximal covering.

f_ij are the hours of point j that site i serves. Demand is divisible: a point stands for many
calls, each of which goes to one site, and sites commonly share the calls of one corner. It also
makes the worth of a plan a transport problem, which is solved exactly.

Source: Current & Storbeck 1988, Capacitated covering models, Environment and Planning B 15.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from optimizer.siting.capacity.workload import Work, assign, work_of
from optimizer.siting.feasibility import count_faults, rule_clashes
from optimizer.siting.formulations.choice import SiteChoice
from optimizer.siting.model import Sense
from optimizer.siting.problem import Indices, SitingProblem, Weights
from optimizer.solvers import Backend


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CapacitatedCovering:
    """Serve as much demand as the platforms reach and have hours for.

    Parameters
    ----------
    workload_h
        Hours of work of each demand point [n].
    capacity_h
        Hours that each site can give if it opens [m].
    """

    workload_h: Weights
    capacity_h: Weights
    name: str = dataclasses.field(default="capacitated", init=False)
    sense: Sense = dataclasses.field(default="max", init=False)

    def __post_init__(self) -> None:
        for field in ("workload_h", "capacity_h"):
            array = np.array(getattr(self, field), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        faults = count_faults(problem)
        for noun, ids, field, hours in (
            ("Demand point", problem.demand_ids, "workload_h", self.workload_h),
            ("Site", problem.site_ids, "capacity_h", self.capacity_h),
        ):
            if hours.shape != ids.shape:
                faults.append(
                    f"{field} has shape {hours.shape}, but there are {len(ids)} "
                    f"{noun.lower()}s: give the hours of each."
                )
                continue
            wrong = np.flatnonzero(~(np.isfinite(hours) & (hours >= 0)))
            if wrong.size:
                faults.append(
                    f"{noun} {ids[wrong[0]]!r} has {field} {hours[wrong[0]]} ({wrong.size} such): "
                    "hours are finite and at least 0."
                )
        return faults

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        clashes = rule_clashes(problem)
        if not clashes and not self.capacity_h[~problem.forbidden].any():
            clashes.append(
                "No site that may open has any hours to give: give one of them a capacity above 0."
            )
        return clashes

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Weight served when demand is assigned to the sites as well as can be."""
        opened = np.zeros(problem.site_count, dtype=np.bool_)
        opened[np.asarray(sites, dtype=np.int64)] = True
        return assign(work_of(problem, self.workload_h, opened), self.capacity_h, sites).served

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        return problem.broken_rules(sites)

    def is_whole(self, problem: SitingProblem) -> bool:  # noqa: ARG002 (demand is divided)
        """Demand is divided: objectives are fractions."""
        return False

    def formulate(self, problem: SitingProblem, backend: Backend) -> CapacitatedMCLP:
        """Write the model down on an empty back end."""
        return CapacitatedMCLP(
            problem, work_of(problem, self.workload_h, ~problem.forbidden), self.capacity_h, backend
        )


class CapacitatedMCLP:
    """The model of one problem on one back end.

    Parameters
    ----------
    problem
        Holds the rules.
    work, capacity_h
        Groups of demand points that the sites that may open reach, and the sites' hours.
    backend
        An empty model to write it into.
    """

    def __init__(
        self, problem: SitingProblem, work: Work, capacity_h: Weights, backend: Backend
    ) -> None:
        self._work, self._capacity_h = work, capacity_h
        self._choice = SiteChoice(problem, backend)
        y = self._choice.variables
        terms, worth = [], []
        taken: list[list[object]] = [[] for _ in y]
        for g, (weight, hours) in enumerate(zip(work.weight, work.hours, strict=True)):
            near = work.rows.indices[work.rows.indptr[g] : work.rows.indptr[g + 1]]
            if hours == 0:
                served = backend.binary(f"z{g}", implied=True)
                backend.require(served <= self._choice.among(near))
                terms.append(served)
                worth.append(float(weight))
                continue
            flows = [backend.integer(f"f{g}_{i}", _plain(hours), implied=True) for i in near]
            backend.require(backend.sum(flows) <= _plain(hours))
            for i, flow in zip(near, flows, strict=True):
                backend.require(flow <= backend.weighted_sum([y[i]], [float(hours)]))
                taken[i].append(flow)
            terms.extend(flows)
            worth.extend([float(weight / hours)] * len(flows))
        for i, flows in enumerate(taken):
            if flows:
                room = backend.weighted_sum([y[i]], [float(capacity_h[i])])
                backend.require(backend.sum(flows) <= room)
        backend.maximize(backend.weighted_sum(terms, worth))

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open and serve as much as they can."""
        values = self._choice.start(sites)
        work, served = self._work, assign(self._work, self._capacity_h, sites)
        laden = np.bincount(served.bundle[served.bundle >= 0], work.hours[served.bundle >= 0])
        for g, bundle in enumerate(served.bundle.tolist()):
            if bundle >= 0 and work.hours[g] == 0:
                values[f"z{g}"] = 1.0
            elif bundle >= 0:
                pairs = served.flow[[bundle]].tocoo()
                part = work.hours[g] / laden[bundle]
                values |= {
                    f"f{g}_{i}": part * float(hours)
                    for i, hours in zip(pairs.col, pairs.data, strict=True)
                }
        return values

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        return self._choice.sites(values)


def _plain(hours: float) -> float:
    """Write a whole number as one, as back ends for whole numbers want it."""
    return int(hours) if float(hours).is_integer() else float(hours)
