"""The siting problem: which candidate sites get a platform, under which rules."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.errors import InputError
from optimizer.siting.wording import counted

Indices = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.object_]


def _no_codes() -> Codes:
    return np.zeros(0, dtype=np.int32)


def _no_numbers() -> Indices:
    return np.zeros(0, dtype=np.int64)


def _no_times() -> Weights:
    return np.zeros(0, dtype=np.float64)


def _no_flags() -> Flags:
    return np.zeros(0, dtype=np.bool_)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SitingProblem:
    """Maximal covering with standards already folded into the reach (`standards.reach_within`).

    Open exactly `budgets[r]` sites of every region r (`count` in all), among them every kept and
    none of the forbidden ones, and close at most `max_moves` of the previous ones, so that the
    weight of the demand points reached by at least one open site is greatest. A site of one region
    may cover demand of another. Arrays are copied and made read-only.

    Parameters
    ----------
    indptr, demand
        CSR of the reach: site i covers the points demand[indptr[i]:indptr[i + 1]], ascending;
        shapes [m + 1] and [nnz].
    weight
        Demand weight of each point [n], at least 0.
    site_ids, demand_ids
        Labels, each different: [m] and [n].
    count
        Number of platforms.
    region, budgets, region_names
        Region of each site [m], platforms of each region [r], and their names. Left out: one
        region named "all" with `count` platforms.
    keep, forbidden, previous
        Sites that must open, that must not, and that the last plan used [m]. Left out: none.
    max_moves
        Most previous sites that may close; None: any number.
    travel_s
        Seconds, or any other cost of the way, from the site to the point, for each entry of
        `demand` [nnz]; a pair that is left out cannot be used. Left out: reach is all that counts.

    Raises
    ------
    InputError
        Naming every invariant that does not hold.
    """

    indptr: Indices
    demand: Codes
    weight: Weights
    site_ids: Labels
    demand_ids: Labels
    count: int
    region: Codes = dataclasses.field(default_factory=_no_codes)
    budgets: Indices = dataclasses.field(default_factory=_no_numbers)
    region_names: tuple[str, ...] = ()
    keep: Flags = dataclasses.field(default_factory=_no_flags)
    forbidden: Flags = dataclasses.field(default_factory=_no_flags)
    previous: Flags = dataclasses.field(default_factory=_no_flags)
    max_moves: int | None = None
    travel_s: Weights = dataclasses.field(default_factory=_no_times)

    def __post_init__(self) -> None:
        m = len(self.site_ids)
        one_region = len(self.budgets) == 0
        budgets = [self.count] if one_region else self.budgets
        default_names = ("all",) if one_region else tuple(map(str, range(len(budgets))))
        no_sites = np.zeros(m, dtype=np.bool_)
        self._freeze("indptr", self.indptr, np.int64)
        self._freeze("demand", self.demand, np.int32)
        self._freeze("weight", self.weight, np.float64)
        self._freeze("site_ids", self.site_ids, np.object_)
        self._freeze("demand_ids", self.demand_ids, np.object_)
        self._freeze("region", self.region if len(self.region) else no_sites, np.int32)
        self._freeze("budgets", budgets, np.int64)
        self._freeze("travel_s", self.travel_s, np.float64)
        object.__setattr__(self, "region_names", tuple(self.region_names) or default_names)
        for name in ("keep", "forbidden", "previous"):
            flags = getattr(self, name)
            self._freeze(name, flags if len(flags) else no_sites, np.bool_)
        faults = [*self._shape_faults()]
        faults = faults or [*self._reach_faults(), *self._rule_faults()]
        if faults:
            raise InputError(faults)

    def _freeze(self, name: str, values: npt.ArrayLike, dtype: type) -> None:
        array: npt.NDArray[Any] = np.array(values, dtype=dtype)
        array.setflags(write=False)
        object.__setattr__(self, name, array)

    def _shape_faults(self) -> list[str]:
        m, n = self.site_count, self.point_count
        expected = {
            "indptr": (m + 1,),
            "demand": (int(self.indptr[-1]) if self.indptr.size else 0,),
            "weight": (n,),
            "region": (m,),
            "keep": (m,),
            "forbidden": (m,),
            "previous": (m,),
        }
        if len(self.travel_s):
            expected["travel_s"] = expected["demand"]
        faults = [
            f"{name} has shape {getattr(self, name).shape}, but {counted(m, 'site')} and "
            f"{counted(n, 'demand point')} need {shape}: hand in one entry each."
            for name, shape in expected.items()
            if getattr(self, name).shape != shape
        ]
        if len(self.region_names) != len(self.budgets):
            faults.append(
                f"{len(self.region_names)} region names stand beside {len(self.budgets)} budgets: "
                "name every region once."
            )
        return faults

    def _reach_faults(self) -> list[str]:
        faults = []
        steps = np.diff(self.indptr)
        if self.indptr[0] != 0 or (steps < 0).any():
            return ["indptr does not start at 0 and ascend: hand in a valid CSR row pointer."]
        outside = self.demand[(self.demand < 0) | (self.demand >= self.point_count)]
        if outside.size:
            faults.append(
                f"The reach names demand point {outside[0]}, but there are {self.point_count}: "
                "number the points from 0."
            )
        first_of_row = np.zeros(len(self.demand), dtype=np.bool_)
        first_of_row[self.indptr[:-1][steps > 0]] = True
        backwards = np.flatnonzero((np.diff(self.demand) <= 0) & ~first_of_row[1:])
        if backwards.size:
            site = int(np.searchsorted(self.indptr, backwards[0], side="right")) - 1
            faults.append(
                f"The demand points of site {self.site_ids[site]!r} are not in ascending order "
                "without repeats: sort each row of the reach."
            )
        wrong = np.flatnonzero(~(np.isfinite(self.travel_s) & (self.travel_s >= 0)))
        if wrong.size:
            site = int(np.searchsorted(self.indptr, wrong[0], side="right")) - 1
            faults.append(
                f"The way from site {self.site_ids[site]!r} to demand point "
                f"{self.demand_ids[self.demand[wrong[0]]]!r} takes {self.travel_s[wrong[0]]} s "
                f"({wrong.size} such ways): times are finite and at least 0; leave out what "
                "cannot be reached."
            )
        return faults

    def _rule_faults(self) -> list[str]:
        faults = []
        wrong = np.flatnonzero(~(np.isfinite(self.weight) & (self.weight >= 0)))
        if wrong.size:
            faults.append(
                f"Demand point {self.demand_ids[wrong[0]]!r} has weight {self.weight[wrong[0]]} "
                f"({wrong.size} such points): weights are finite and at least 0."
            )
        for noun, ids in (("site", self.site_ids), ("demand point", self.demand_ids)):
            if len(set(ids)) < len(ids):
                twice = collections.Counter(ids).most_common(1)[0][0]
                faults.append(f"The {noun} id {twice!r} is used twice: every id must be unique.")
        regions = len(self.budgets)
        if self.region.size and not 0 <= self.region.min() <= self.region.max() < regions:
            faults.append(f"A site lies in a region outside 0..{regions - 1}: give it a budget.")
        if (self.budgets < 0).any() or self.budgets.sum() != self.count:
            faults.append(
                f"The budgets {self.budgets.tolist()} are not whole numbers from 0 that add up to "
                f"count = {self.count}: make them agree."
            )
        if self.max_moves is not None and self.max_moves < 0:
            faults.append(f"max_moves = {self.max_moves} is below zero: give 0 or more.")
        return faults

    @property
    def site_count(self) -> int:
        """Number of candidate sites, m."""
        return len(self.site_ids)

    @property
    def point_count(self) -> int:
        """Number of demand points, n."""
        return len(self.demand_ids)

    @property
    def total_weight(self) -> float:
        """Weight of all demand points."""
        return float(self.weight.sum())

    @property
    def has_whole_weights(self) -> bool:
        """Whether every demand weight is a whole number."""
        return bool((self.weight == np.rint(self.weight)).all())

    @property
    def least_kept_previous(self) -> int:
        """How many previous sites must stay open under `max_moves` (0: no such rule)."""
        if self.max_moves is None:
            return 0
        return max(0, int(self.previous.sum()) - self.max_moves)

    def covered_by(self, sites: npt.ArrayLike) -> Flags:
        """Which demand points the given sites reach [n]."""
        covered = np.zeros(self.point_count, dtype=np.bool_)
        for site in np.asarray(sites, dtype=np.int64):
            covered[self.demand[self.indptr[site] : self.indptr[site + 1]]] = True
        return covered

    def covered_weight(self, sites: npt.ArrayLike) -> float:
        """Weight of the demand points the given sites reach, each counted once."""
        return float(self.weight[self.covered_by(sites)].sum())

    def broken_rules(self, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""
        chosen = np.asarray(sites, dtype=np.int64)
        if len(np.unique(chosen)) < len(chosen):
            return ["a site is opened twice"]
        return [*self.broken_budgets(chosen), *self.broken_site_rules(chosen)]

    def broken_budgets(self, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming the regions in which not as many units stand as their budget says."""
        chosen = np.asarray(sites, dtype=np.int64)
        have = np.bincount(self.region[chosen], minlength=len(self.budgets))
        return [
            f"region {self.region_names[r]!r} has {counted(have[r], 'site')}, not {self.budgets[r]}"
            for r in np.flatnonzero(have != self.budgets)
        ]

    def broken_site_rules(self, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming each rule on single sites (keep, forbidden, moves) that is broken."""
        opened = np.zeros(self.site_count, dtype=np.bool_)
        opened[np.asarray(sites, dtype=np.int64)] = True
        broken = []
        if (self.keep & ~opened).any():
            broken.append("a kept site is closed")
        if (self.forbidden & opened).any():
            broken.append("a forbidden site is open")
        if int((self.previous & opened).sum()) < self.least_kept_previous:
            broken.append(f"more previous sites are closed than max_moves = {self.max_moves}")
        return broken

    def replace(self, **changes: Any) -> SitingProblem:
        """Return the same problem with some fields changed, checked anew."""
        if "count" in changes and "budgets" not in changes and len(self.budgets) == 1:
            changes["budgets"] = np.array([changes["count"]])
        if "budgets" in changes and len(changes["budgets"]) != len(self.budgets):
            changes.setdefault("region_names", ())
        return dataclasses.replace(self, **changes)
