"""The least of several parts of the demand as the objective.

maximise    theta
subject to  unit_k theta <= base_k + sum_j v_kj z_j    for every part k
            with z_j and y_i as in maximal covering.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from optimizer.siting.cover import Cover
from optimizer.siting.formulations.choice import SiteChoice, covered_variables
from optimizer.siting.parts.worth import Parts
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.solvers import Backend

MILLION = 1_000_000


class LeastPartMCLP:
    """The least of several parts as the objective, on one back end.

    Unless every sum is whole, theta is counted in millionths of a unit, so that back ends which
    know whole numbers only can hold it.

    Parameters
    ----------
    problem, cover, parts
        What to decide, and its arrays.
    backend
        An empty model to write it into.
    most
        Worth beyond which the objective does not rise.
    """

    def __init__(
        self,
        problem: SitingProblem,
        cover: Cover,
        parts: Parts,
        backend: Backend,
        most: float = math.inf,
    ) -> None:
        self._problem, self._parts, self._most = problem, parts, most
        self._choice = SiteChoice(problem, backend)
        z = covered_variables(self._choice, cover, backend)
        everything = parts.totals(np.ones(problem.point_count, dtype=np.bool_))
        self._steps = 1 if parts.are_whole() else MILLION
        upper = math.ceil(self._steps * min(most, everything.min()))
        theta = backend.integer("theta", upper, implied=True)
        backend.maximize(backend.weighted_sum([theta], [1.0 / self._steps]))
        for k, unit in enumerate(parts.unit.tolist()):
            row = parts.values[[k]].tocoo()
            covered = [z[j] for j in row.col]
            worth = backend.weighted_sum(covered, (self._steps * row.data).tolist())
            room = backend.weighted_sum([theta], [unit])
            backend.require(room <= worth + _whole_if_it_is(self._steps * parts.base[k]))

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        covered = self._problem.covered_by(sites)
        theta = math.floor(self._steps * min(self._most, self._parts.totals(covered).min()))
        z = {f"z{j}": 1.0 for j in np.flatnonzero(covered)}
        return self._choice.start(sites) | z | {"theta": float(theta)}

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        return self._choice.sites(values)


def _whole_if_it_is(number: float) -> float:
    return int(number) if float(number).is_integer() else float(number)
