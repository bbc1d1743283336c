"""What the deployment of a force comes to, ready to be published.

Places are in metres of the study's CRS and, where the network lies on Earth, WGS-84 degrees; times
of a day are seconds after midnight.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import shapely

from optimizer.deployment.settings import Vehicle

Status = Literal["optimal", "feasible", "infeasible"]
TargetKind = Literal["point", "line"]
StopKind = Literal["start", "point", "line", "standby", "end"]
Reason = Literal["no_unit", "no_time", "cover", "far"]


@dataclasses.dataclass(frozen=True, slots=True)
class ShiftNeed:
    """What one shift of one weekday needs at a platform, and what it gets.

    Parameters
    ----------
    weekday
        0 is Monday; of the day on which the shift begins.
    shift, start_s, end_s
        Its name, and when it begins and ends; ``end_s`` is larger, beyond a day after midnight.
    hours, calls_per_year
        Hours of work in it, in the mean; calls in all such shifts of a year.
    needed
        Units that the work needs below the line of utilisation, and the vehicles always manned.
    vehicles
        Vehicle -> how many are manned.
    officers, auxiliaries
        People on duty, in the week of the four that has fewest.
    utilisation
        Hours of work over hours on duty of the response units manned; inf if none is manned.
    """

    weekday: int
    shift: str
    start_s: float
    end_s: float
    hours: float
    calls_per_year: float
    needed: int
    vehicles: dict[Vehicle, int]
    officers: int
    auxiliaries: int
    utilisation: float


@dataclasses.dataclass(frozen=True, slots=True)
class RosterRow:
    """One person's day: on duty in a shift with a unit, or off.

    Parameters
    ----------
    person
        Such as "P01-O3" (third officer) or "P01-A12" (twelfth auxiliary): a post, not a name.
    day
        1 to 28; day 1 is a Monday.
    shift, unit
        "" on days off; units are such as "P01-car1", "P01-moto2", "P01-command1", "P01-spare".
    duty
        "on", "off" or "leave".
    """

    platform_id: str
    person: str
    rank: Literal["officer", "auxiliary"]
    day: int
    shift: str
    unit: str
    duty: Literal["on", "off", "leave"]


@dataclasses.dataclass(frozen=True, slots=True)
class PlatformRoster:
    """Four weeks of one platform.

    Parameters
    ----------
    crew_class
        Class of the platform; "" if it has none.
    officers, auxiliaries
        Its people.
    status
        "infeasible": the vehicles that the calls need cannot be manned.
    needs
        Weekday by weekday, shift by shift.
    rows
        Person by person, day by day.
    hours_needed, hours_available
        Person-hours per week that the needed vehicles take, and that the people have.
    short_officers, short_auxiliaries, short_vehicles
        The smallest fix: so many more, the fewest found, and every needed vehicle is manned; people
        are None where no number was found.
    short_shifts
        Shifts of the four weeks in which a needed vehicle is not manned.
    utilisation, busiest
        Hours of work over hours on duty of the response units: in the week, in the busiest shift.
    full_officers, full_auxiliaries
        So many more, the fewest found, and every vehicle is manned around the clock; None: no
        number was found.
    """

    platform_id: str
    crew_class: str
    officers: int
    auxiliaries: int
    status: Status
    needs: tuple[ShiftNeed, ...]
    rows: tuple[RosterRow, ...]
    hours_needed: float
    hours_available: float
    short_officers: int | None
    short_auxiliaries: int | None
    short_vehicles: int
    short_shifts: int
    utilisation: float
    busiest: float
    full_officers: int | None = 0
    full_auxiliaries: int | None = 0


@dataclasses.dataclass(frozen=True, slots=True)
class PatrolStop:
    """One stop of a beat, or one line that it drives along.

    Parameters
    ----------
    kind
        "start" and "end" at the platform; "point" or "line"; "standby" until the next round.
    target_id, name
        Of the point or line; "" at the platform.
    node
        Where it stands; of a line, where it begins.
    arrive_s, leave_s
        Seconds after midnight of the day on which the shift begins.
    travel_s
        From the stop before.
    way
        Road nodes from where the stop before was left to ``node``.
    along
        Road nodes of a line in the order of driving, from ``node`` on; of anything else, none.
    """

    kind: StopKind
    target_id: str
    name: str
    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    street: str
    arrive_s: float
    leave_s: float
    travel_s: float
    way: tuple[int, ...] = ()
    along: tuple[int, ...] = ()

    @property
    def end_node(self) -> int:
        """Where it is left: of a line, where it ends."""
        return self.along[-1] if self.along else self.node


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Beat:
    """The patrol of one unit in one shift.

    Parameters
    ----------
    beat_id
        Such as "P01-day-car1".
    stops
        In their order, all rounds of the shift.
    rounds
        How often the same round is driven.
    path
        The way of one round over the streets.
    driven_km, patrol_share
        Of the shift: way, and share of its time spent on driving and standing.
    """

    beat_id: str
    platform_id: str
    grid_id: str
    shift: str
    unit: str
    vehicle: Vehicle
    stops: tuple[PatrolStop, ...]
    rounds: int
    path: shapely.LineString
    driven_km: float
    patrol_share: float


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """A must-patrol point or line that no beat of a grid and shift has, and why.

    Parameters
    ----------
    reason
        "no_unit": none is manned; "no_time": the round is full; "cover": from there the grid's
        cover would fall below the floor; "far": even alone it does not fit into a round.
    lon, lat, x_m, y_m
        Where it is; of a line, where it begins.
    """

    grid_id: str
    shift: str
    target_id: str
    name: str
    kind: TargetKind
    reason: Reason
    lon: float
    lat: float
    x_m: float
    y_m: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PatrolPlan:
    """All beats.

    Parameters
    ----------
    least_cover
        Grid and shift -> the smallest share of its cover that the grid kept while patrolling.
    targets
        Must-patrol points and lines of all grids.
    """

    beats: tuple[Beat, ...]
    left_out: tuple[LeftOut, ...]
    least_cover: dict[tuple[str, str], float]
    targets: int


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PatrolZone:
    """One key patrol zone.

    Parameters
    ----------
    zone_id
        Such as "Z01", best first.
    hotspots
        Ranks of its hotspots.
    preventable_per_year
        Calls that presence would prevent.
    patrol_hours_per_day
        To stand at each hotspot as often as [patrols] asks, ways included.
    reaction_platform, reaction_s
        Whose units react, and how long they take to its middle.
    outline
        Hull of its hotspots.
    """

    zone_id: str
    hotspots: tuple[int, ...]
    preventable_per_year: float
    patrol_hours_per_day: float
    reaction_platform: str
    reaction_s: float
    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    street: str
    outline: shapely.Geometry


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ZonePlan:
    """The key patrol zones.

    Parameters
    ----------
    preventable_per_year, bound
        Of all zones together, and what no choice of as many zones can exceed.
    """

    zones: tuple[PatrolZone, ...]
    preventable_per_year: float
    bound: float
    status: Status


@dataclasses.dataclass(frozen=True, slots=True)
class QuickResponsePoint:
    """A standing point for a single vehicle.

    Parameters
    ----------
    point_id
        Such as "Q01", the one that closes most first.
    closes_weight, closes_calls_per_year
        Demand that it brings within the standard, beyond platforms and the points before it.
    parent_platform
        The nearest platform, which sends the vehicle.
    """

    point_id: str
    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    street: str
    district: str
    closes_weight: float
    closes_calls_per_year: float
    parent_platform: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class QuickResponsePlan:
    """The points between the platforms.

    Parameters
    ----------
    before_share, after_share, bound_share
        Covered share of all demand without and with them, and what no choice of as many exceeds.
    closable_share
        What points at every place where one may stand would cover.
    least_points
        Where all that can be closed is closed: fewer points than this cannot; else 0.
    """

    vehicle: Vehicle
    points: tuple[QuickResponsePoint, ...]
    before_share: float
    after_share: float
    bound_share: float
    closable_share: float
    status: Status
    least_points: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class VillagePost:
    """One village with its post.

    Parameters
    ----------
    way_m
        Straight way from the place to its road node.
    backup_platform, backup_s
        Who comes, and how long it takes.
    late
        Later than the study allows.
    """

    village_id: str
    name: str
    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    district: str
    way_m: float
    backup_platform: str
    backup_s: float
    late: bool


@dataclasses.dataclass(frozen=True, slots=True)
class VillagePlan:
    """All village posts; ``crew`` is role -> people of each."""

    posts: tuple[VillagePost, ...]
    crew: dict[str, int]
    within_minutes: float

    @property
    def people(self) -> int:
        """People of all posts together."""
        return len(self.posts) * sum(self.crew.values())


@dataclasses.dataclass(frozen=True, slots=True)
class DutyPlan:
    """Who works where and when; what a study does not ask for is None."""

    rosters: tuple[PlatformRoster, ...]
    patrols: PatrolPlan | None
    zones: ZonePlan | None
    quick_response: QuickResponsePlan | None
    villages: VillagePlan | None
