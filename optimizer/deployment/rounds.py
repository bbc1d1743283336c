"""The rounds of one grid's units: what fits into the time, and keeps the cover."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.cover_kept import GridCover, Track
from optimizer.deployment.exact_rounds import MOST_VISITS, exact_rounds
from optimizer.deployment.patrol_plan import Reason
from optimizer.deployment.round_order import quickest_order
from optimizer.deployment.round_problem import RoundProblem
from optimizer.deployment.routing import find_rounds
from optimizer.deployment.settings import PatrolSettings
from optimizer.deployment.street_ways import StreetWays
from optimizer.deployment.targets import Target, Visit
from optimizer.roads import travel_times

ROUNDING = 1e-9


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One stop of a round: the way there, and the visit.

    Parameters
    ----------
    target
        Index of the target.
    travel_s
        Whole seconds from the stop before.
    way
        Junctions from there to where the visit begins.
    """

    target: int
    visit: Visit
    travel_s: int
    way: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Round:
    """One round of one unit, from the platform to the platform.

    Parameters
    ----------
    home_s, home
        Whole seconds back from the last stop, and the junctions on the way.
    bound_s
        No round past these targets is quicker.
    """

    calls: tuple[Call, ...]
    home_s: int
    home: tuple[int, ...]
    bound_s: int

    @property
    def duration_s(self) -> int:
        """Time from the platform to the platform."""
        return self.home_s + sum(call.travel_s + call.visit.service_s for call in self.calls)

    def nodes(self) -> tuple[int, ...]:
        """List all junctions of the round in their order."""
        nodes = [self.home[-1]]
        for call in self.calls:
            nodes += [*call.way[1:], *call.visit.nodes[1:]]
        return (*nodes, *self.home[1:])


@dataclasses.dataclass(frozen=True, slots=True)
class RoundPlan:
    """The rounds of a grid's units.

    Parameters
    ----------
    rounds
        Of each unit on patrol, the longest first.
    left_out
        Target -> why no round has it.
    least_cover
        Smallest share of its cover that the grid keeps.
    """

    rounds: tuple[Round, ...]
    left_out: dict[int, Reason]
    least_cover: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PatrolGround:
    """A grid with its targets, its platform and the cover that has to be kept."""

    ways: StreetWays
    platform_node: int
    targets: tuple[Target, ...]
    cover: GridCover
    settings: PatrolSettings

    def plan(self, units: int, limit_s: int) -> RoundPlan:
        """Plan the rounds of some units, of which ``reserve`` stay at the platform.

        First all others go on patrol. Where the cover would fall below the floor, the least
        target on the way at that moment is taken out, until it does not; or one unit more stays at
        the platform, which keeps the cover whole: whichever has more worth.

        Parameters
        ----------
        limit_s
            Longest round.
        """
        search = _Search(self, limit_s)
        out: dict[int, Reason] = dict.fromkeys(range(len(self.targets)), "no_unit")
        roaming = units - self.settings.reserve
        if roaming <= 0:
            return RoundPlan((), out, 1.0)
        staying = units - roaming
        free = search.rounds(roaming, ())
        chosen, kept, barred = search.within_floor(roaming, staying)
        if barred and roaming > 1:
            one_stays = search.rounds(roaming - 1, ())
            if search.problem.worth_of(one_stays) > search.problem.worth_of(chosen):
                chosen, kept = one_stays, 1.0
        could = barred | search.served(free)
        out = {
            target: "far" if target not in search.in_reach
            else "cover" if target in could else "no_time"
            for target in range(len(self.targets))
            if target not in search.served(chosen)
        }  # fmt: skip
        return RoundPlan(tuple(search.round_of(visits) for visits in chosen), out, kept)


