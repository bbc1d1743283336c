"""Maximal covering with a floor for every district: no district is forgotten for the total.

maximise    sum_j w_j z_j
subject to  sum_{j in d} w_j z_j >= f_d sum_{j in d} w_j    for every district d
            with z_j and y_i as in maximal covering.

Source: the epsilon-constraint form of equity in covering (Marsh & Schilling 1994,
Equity measurement in facility location analysis, doi:10.1016/0377-2217(94)90200-3).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.siting.cover import Cover, cover_of
from optimizer.siting.feasibility import count_faults, rule_clashes
from optimizer.siting.formulations.choice import SiteChoice, covered_variables
from optimizer.siting.formulations.least_part import LeastPartMCLP
from optimizer.siting.model import Sense
from optimizer.siting.parts.worth import Parts
from optimizer.siting.problem import Indices, SitingProblem, Weights
from optimizer.siting.solution import TOLERANCE
from optimizer.solvers import Backend


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FlooredCovering:
    """Cover as much as the platforms can, and at least a share of every district.

    A floor counts as kept when at most a millionth of the district's weight is lacking.

    Parameters
    ----------
    district
        District of each point [n], from 0; -1: of none.
    least_share
        Share of its weight that each district must have covered [d], 0 to 1; a district without
        weight has no floor.
    names
        Name of each district; left out: their numbers.
    """

    district: Indices
    least_share: Weights
    names: Sequence[str] = ()
    name: str = dataclasses.field(default="floor", init=False)
    sense: Sense = dataclasses.field(default="max", init=False)

    def __post_init__(self) -> None:
        district = np.array(self.district, dtype=np.int64)
        least = np.atleast_1d(np.array(self.least_share, dtype=np.float64))
        for array in (district, least):
            array.setflags(write=False)
        object.__setattr__(self, "district", district)
        object.__setattr__(self, "least_share", least)
        names = tuple(self.names) or tuple(map(str, range(len(least))))
        object.__setattr__(self, "names", names)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        faults = count_faults(problem)
        if self.district.shape != (problem.point_count,):
            faults.append(
                f"district has shape {self.district.shape}, but there are {problem.point_count} "
                "demand points: name the district of each."
            )
        beyond = self.district[(self.district < -1) | (self.district >= len(self.least_share))]
        if beyond.size:
            faults.append(
                f"A demand point lies in district {beyond[0]}, but there are "
                f"{len(self.least_share)} floors: give every district one, 0 where none is meant."
            )
        if len(self.names) != len(self.least_share):
            faults.append(
                f"{len(self.names)} names stand beside {len(self.least_share)} floors: "
                "name every district once."
            )
            return faults
        for name, share in zip(self.names, self.least_share, strict=True):
            if not 0 <= share <= 1:
                faults.append(
                    f"The floor of district {name!r} is {share}: a share from 0 to 1 is meant."
                )
        return faults

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        clashes = rule_clashes(problem)
        usable = np.flatnonzero(~problem.forbidden)
        reached = self.covered_shares(problem, usable)
        for d in self.lacking(reached):
            clashes.append(
                f"District {self.names[d]!r} must have {100 * self.least_share[d]:.6g} % covered, "
                f"but all sites that may open reach {100 * reached[d]:.6g} % of it together: lower "
                f"its floor to {rounded_down(reached[d])} or add candidate sites there."
            )
        return clashes

    def covered_shares(self, problem: SitingProblem, sites: npt.ArrayLike) -> Weights:
        """Share of its weight that each district has covered [d]; 1 where it has no weight."""
        totals = self._totals(problem.weight)
        covered = self._totals(problem.weight * problem.covered_by(sites))
        return np.divide(covered, totals, out=np.ones_like(totals), where=totals > 0)

    def _totals(self, weight: Weights) -> Weights:
        inside = self.district >= 0
        floors = len(self.least_share)
        totals = np.bincount(self.district[inside], weight[inside], minlength=floors)
        return totals.astype(np.float64)

    def lacking(self, shares: Weights) -> list[int]:
        """Districts whose covered share is under their floor."""
        return [int(d) for d in np.flatnonzero(shares < self.least_share - TOLERANCE)]

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Weight of the demand points that the sites reach, each counted once."""
        return problem.covered_weight(sites)

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        shares = self.covered_shares(problem, sites)
        return problem.broken_rules(sites) + [
            f"district {self.names[d]!r} has {100 * shares[d]:.6g} % covered, "
            f"not {100 * self.least_share[d]:.6g} %"
            for d in self.lacking(shares)
        ]

    def is_whole(self, problem: SitingProblem) -> bool:
        """Whether all weights are whole numbers."""
        return problem.has_whole_weights

    def parts(self, problem: SitingProblem) -> Parts:
        """One part for each district that has a floor."""
        totals = self._totals(problem.weight)
        floored = np.flatnonzero((self.least_share > 0) & (totals > 0))
        row = np.full(len(self.least_share) + 1, -1)
        row[floored] = np.arange(len(floored))
        points = np.flatnonzero(row[self.district] >= 0)
        values = sparse.csr_matrix(
            (problem.weight[points], (row[self.district[points]], points)),
            shape=(len(floored), problem.point_count),
        )
        least = ((self.least_share - TOLERANCE) * totals)[floored]
        return Parts(values, np.zeros(len(floored)), least, np.ones(len(floored)))

    def formulate(self, problem: SitingProblem, backend: Backend) -> FlooredMCLP:
        """Write the model down on an empty back end."""
        return self.write(problem, cover_of(problem), self.parts(problem), backend)

    def write(
        self, problem: SitingProblem, cover: Cover, parts: Parts, backend: Backend
    ) -> FlooredMCLP:
        """Write the model of a problem, whole or reduced, with these parts down."""
        return FlooredMCLP(problem, cover, parts, backend)


