"""Parts of the demand whose cover is counted apart: a district's calls, or a scenario's."""

from __future__ import annotations

import dataclasses
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.siting.cover import Cover, cover_of
from optimizer.siting.covering.reduce import Remainder, fix_sites
from optimizer.siting.model import Formulation, Model
from optimizer.siting.problem import Flags, Indices, SitingProblem, Weights
from optimizer.solvers import Backend


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What covering each point is worth to each part.

    Parameters
    ----------
    values
        Weight of each point in each part, at least 0 [k, n].
    base
        Weight that each part has already [k].
    least
        Worth that each part must have [k]; empty: the least part is the objective.
    unit
        Weight that is worth 1 in each part [k].
    """

    values: sparse.csr_matrix
    base: Weights
    least: Weights
    unit: Weights

    def totals(self, covered: Flags) -> Weights:
        """Worth of each part when these points are covered [k]."""
        worth: Weights = self._weights(covered) / self.unit
        return worth

    def are_whole(self) -> bool:
        """Whether every worth is a whole number."""
        sums = np.concatenate([self.values.data, self.base])
        return bool((self.unit == 1).all() and (sums == np.rint(sums)).all())

    def _weights(self, covered: Flags) -> Weights:
        added: Weights = np.asarray(self.values @ covered.astype(np.float64))
        return self.base + added

    def merged(self, labels: Indices, groups: int, covered: Flags) -> Parts:
        """Carry the parts over to groups of points; label -1 is out of reach, or `covered`."""
        found = np.flatnonzero(labels >= 0)
        ones = np.ones(len(found))
        gather = sparse.csr_matrix((ones, (found, labels[found])), shape=(len(labels), groups))
        return Parts(
            sparse.csr_matrix(self.values @ gather), self._weights(covered), self.least, self.unit
        )


class PartsModel(Model, Protocol):
    """A covering model that counts parts."""

    def parts(self, problem: SitingProblem) -> Parts:
        """Parts of the whole problem."""

    def write(
        self, problem: SitingProblem, cover: Cover, parts: Parts, backend: Backend
    ) -> Formulation:
        """Write the model of a problem, whole or reduced, with these parts down."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PartsRemainder:
    """A reduced problem and the parts of its points."""

    rest: Remainder
    parts: Parts

    def fixed(
        self, opened: Flags, closed: Flags, protected: Flags
    ) -> tuple[PartsRemainder, Indices]:
        """Open and close sites for good and reduce what is left; as `reduce.fix_sites`."""
        rest, labels, _ = fix_sites(self.rest, opened, closed, protected)
        covered = self.rest.problem.covered_by(np.flatnonzero(opened))
        parts = self.parts.merged(labels, rest.problem.point_count, covered)
        return PartsRemainder(rest, parts), labels


def parts_remainder(problem: SitingProblem, weight: npt.ArrayLike, parts: Parts) -> PartsRemainder:
    """Reduce a problem by keep, forbid, merging and domination; points of no weight leave.

    More cover never harms a part, so all that is exact for maximal covering is exact here.
    """
    weighted = problem.replace(weight=weight)
    nothing = np.zeros(0, dtype=np.int64)
    sites = np.arange(problem.site_count)
    whole = PartsRemainder(Remainder(weighted, cover_of(weighted), sites, nothing, 0.0), parts)
    nobody = np.zeros(problem.site_count, dtype=np.bool_)
    return whole.fixed(problem.keep, problem.forbidden, nobody)[0]
