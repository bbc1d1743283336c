"""What the deployment of a force comes to, ready to be published.

Places are in metres of the study's CRS and, where the network lies on Earth, WGS-84 degrees; times
of a day are seconds after midnight.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Literal

import shapely

from optimizer.deployment.patrol_plan import PatrolPlan
from optimizer.deployment.settings import Vehicle
from optimizer.deployment.work_rules import DAYS, WEEKS

Status = Literal["optimal", "feasible", "infeasible"]


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

    @property
    def without_free_sunday(self) -> int:
        """Count the people on duty on all four Sundays."""
        week = DAYS // WEEKS
        sundays = Counter(r.person for r in self.rows if r.duty == "on" and r.day % week == 0)
        return sum(count == WEEKS for count in sundays.values())


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
