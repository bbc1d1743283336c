"""Backup covering: a second platform in reach, for when the first is out.

With x_i for an open site, first and second cover of point j:

BACOP1  maximise    sum_j w_j u_j
        subject to  sum_{i covers j} x_i >= 1 + u_j      for every j with w_j > 0
BACOP2  maximise    s sum_j w_j v_j + (1 - s) sum_j w_j u_j
        subject to  sum_{i covers j} x_i >= v_j + u_j,  u_j <= v_j
both    sum_{i in region r} x_i = p_r,  x_i = 1 (kept),  x_i = 0 (forbidden)
        sum_{i previous} (1 - x_i) <= max_moves
        x_i in {0, 1},  0 <= u_j, v_j <= 1

Source: Hogan & ReVelle 1986, Concepts and applications of backup coverage,
doi:10.1287/mnsc.32.11.1434.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt

from optimizer.siting.feasibility import (
    count_faults,
    demand_faults,
    out_of_reach,
    rule_clashes,
)
from optimizer.siting.formulations.choice import SiteChoice
from optimizer.siting.formulations.repeated import Worth, merged_demand, times_covered
from optimizer.siting.model import Sense
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.set_covering.method import fewest_beside_kept
from optimizer.solvers import Backend

Kind = Literal["bacop1", "bacop2"]


@dataclasses.dataclass(frozen=True, slots=True)
class BackupCovering:
    """Cover demand twice.

    Parameters
    ----------
    kind
        "bacop1": everybody once, as much weight as possible twice. "bacop2": the first and the
        second cover each count for their share.
    first_share
        Share of the first cover in BACOP2, 0 to 1; the second has the rest.
    """

    kind: Kind = "bacop2"
    first_share: float = 0.5
    name: str = dataclasses.field(default="backup", init=False)
    sense: Sense = dataclasses.field(default="max", init=False)

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        faults = count_faults(problem)
        if self.kind not in ("bacop1", "bacop2"):
            faults.append(f'kind = {self.kind!r} is no backup model: give "bacop1" or "bacop2".')
        if not 0 <= self.first_share <= 1:
            faults.append(f"first_share = {self.first_share} is no share: give 0 to 1.")
        if self.kind == "bacop1" and problem.point_count:
            faults += demand_faults(problem)
        return faults

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        clashes = rule_clashes(problem)
        if self.kind == "bacop2":
            return clashes
        clashes += out_of_reach(problem)
        return clashes or _too_few(problem)

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Weight covered twice; in BACOP2 the shares of that and of what is covered at all."""
        times = times_covered(problem, sites)
        twice = float(problem.weight[times > 1].sum())
        if self.kind == "bacop1":
            return twice
        once = float(problem.weight[times > 0].sum())
        return self.first_share * once + (1 - self.first_share) * twice

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        broken = problem.broken_rules(sites)
        missed = int((~problem.covered_by(sites) & (problem.weight > 0)).sum())
        if self.kind == "bacop1" and missed:
            broken.append(f"{missed} demand points are not covered")
        return broken

    def is_whole(self, problem: SitingProblem) -> bool:
        """Whether the objective is a sum of whole weights."""
        return self.kind == "bacop1" and problem.has_whole_weights

    def most_units(self, problem: SitingProblem) -> Indices:
        """One platform at a site."""
        return np.ones(problem.site_count, dtype=np.int64)

    def worth(self, problem: SitingProblem) -> Worth:
        """Value the first and second platform in reach; BACOP1's first beats all seconds [n, 2]."""
        if self.kind == "bacop1":
            first = np.where(problem.weight > 0, 1 + problem.total_weight, 0.0)
            return np.column_stack([first, problem.weight])
        shares = np.array([self.first_share, 1 - self.first_share])
        worth: Worth = problem.weight[:, None] * shares
        return worth

    def excess(self, problem: SitingProblem) -> float:
        """Add up BACOP1's first covers."""
        return float(self.worth(problem)[:, 0].sum()) if self.kind == "bacop1" else 0.0

    def formulate(self, problem: SitingProblem, backend: Backend) -> BACOP:
        """Write the model down on an empty back end."""
        return BACOP(problem, self, backend)


def _too_few(problem: SitingProblem) -> list[str]:
    """Name a number of platforms that cannot cover everybody even once."""
    if fewest_beside_kept(problem, at_most=problem.count)[1] <= problem.count:
        return []
    sites, least = fewest_beside_kept(problem)
    enough = least if sites is None else len(sites)
    sure = "" if enough == least else f" (fewer than {least} cannot be enough)"
    sentence = (
        f"The number of platforms, {problem.count}, is too small to cover every demand point with "
        f'weight once: raise it to {enough}{sure}, lengthen standards, or ask for "bacop2".'
    )
    return [sentence]


class BACOP:
    """The model of one problem on one back end; points with the same sites in reach are one.

    Parameters
    ----------
    problem, model
        What to decide.
    backend
        An empty model to write it into.
    """

    def __init__(self, problem: SitingProblem, model: BackupCovering, backend: Backend) -> None:
        self._rows, weight = merged_demand(problem)
        self._has_first = model.kind == "bacop2"
        self._choice = SiteChoice(problem, backend)
        shares = (model.first_share, 1 - model.first_share) if self._has_first else (0.0, 1.0)
        variables, coefficients = [], []
        for j, each in enumerate(weight.tolist()):
            near = self._rows.indices[self._rows.indptr[j] : self._rows.indptr[j + 1]]
            second = backend.binary(f"u{j}", implied=True)
            variables.append(second)
            coefficients.append(shares[1] * each)
            if self._has_first:
                first = backend.binary(f"v{j}", implied=model.first_share >= 0.5)
                variables.append(first)
                coefficients.append(shares[0] * each)
                backend.require(second <= first)
                backend.require(first + second <= self._choice.among(near))
            else:
                backend.require(second + 1 <= self._choice.among(near))
        backend.maximize(backend.weighted_sum(variables, coefficients))

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""
        opened = np.bincount(sites, minlength=self._rows.shape[1])
        times = self._rows @ opened
        values = self._choice.start(sites) | {f"u{j}": 1.0 for j in np.flatnonzero(times > 1)}
        if self._has_first:
            values |= {f"v{j}": 1.0 for j in np.flatnonzero(times > 0)}
        return values

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values of the variables."""
        return self._choice.sites(values)
