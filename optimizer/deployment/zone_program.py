"""The program of key patrol zones, with zones as its prices ask for them; see `zones`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from optimizer.deployment.zone_problem import Zone, ZoneProblem
from optimizer.deployment.zone_search import Offer, search_zones
from optimizer.errors import SolverError
from optimizer.solvers import Backend

Floats = NDArray[np.float64]

HOURS_SHARE = 0.0005
"""What all patrol hours together may weigh, of what single hotspots would prevent for certain."""
PRICE_ROUNDS = 200
PACKING_GAP = 1e-5
BUDGET_GAP = 1e-4
"""Where hours are limited, they need not be saved to the last minute as well."""
TIME_LIMIT_S = 20.0
ENOUGH = 1e-7
"""Worth, of which the best hotspot has 1, that is too little to look for."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Prices:
    """Prices of hotspots, of an hour and of a zone.

    Parameters
    ----------
    hotspot, hour, zone
        Shape (h,), and two numbers.
    most
        What no zone is worth more than at the first two.
    """

    hotspot: Floats
    hour: float
    zone: float
    most: float = np.inf


class ZoneProgram:
    """Zones that were looked at, and what no choice of zones is worth more than."""

    def __init__(self, problem: ZoneProblem, seed: int, backend: Callable[[], Backend]) -> None:
        self._problem, self._seed, self._backend = problem, seed, backend
        self._unit = float(problem.preventable.max(initial=0.0)) or 1.0
        self._value = problem.preventable / self._unit
        self._gap = PACKING_GAP if np.isinf(problem.hours_per_day) else BUDGET_GAP
        self._order = np.argsort(-self._value, kind="stable")
        self._hours: dict[Zone, float] = {}
        self._most_worth = self._slack = self._hour_cost = 0.0

    @property
    def bound(self) -> float:
        """Calls per year that no choice prevents more than."""
        return self._unit * min(float(self._value.sum()), self._most_worth + self._slack)

    def run(self) -> tuple[Zone, ...]:
        """Price zones in until none is missing, then choose among all that may matter."""
        self._begin()
        if not self._hours:
            return ()
        prices = self._priced()
        chosen, _ = self._packed(list(self._hours))
        worth = sum(map(self._worth, chosen))
        room = self._most_worth - worth
        if room <= self._gap * worth:
            return chosen
        listed, _, complete = self._look(prices, prices.most - room - ENOUGH, every=True)
        if not complete:
            return chosen
        best, bound = self._packed([*chosen, *(z for z in listed if z not in chosen)], chosen)
        self._most_worth = min(self._most_worth, bound)
        return best

    def _begin(self) -> None:
        """Take up each hotspot as a zone of its own, and say what an hour may cost."""
        problem, singles = self._problem, [(int(h),) for h in self._order if self._value[h] > 0]
        for zone in singles:
            hours = problem.zone_hours(zone)
            if hours <= problem.hours_per_day * (1 + 1e-9) and problem.dwell_s <= problem.round_s:
                self._hours[zone] = hours
        if self._hours:
            hours = next(iter(self._hours.values()))
            some = int(min(problem.count, problem.hours_per_day * (1 + 1e-9) // hours))
            sure = float(sum(self._value[zone[0]] for zone in singles[:some]))
            self._slack = HOURS_SHARE * sure
            self._hour_cost = self._slack / problem.most_hours
            self._most_worth = float(self._value.sum())

    def _worth(self, zone: Zone) -> float:
        return float(self._value[list(zone)].sum()) - self._hour_cost * self._hours[zone]

    def _priced(self) -> _Prices:
        """Solve the linear program with zones as its prices ask for them; the best prices seen."""
        best = _Prices(self._value, 0.0, 0.0, 0.0)
        for _ in range(PRICE_ROUNDS):
            prices = self._linear_prices()
            known = len(self._hours)
            _, most, _ = self._look(prices, prices.zone + ENOUGH, every=False)
            prices = dataclasses.replace(prices, most=most)
            bound = self._bound_at(prices)
            if bound <= self._most_worth:
                best, self._most_worth = prices, bound
            if len(self._hours) == known:
                break
        return best

    def _bound_at(self, prices: _Prices) -> float:
        """Say what no choice is worth more than, from prices that need not be the best ones."""
        hours = prices.hour * self._problem.hours_per_day if prices.hour else 0.0
        zones = self._problem.count * max(0.0, prices.most)
        return float(prices.hotspot.sum()) + hours + zones

    def _linear_prices(self) -> _Prices:
        """Solve the linear program over the zones looked at so far."""
        zones, problem = list(self._hours), self._problem
        hotspots = len(self._value)
        member: list[int] = [hotspot for zone in zones for hotspot in zone]
        of_zone = np.repeat(np.arange(len(zones)), [len(zone) for zone in zones])
        rows = sparse.coo_array(
            (np.ones(len(member)), (member, of_zone)), shape=(hotspots, len(zones))
        )
        limits = [np.ones(hotspots), np.array([float(problem.count)])]
        parts = [rows, np.ones((1, len(zones)))]
        if np.isfinite(problem.hours_per_day):
            parts.append(np.array([list(self._hours.values())]))
            limits.append(np.array([problem.hours_per_day]))
        found = linprog(
            [-self._worth(zone) for zone in zones],
            A_ub=sparse.vstack(parts).tocsr(), b_ub=np.concatenate(limits), method="highs",
        )  # fmt: skip
        if found.x is None:
            raise SolverError(f"HiGHS found no prices for patrol zones: {found.message}")
        price = np.maximum(0.0, -found.ineqlin.marginals)
        hour = float(price[hotspots + 1]) if len(price) > hotspots + 1 else 0.0
        return _Prices(price[:hotspots], hour, float(price[hotspots]))

    def _look(
        self, prices: _Prices, floor: float, *, every: bool
    ) -> tuple[list[Zone], float, bool]:
        """Find zones worth more than ``floor`` at some prices; what none exceeds; whether all."""
        problem = self._problem
        profit = self._value - prices.hotspot
        order = np.argsort(-profit, kind="stable")
        per_s = (self._hour_cost + prices.hour) * problem.rounds_per_day / 3600
        member, size, most, complete = search_zones(
            Offer(
                problem.travel_s[np.ix_(order, order)], problem.near[np.ix_(order, order)],
                profit[order], per_s, problem.dwell_s, problem.round_s,
            ),
            floor, every,
        )  # fmt: skip
        zones = [tuple(sorted(order[row[:count]].tolist()))
                 for row, count in zip(member, size, strict=True)]  # fmt: skip
        for zone in zones:
            if zone not in self._hours:
                self._hours[zone] = problem.zone_hours(zone)
        return zones, float(most), bool(complete)

    def _packed(
        self, zones: list[Zone], known: tuple[Zone, ...] = ()
    ) -> tuple[tuple[Zone, ...], float]:
        """Choose among listed zones by a solver; also what no choice of them is worth more than."""
        model, problem = self._backend(), self._problem
        y = [model.binary(f"y{at}") for at in range(len(zones))]
        for hotspot in range(len(self._value)):
            held_by = [y[at] for at, zone in enumerate(zones) if hotspot in zone]
            if len(held_by) > 1:
                model.require(model.sum(held_by) <= 1)
        model.require(model.sum(y) <= problem.count)
        if np.isfinite(problem.hours_per_day):
            hours = [self._hours[zone] for zone in zones]
            model.require(model.weighted_sum(y, hours) <= problem.hours_per_day)
        worth = [self._worth(zone) for zone in zones]
        model.maximize(model.weighted_sum(y, worth))
        model.start_from({f"y{at}": 1.0 for at, zone in enumerate(zones) if zone in known})
        outcome = model.solve(gap=self._gap, time_limit_s=TIME_LIMIT_S, seed=self._seed)
        chosen = tuple(
            zone for at, zone in enumerate(zones) if outcome.values.get(f"y{at}", 0) > 0.5
        )
        bound = sum(worth) if outcome.bound is None else outcome.bound
        return chosen, bound
