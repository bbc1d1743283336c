"""Beats for every grid and shift: must-patrol points and lines, and the cover kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.demand import Hotspots
from optimizer.deployment import Beat, LeftOut, PatrolPlan, PlatformRoster, ShiftNeed, Vehicle
from optimizer.deployment.beats import BeatWriter, PatrolShift, Places
from optimizer.deployment.cover_kept import GridCover
from optimizer.deployment.grid_demand import GridDemand
from optimizer.deployment.replay import Replayer
from optimizer.deployment.rounds import PatrolGround, RoundPlan
from optimizer.deployment.street_ways import StreetWays
from optimizer.deployment.targets import Target, by_grid
from optimizer.deployment.unit_names import unit_name
from optimizer.districts import GridPlan
from optimizer.errors import SolverError
from optimizer.evaluation import Platform
from optimizer.planning.duty.patrol_targets import patrol_targets
from optimizer.planning.inputs import CityInputs
from optimizer.study import Study

RESPONSE_UNITS: tuple[Vehicle, ...] = ("response_car", "motorcycle")
"""What goes on patrol, cars first."""


def plan_patrols(
    study: Study,
    inputs: CityInputs,
    hotspots: Hotspots,
    platforms: Sequence[Platform],
    grids: GridPlan,
    rosters: Sequence[PlatformRoster],
) -> PatrolPlan:
    """Plan the beats of the response cars and motorcycles, and drive them again.

    Units are those of the weekday on which a shift has fewest, so that a beat can be driven on
    every day of the week.

    Parameters
    ----------
    platforms, grids, rosters
        In the same order of platforms.

    Raises
    ------
    SolverError
        A beat does not hold when it is driven again; nothing is planned then.
    """
    planner = _Planner(study, inputs, hotspots, grids)
    beats: list[Beat] = []
    left_out: list[LeftOut] = []
    least_cover: dict[tuple[str, str], float] = {}
    for index, (platform, roster) in enumerate(zip(platforms, rosters, strict=True)):
        grid = planner.grid(index, platform)
        for shift in _shifts(grids.rows[index].grid_id, platform, roster):
            own = grid.beats(shift)
            beats += own
            left_out += grid.left_out(shift)
            least_cover[shift.grid_id, shift.shift] = grid.plan(shift).least_cover
    return PatrolPlan(tuple(beats), tuple(left_out), least_cover, planner.target_count)


def _shifts(grid_id: str, platform: Platform, roster: PlatformRoster) -> Iterator[PatrolShift]:
    """Take each shift with the units of the weekday that mans fewest."""
    needs: dict[str, list[ShiftNeed]] = {}
    for need in roster.needs:
        needs.setdefault(need.shift, []).append(need)
    for shift, days in needs.items():
        worst = min(days, key=lambda need: (len(_units(platform.platform_id, need)), need.weekday))
        yield PatrolShift(
            grid_id=grid_id,
            platform_id=platform.platform_id,
            platform_node=platform.node,
            shift=shift,
            start_s=round(worst.start_s),
            end_s=round(worst.end_s),
            units=_units(platform.platform_id, worst),
        )


def _units(platform_id: str, need: ShiftNeed) -> tuple[tuple[str, Vehicle], ...]:
    return tuple(
        (unit_name(platform_id, vehicle, number), vehicle)
        for vehicle in RESPONSE_UNITS
        for number in range(1, need.vehicles[vehicle] + 1)
    )


class _Planner:
    """What the grids of a study share."""

    def __init__(
        self, study: Study, inputs: CityInputs, hotspots: Hotspots, grids: GridPlan
    ) -> None:
        self.study = study
        self.inputs = inputs
        self.ways = StreetWays.over(inputs.network)
        files = inputs.duty.patrols
        targets = patrol_targets(study, inputs, hotspots, files, self.ways)
        self.target_count = len(targets)
        self.owner = grids.variant.grid_of_node
        self._of_grid = by_grid(targets, self.owner)
        self.replayer = Replayer(inputs.network, study.settings.patrols)

    def grid(self, index: int, platform: Platform) -> _GridPatrols:
        """Gather what one grid is about."""
        self.ways.forget()
        return _GridPatrols(self, platform, self._demand(index), self._of_grid.get(index, []))

    def _demand(self, index: int) -> GridDemand:
        demand = self.inputs.demand
        own = self.owner[demand.node] == index
        drive_s = demand.standard_s[own] - self.study.settings.standards.turnout_seconds
        return GridDemand(demand.node[own], demand.weight[own], drive_s)


class _GridPatrols:
    """The patrols of one grid; shifts that ask the same question get the same rounds."""

    def __init__(
        self,
        planner: _Planner,
        platform: Platform,
        demand: GridDemand,
        targets: Sequence[Target],
    ) -> None:
        network, self._settings = planner.inputs.network, planner.study.settings.patrols
        self._demand = demand
        self._replayer = planner.replayer
        self._targets = tuple(targets)
        self._places = Places.of(
            network, [platform.node, *(v.nodes[0] for t in targets for v in t.visits)]
        )
        self._writer = BeatWriter(planner.ways, self._places, targets, self._settings)
        self._ground = PatrolGround(
            ways=planner.ways,
            platform_node=platform.node,
            targets=self._targets,
            cover=GridCover(network, platform.node, demand),
            settings=self._settings,
        )
        self._plans: dict[tuple[int, int], RoundPlan] = {}

    def plan(self, shift: PatrolShift) -> RoundPlan:
        """Plan the rounds of a shift, or recall them."""
        question = (len(shift.units), shift.limit_s(self._settings))
        if question not in self._plans:
            self._plans[question] = self._ground.plan(*question)
        return self._plans[question]

    def beats(self, shift: PatrolShift) -> list[Beat]:
        """Write the beats of a shift, and drive them again over the roads.

        Raises
        ------
        SolverError
            A beat does not hold.
        """
        beats = self._writer.write(shift, self.plan(shift).rounds)
        driven = self._replayer.replay(
            beats,
            (shift.start_s, shift.end_s),
            self._demand,
            len(shift.units),
        )
        if driven.faults:
            raise SolverError(
                f"The patrols of {shift.grid_id} in the shift {shift.shift} do not hold: "
                f"{'; '.join(driven.faults)}; nothing was planned."
            )
        return beats

    def left_out(self, shift: PatrolShift) -> Iterator[LeftOut]:
        """Tell what no beat of a shift has, and why."""
        for index, reason in sorted(self.plan(shift).left_out.items()):
            target, places = self._targets[index], self._places
            row = places.row(target.node)
            yield LeftOut(
                shift.grid_id, shift.shift, target.target_id, target.name, target.kind, reason,
                lon=float(places.lon[row]), lat=float(places.lat[row]),
                x_m=float(places.x_m[row]), y_m=float(places.y_m[row]),
            )  # fmt: skip
