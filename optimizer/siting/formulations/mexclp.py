"""The maximum expected covering location problem.

A unit is out on another call for the share q of its time, whatever the others do; of k units in
reach of a call at least one is free with probability 1 - q^k, so the k-th adds (1 - q) q^(k-1).

maximise    sum_j sum_k w_j g_k z_jk,        g_k = sum_s a_s (1 - q_s) q_s^(k-1)
subject to  sum_k z_jk <= sum_{i covers j} y_i   for every demand point j
            sum_{i in region r} y_i = p_r        for every region r
            y_i >= 1 (kept),  y_i = 0 (forbidden),  y_i <= units per site
            v_i <= y_i for previous sites,  sum_{i previous} (1 - v_i) <= max_moves
            y_i whole,  v_i in {0, 1},  0 <= z_jk <= 1

where a_s is the share of the calls in shift s and q_s its busy share. Since g falls with k, the
z_jk fill up in order by themselves.

Source: Daskin 1983, A maximum expected covering location model, doi:10.1287/trsc.17.1.48.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.siting.feasibility import count_faults, rule_clashes
from optimizer.siting.formulations.repeated import Worth, merged_demand, times_covered
from optimizer.siting.model import Sense
from optimizer.siting.problem import Indices, SitingProblem, Weights
from optimizer.solvers import Backend

SMALLEST_GAIN = 1e-12


@dataclasses.dataclass(frozen=True, slots=True)
class ExpectedCovering:
    """Cover demand by a unit that is free. `count` and `budgets` of the problem count units.

    Parameters
    ----------
    busy_share
        Share of its time that a unit is out, 0 to under 1; or a pair (share of the calls, busy
        share) for each shift, the shares of the calls adding up to 1: their exact mean is taken.
    units_per_site
        Most units at one site; None: any number.
    """

    busy_share: float | tuple[tuple[float, float], ...]
    units_per_site: int | None = None
    name: str = dataclasses.field(default="mexclp", init=False)
    sense: Sense = dataclasses.field(default="max", init=False)

    def shifts(self) -> tuple[tuple[float, float], ...]:
        """Give the share of the calls and the busy share of each shift."""
        if isinstance(self.busy_share, Sequence):
            return tuple((share, busy) for share, busy in self.busy_share)
        return ((1.0, self.busy_share),)

    def gains(self, units: int) -> Weights:
        """Tell what each of so many units in reach adds, as a share of the call [units].

        Units that add less than a millionth of a millionth are left out.
        """
        k = np.arange(max(1, units))
        gains = sum(share * (1 - busy) * np.power(busy, k) for share, busy in self.shifts())
        worth_while = np.asarray(gains, dtype=np.float64)
        return worth_while[: max(1, int((worth_while > SMALLEST_GAIN).sum()))]

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""
        return [*count_faults(problem), *self.parameter_faults()]

    def parameter_faults(self) -> list[str]:
        """Sentences naming parameters that make no sense for any problem."""
        faults = [
            f"busy_share = {busy:g} is no share of a unit's time: give 0 to less than 1."
            for _, busy in self.shifts()
            if not 0 <= busy < 1
        ]
        shares = [share for share, _ in self.shifts()]
        if not all(share >= 0 for share in shares) or not math.isclose(sum(shares), 1):
            faults.append(
                f"The shifts of busy_share have the shares {shares} of the calls: give shares from "
                "0 that add up to 1."
            )
        if self.units_per_site is not None and self.units_per_site < 1:
            faults.append(f"units_per_site = {self.units_per_site}: give 1 or more.")
        return faults

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""
        return rule_clashes(problem, self._units(problem))

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Weight of the calls that find a unit free, on average."""
        times = times_covered(problem, sites)
        served = sum(share * (1 - np.power(busy, times)) for share, busy in self.shifts())
        return float((problem.weight * served).sum())

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that units at exactly these sites would break."""
        broken = [*problem.broken_budgets(sites), *problem.broken_site_rules(sites)]
        units = np.bincount(np.asarray(sites, dtype=np.int64), minlength=problem.site_count)
        if units.max(initial=0) > self._units(problem):
            broken.append(f"a site has {units.max()} units, more than {self._units(problem)}")
        return broken

    def is_whole(self, problem: SitingProblem) -> bool:
        """Whether units are never out, and weights whole."""
        return problem.has_whole_weights and all(busy == 0 for _, busy in self.shifts())

    def _units(self, problem: SitingProblem) -> int:
        return problem.count if self.units_per_site is None else self.units_per_site

    def most_units(self, problem: SitingProblem) -> Indices:
        """Units that may stand at each site."""
        return np.full(problem.site_count, self._units(problem), dtype=np.int64)

    def worth(self, problem: SitingProblem) -> Worth:
        """Value each further unit in reach of a point [n, K]."""
        return problem.weight[:, None] * self.gains(problem.count)

    def excess(self, problem: SitingProblem) -> float:  # noqa: ARG002
        """Nothing: the worths add up to the objective."""
        return 0.0

    def formulate(self, problem: SitingProblem, backend: Backend) -> MEXCLP:
        """Write the model down on an empty back end."""
        return MEXCLP(problem, self, backend)


class MEXCLP:
    """The model of one problem on one back end; points with the same sites in reach are one.

    Parameters
    ----------
    problem, model
        What to decide.
    backend
        An empty model to write it into.
    """

    def __init__(self, problem: SitingProblem, model: ExpectedCovering, backend: Backend) -> None:
        self._rows, weight = merged_demand(problem)
        self._gains = model.gains(problem.count)
        self._previous = np.flatnonzero(problem.previous & bool(problem.least_kept_previous))
        most = model.most_units(problem).tolist()
        y = [backend.integer(f"y{i}", most[i]) for i in range(problem.site_count)]
        z, coefficients = [], []
        for j, each in enumerate(weight.tolist()):
            near = self._rows.indices[self._rows.indptr[j] : self._rows.indptr[j + 1]]
            levels = min(len(self._gains), sum(most[i] for i in near))
            covered = [backend.binary(f"z{j}_{k}", implied=True) for k in range(levels)]
            backend.require(backend.sum(covered) <= backend.sum([y[i] for i in near]))
            z += covered
            coefficients += (each * self._gains[:levels]).tolist()
        backend.maximize(backend.weighted_sum(z, coefficients))
        for r, budget in enumerate(problem.budgets.tolist()):
            in_region = np.flatnonzero(problem.region == r)
            backend.require(backend.sum([y[i] for i in in_region]) == budget)
        for i in np.flatnonzero(problem.keep):
            backend.require(y[i] >= 1)
        for i in np.flatnonzero(problem.forbidden):
            backend.require(y[i] <= 0)
        self._require_previous(problem.least_kept_previous, y, backend)

    def _require_previous(self, least: int, y: list[Any], backend: Backend) -> None:
        stays = [backend.binary(f"v{i}") for i in self._previous]
        for i, stay in zip(self._previous, stays, strict=True):
            backend.require(stay <= y[i])
        if stays:
            backend.require(backend.sum(stays) >= least)

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when units stand at these sites."""
        units = np.bincount(sites, minlength=self._rows.shape[1])
        times = np.minimum(self._rows @ units, len(self._gains))
        values = {f"y{i}": float(units[i]) for i in np.flatnonzero(units)}
        values |= {f"v{i}": float(units[i] > 0) for i in self._previous}
        return values | {f"z{j}_{k}": 1.0 for j, n in enumerate(times) for k in range(n)}

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the sites off the values of the variables; one with k units appears k times."""
        count = self._rows.shape[1]
        units = [max(0, round(values.get(f"y{i}", 0.0))) for i in range(count)]
        return np.repeat(np.arange(count), units)
