"""Maximal covering unlike plans that are known: another good answer, not the same again.

maximise    sum_j w_j z_j
subject to  sum_{i in A_q} y_i <= p - d    for every known plan q
            with z_j and y_i as in maximal covering,

where A_q are the places of plan q (its sites and those alike to them) and d sites must be new
against each. The cuts are those of Balas & Jeroslow 1972, Canonical cuts on the unit hypercube,
doi:10.1137/0123007, at distance d.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from optimizer.siting.cover import cover_of
from optimizer.siting.feasibility import count_faults, rule_clashes
from optimizer.siting.formulations.choice import SiteChoice, covered_variables
from optimizer.siting.model import Sense
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.wording import counted
from optimizer.solvers import Backend


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DistinctCovering:
    """Cover as much as the platforms can with enough sites at new places.

    Parameters
    ----------
    places
        Places of each known plan [q, m].
    least_new
        Sites that must stand outside the places of each of them.
    """

    places: npt.NDArray[np.bool_]
    least_new: int
    name: str = dataclasses.field(default="distinct", init=False)
    sense: Sense = dataclasses.field(default="max", init=False)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        faults = count_faults(problem)
        if self.places.ndim != 2 or self.places.shape[1] != problem.site_count:
            faults.append(
                f"places has shape {self.places.shape}, but there are {problem.site_count} sites: "
                "one row for each known plan, one flag for each site."
            )
        if not 0 <= self.least_new <= problem.count:
            faults.append(
                f"{counted(self.least_new, 'site')} {'is' if self.least_new == 1 else 'are'} to be "
                f"new, but {problem.count} open: "
                f"give a number from 0 to {problem.count}."
            )
        return faults

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        clashes = rule_clashes(problem)
        room = problem.count - self.least_new
        for q, places in enumerate(self.places):
            kept = int((places & problem.keep).sum())
            if kept > room:
                clashes.append(
                    f"{counted(kept, 'kept site')} {'stands' if kept == 1 else 'stand'} at places "
                    f"of plan {q}, so that at most {counted(problem.count - kept, 'site')} can be "
                    f"new, not {self.least_new}: lower that number or keep fewer sites."
                )
        return clashes

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Weight of the demand points that the sites reach, each counted once."""
        return problem.covered_weight(sites)

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        known = self.places[:, np.asarray(sites, dtype=np.int64)].sum(axis=1)
        new = problem.count - known
        return problem.broken_rules(sites) + [
            f"{counted(new[q], 'site')} new against plan {q}, not {self.least_new}"
            for q in np.flatnonzero(new < self.least_new)
        ]

    def is_whole(self, problem: SitingProblem) -> bool:
        """Whether all weights are whole numbers."""
        return problem.has_whole_weights

    def formulate(self, problem: SitingProblem, backend: Backend) -> DistinctMCLP:
        """Write the model down on an empty back end."""
        return DistinctMCLP(problem, self, backend)


class DistinctMCLP:
    """The model of one problem on one back end.

    Parameters
    ----------
    problem, model
        What to decide.
    backend
        An empty model to write it into.
    """

    def __init__(self, problem: SitingProblem, model: DistinctCovering, backend: Backend) -> None:
        self._problem = problem
        self._choice = SiteChoice(problem, backend)
        z = covered_variables(self._choice, cover_of(problem), backend)
        backend.maximize(backend.weighted_sum(z, problem.weight.tolist()))
        for places in model.places:
            known = np.flatnonzero(places)
            if len(known):
                room = problem.count - model.least_new
                backend.require(self._choice.among(known) <= room)

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        covered = np.flatnonzero(self._problem.covered_by(sites))
        return self._choice.start(sites) | {f"z{j}": 1.0 for j in covered}

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        return self._choice.sites(values)
