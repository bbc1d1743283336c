"""Key patrol zones: hotspots gathered into zones that one group can patrol, most prevented first.

Zones S are sets of hotspots of which no two are further apart than allowed, and whose round (stops
and the shortest closed way through them) fits into the time of a round. With y_S = 1 where S is a
zone:

maximise    sum_S (v_S - c h_S) y_S
subject to  sum_{S contains h} y_S <= 1          for every hotspot h
            sum_S y_S <= K
            sum_S h_S y_S <= H                   where patrol hours are limited
            y_S in {0, 1}

v_S is what presence prevents in a year, h_S the patrol hours per day; c is so small that all hours
together weigh at most `HOURS_SHARE` of all that could be prevented: it settles ties in favour of
short rounds. There are too many S to list, so the linear program gets them as its prices ask for
them; prices u, q, m of the three rows bound every choice,

    v <= sum_h u_h + m H + K max_S (v_S - c h_S - sum_{h in S} u_h - m h_S)^+ + c H',

with H' as many hours as K zones can take at most. Last, all zones that the bound does not rule out
are handed to a solver, if they can be listed.

Source: set packing by columns, Barnhart et al. 1998, doi:10.1287/opre.46.3.316; listing what the
gap leaves, Baldacci, Christofides & Mingozzi 2008, doi:10.1007/s10107-007-0178-5.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from optimizer.deployment.zone_search import MOST_HOTSPOTS, search_zones, shortest_round_s
from optimizer.errors import SolverError
from optimizer.solvers import Backend, HighsBackend

Floats = NDArray[np.float64]
Zone = tuple[int, ...]

GAP = 0.001
"""A choice within this share of the bound is called optimal, as platforms are."""
HOURS_SHARE = 0.0005
HALF_MS_S = 0.0005
PRICE_ROUNDS = 200
MOST_SETS = 300_000
MOST_LISTED = 1_500
PACKING_GAP = 1e-5
BUDGET_GAP = 1e-4
"""Where hours are limited, they need not be saved to the last minute as well."""
TIME_LIMIT_S = 20.0
ENOUGH = 1e-7
"""Worth, of which the best hotspot has 1, that is too little to look for."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ZoneProblem:
    """What zones may be made of h hotspots; arrays are copied and made read-only.

    Parameters
    ----------
    preventable
        Calls per year that presence at each hotspot prevents, at least 0, shape (h,).
    travel_s
        Shortest ways from each hotspot to each, seconds, shape (h, h).
    across_s
        No two hotspots of a zone are further apart, whichever way one drives.
    dwell_s, round_s
        Length of a stop, and of a round at most.
    rounds_per_day
        How often each round is made.
    count
        Most zones.
    hours_per_day
        Most patrol hours of all zones together; inf: any.
    """

    preventable: Floats
    travel_s: Floats
    across_s: float
    dwell_s: float
    round_s: float
    rounds_per_day: float
    count: int
    hours_per_day: float

    def __post_init__(self) -> None:
        for name in ("preventable", "travel_s"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def near(self) -> NDArray[np.bool_]:
        """Which hotspots may share a zone, shape (h, h)."""
        apart_s = np.maximum(self.travel_s, self.travel_s.T)
        close: NDArray[np.bool_] = apart_s <= self.across_s + HALF_MS_S
        return close

    @property
    def most_hours(self) -> float:
        """Patrol hours per day that as many zones can take at most."""
        longest = self.count * self.rounds_per_day * self.round_s / 3600
        return min(self.hours_per_day, longest)

    def zone_round_s(self, zone: Zone) -> float:
        """Time one round: a stop at each hotspot, and the shortest closed way."""
        way_s = shortest_round_s(self.travel_s, np.array(zone, np.int64), len(zone))
        return len(zone) * self.dwell_s + way_s

    def zone_hours(self, zone: Zone) -> float:
        """Patrol hours per day of a zone."""
        return self.rounds_per_day * self.zone_round_s(zone) / 3600

    def prevented(self, zones: Iterable[Zone]) -> float:
        """Add up what presence in some zones prevents in a year."""
        return float(sum(self.preventable[list(zone)].sum() for zone in zones))

    def broken_rules(self, zones: tuple[Zone, ...]) -> list[str]:
        """Sentences naming every rule that these zones would break."""
        used = [hotspot for zone in zones for hotspot in zone]
        broken = ["a hotspot is in two zones"] * (len(set(used)) < len(used))
        if len(zones) > self.count:
            broken.append(f"there are {len(zones)} zones, not {self.count}")
        near = self.near
        for zone in zones:
            if not near[np.ix_(zone, zone)].all():
                broken.append(f"the hotspots {zone} are too far apart")
            if not 0 < len(zone) <= MOST_HOTSPOTS or self.zone_round_s(zone) > self.round_s + 1e-3:
                broken.append(f"no round through the hotspots {zone} is short enough")
        if sum(map(self.zone_hours, zones)) > self.hours_per_day * (1 + 1e-6):
            broken.append("the zones take too many patrol hours")
        return broken


@dataclasses.dataclass(frozen=True, slots=True)
class ZoneChoice:
    """Zones as sets of hotspots, most prevented first, and what no other choice exceeds."""

    zones: tuple[Zone, ...]
    prevented: float
    bound: float
    status: Literal["optimal", "feasible"]


def choose_zones(
    problem: ZoneProblem, *, seed: int = 0, backend: Callable[[], Backend] = HighsBackend
) -> ZoneChoice:
    """Choose zones that prevent most.

    Raises
    ------
    SolverError
        The solver fails, or its zones break a rule or prevent more than was proven possible.
    """
    search = _Search(problem, seed, backend)
    zones = search.run()
    prevented = problem.prevented(zones)
    broken = problem.broken_rules(zones)
    if prevented > search.bound * (1 + 1e-6) + 1e-9:
        broken.append(f"they prevent {prevented}, more than the bound {search.bound}")
    if broken:
        raise SolverError(f"The patrol zones break their own rules: {'; '.join(broken)}.")
    ranked = sorted(zones, key=lambda zone: (-problem.prevented([zone]), zone))
    bound = max(search.bound, prevented)
    is_best = bound - prevented <= GAP * bound
    return ZoneChoice(tuple(ranked), prevented, bound, "optimal" if is_best else "feasible")


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


class _Search:
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
            problem.travel_s[np.ix_(order, order)], problem.near[np.ix_(order, order)],
            profit[order], per_s, problem.dwell_s, problem.round_s, floor, every,
            MOST_SETS, MOST_LISTED,
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