class _Search:
    """One question about one grid, and the visits that it is made of."""

    def __init__(self, ground: PatrolGround, limit_s: int) -> None:
        self._ground = ground
        pairs = [(t, visit) for t, target in enumerate(ground.targets) for visit in target.visits]
        self._visits = [visit for _, visit in pairs]
        self.problem = RoundProblem(
            travel_s=self._travel_s(limit_s),
            service_s=np.array([visit.service_s for visit in self._visits], dtype=np.int64),
            target=np.array([target for target, _ in pairs], dtype=np.int64),
            worth=np.array([target.worth for target in ground.targets], dtype=np.int64),
            limit_s=limit_s,
        )
        self.in_reach = {int(target) for target in self.problem.target[self.problem.in_reach()]}
        self._answers: dict[tuple[int, frozenset[int]], list[list[int]]] = {}
        self._bound_s: dict[tuple[int, ...], int] = {}

    def _travel_s(self, limit_s: int) -> NDArray[np.int64]:
        """Time the ways between visits in whole seconds, rounded up."""
        home = self._ground.platform_node
        leave = np.array([home, *(visit.nodes[-1] for visit in self._visits)], dtype=np.int32)
        enter = np.array([home, *(visit.nodes[0] for visit in self._visits)], dtype=np.int32)
        times = travel_times(self._ground.ways.network, leave, enter, float(limit_s))
        travel_s = np.minimum(times.table(len(enter)), limit_s + 1)
        milliseconds = np.rint(1000 * travel_s).astype(np.int64)
        whole: NDArray[np.int64] = -(-milliseconds // 1000)
        return whole

    def served(self, rounds: Iterable[Sequence[int]]) -> set[int]:
        return {int(self.problem.target[visit]) for visits in rounds for visit in visits}

    def rounds(self, units: int, barred: Collection[int]) -> list[list[int]]:
        """Find the best rounds without some targets: exactly where few visits are in reach."""
        question = (units, frozenset(barred))
        if question not in self._answers:
            visits = self.problem.in_reach(barred)
            part = self.problem.take(visits)
            if len(visits) <= MOST_VISITS:
                found = exact_rounds(part, units)
            else:
                found = find_rounds(part, units, self._ground.settings.steps)
            ordered = [quickest_order(part, own) for own in found]
            ordered.sort(key=lambda one: (-part.duration_s(one[0]), one[0]))
            self._answers[question] = [visits[own].tolist() for own, _ in ordered]
            for own, (_, bound_s) in zip(self._answers[question], ordered, strict=True):
                self._bound_s[tuple(own)] = bound_s
        return self._answers[question]

    def within_floor(self, units: int, staying: int) -> tuple[list[list[int]], float, set[int]]:
        """Take targets out until the cover is kept: the rounds, the share kept, what is out."""
        floor = self._ground.settings.cover_floor
        barred = self._hopeless(floor) if units + staying == 1 else set()
        while True:
            rounds = self.rounds(units, barred)
            tracks = [track_of(self.round_of(visits), self._ground.ways) for visits in rounds]
            idle = units + staying - len(tracks)
            at_home = [Track((self._ground.platform_node,), (0.0,))] * min(idle, 1)
            kept, moment = self._ground.cover.least([*tracks, *at_home])
            if kept >= floor - ROUNDING or not rounds:
                return rounds, kept, barred
            barred |= {self._at_fault(rounds, moment)}

    def _hopeless(self, floor: float) -> set[int]:
        """Find the targets from which a single unit does not keep the cover."""
        cover, visits = self._ground.cover, self._visits
        cover.prepare(node for visit in visits for node in visit.nodes)
        keeps = [all(cover.kept([(node, 0.0)]) >= floor - ROUNDING for node in visit.nodes)
                 for visit in visits]  # fmt: skip
        targets = range(len(self._ground.targets))
        return set(targets) - {int(t) for t, ok in zip(self.problem.target, keeps, strict=True)
                               if ok}  # fmt: skip

    def _at_fault(self, rounds: list[list[int]], moment: float) -> int:
        """Choose the least target that some unit serves, or drives to or from, at a moment."""
        on_the_way = []
        for visits in rounds:
            walk, clock = self.round_of(visits), 0
            for call in walk.calls:
                clock += call.travel_s + call.visit.service_s
                if clock > moment:
                    on_the_way.append(call.target)
                    break
            else:
                if moment < walk.duration_s:
                    on_the_way.append(walk.calls[-1].target)
        worth = self.problem.worth
        return min(on_the_way, key=lambda target: (int(worth[target]), -target))

    def round_of(self, visits: Sequence[int]) -> Round:
        """Spell a round out: with its ways over the streets."""
        ways, here, row = self._ground.ways, self._ground.platform_node, 0
        calls = []
        for index in visits:
            visit = self._visits[index]
            calls.append(
                Call(
                    int(self.problem.target[index]), visit,
                    int(self.problem.travel_s[row, index + 1]), ways.way(here, visit.nodes[0]),
                )
            )  # fmt: skip
            here, row = visit.nodes[-1], index + 1
        home = ways.way(here, self._ground.platform_node)
        home_s = int(self.problem.travel_s[row, 0])
        return Round(tuple(calls), home_s, home, self._bound_s[tuple(visits)])


def track_of(walk: Round, ways: StreetWays) -> Track:
    """Follow a unit through its round, junction by junction."""
    nodes, at_s = [walk.home[-1]], [0.0]

    def drive(way: Sequence[int], start_s: int, end_s: int) -> None:
        passed_s = start_s + np.cumsum(ways.seconds(way))
        nodes.extend((*way[1:], way[-1]))
        at_s.extend((*np.minimum(passed_s, end_s).tolist(), float(end_s)))

    clock = 0
    for call in walk.calls:
        drive(call.way, clock, clock + call.travel_s)
        clock += call.travel_s
        drive(call.visit.nodes, clock, clock + call.visit.service_s)
        clock += call.visit.service_s
    drive(walk.home, clock, walk.duration_s)
    return Track(tuple(nodes), tuple(at_s))