class FlooredMCLP:
    """Maximal covering with floors for parts, on one back end.

    Parameters
    ----------
    problem, cover, parts
        What to decide, and its arrays.
    backend
        An empty model to write it into.
    """

    def __init__(
        self, problem: SitingProblem, cover: Cover, parts: Parts, backend: Backend
    ) -> None:
        self._problem = problem
        self._choice = SiteChoice(problem, backend)
        z = covered_variables(self._choice, cover, backend)
        backend.maximize(backend.weighted_sum(z, problem.weight.tolist()))
        whole = parts.are_whole()
        for k, least in enumerate((parts.least - parts.base).tolist()):
            row = parts.values[[k]].tocoo()
            covered = backend.weighted_sum([z[j] for j in row.col], row.data.tolist())
            floor = math.ceil(least) if whole else least
            if floor > 0:
                backend.require(covered >= floor)

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        covered = np.flatnonzero(self._problem.covered_by(sites))
        return self._choice.start(sites) | {f"z{j}": 1.0 for j in covered}

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        return self._choice.sites(values)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FloorsReached:
    """How much of all floors can be kept at once: the greatest theta with share_d >= theta f_d.

    At 1 all floors are kept, and the objective rises no further.

    Parameters
    ----------
    floors
        The floors asked for.
    """

    floors: FlooredCovering
    name: str = dataclasses.field(default="floors reached", init=False)
    sense: Sense = dataclasses.field(default="max", init=False)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        return self.floors.faults(problem)

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        return rule_clashes(problem)

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Part of its floor that the district with the least of it reaches, at most 1."""
        totals = self.parts(problem).totals(problem.covered_by(sites))
        return min(1.0, float(totals.min(initial=1.0)))

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        return problem.broken_rules(sites)

    def is_whole(self, problem: SitingProblem) -> bool:  # noqa: ARG002 (a part of a floor)
        """Objectives are fractions."""
        return False

    def parts(self, problem: SitingProblem) -> Parts:
        """One part for each district that has a floor, counted in floors."""
        floors = self.floors.parts(problem)
        return Parts(floors.values, floors.base, np.zeros(0), floors.least)

    def formulate(self, problem: SitingProblem, backend: Backend) -> LeastPartMCLP:
        """Write the model down on an empty back end."""
        return self.write(problem, cover_of(problem), self.parts(problem), backend)

    def write(
        self, problem: SitingProblem, cover: Cover, parts: Parts, backend: Backend
    ) -> LeastPartMCLP:
        """Write the model of a problem, whole or reduced, with these parts down."""
        return LeastPartMCLP(problem, cover, parts, backend, most=1.0)


def rounded_down(share: float) -> str:
    """Four digits that a floor may be lowered to without asking for more than there is."""
    return f"{math.floor(1e4 * share + 1e-6) / 1e4:g}"
