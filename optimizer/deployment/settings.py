"""[crew], [patrols], [patrol_zones], [quick_response] and [villages] of a study."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from optimizer.places import PlaceSource

Vehicle = Literal["command_vehicle", "response_car", "motorcycle"]
VEHICLES: tuple[Vehicle, ...] = ("command_vehicle", "response_car", "motorcycle")

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
People = Annotated[int, Field(ge=0, le=1000)]
Vehicles = Annotated[int, Field(ge=0, le=200)]
Minutes = Annotated[float, Field(gt=0, le=24 * 60, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class _Section(BaseModel):
    """A frozen table of study.toml that knows its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class CrewNumbers(_Section):
    """What a class of platforms has where it differs from [crew]; None: as there."""

    command_vehicles: Vehicles | None = None
    response_cars: Vehicles | None = None
    motorcycles: Vehicles | None = None
    officers: People | None = None
    auxiliaries: People | None = None


class CrewSettings(_Section):
    """[crew]: people and vehicles of one platform. Staffing is configuration, never a constant.

    Parameters
    ----------
    command_vehicles, response_cars, motorcycles
        Vehicles of a platform.
    officers, auxiliaries
        Its people, over all shifts.
    shifts, shift_hours
        Shifts of a day, and name -> "HH:MM-HH:MM", which fill the day; without hours, those of
        [demand.shifts] where there are as many, else equal parts of the day.
    handling_minutes, handling
        At the scene per call, and category -> minutes where a category differs.
    aboard, officers_aboard
        Vehicle -> people it needs, and sworn officers among them.
    always
        Vehicle -> how many are manned around the clock, whatever the calls.
    utilisation
        Hours of work over hours on duty of the units of a shift must not exceed this.
    hours_per_week, rest_hours, most_days, leave_days
        Working time per person in the mean, rest between two duties, days on duty in a row, and
        days of leave in four weeks.
    classes, class_of
        Class -> what it has instead; district -> class of its platforms.
    """

    command_vehicles: Vehicles = 1
    response_cars: Vehicles = 2
    motorcycles: Vehicles = 4
    officers: People = 8
    auxiliaries: People = 24
    shifts: Annotated[int, Field(ge=1, le=24)] = 3
    shift_hours: dict[str, str] = {}
    handling_minutes: Minutes = 30.0
    handling: dict[str, Minutes] = {}
    aboard: dict[Vehicle, Annotated[int, Field(ge=1, le=50)]] = {
        "command_vehicle": 2, "response_car": 2, "motorcycle": 1,
    }  # fmt: skip
    officers_aboard: dict[Vehicle, Annotated[int, Field(ge=0, le=50)]] = {
        "command_vehicle": 1, "response_car": 1, "motorcycle": 0,
    }  # fmt: skip
    always: dict[Vehicle, Vehicles] = {"response_car": 1}
    utilisation: Annotated[float, Field(ge=0.01, le=1, allow_inf_nan=False)] = 0.6
    hours_per_week: Annotated[float, Field(gt=0, le=168, allow_inf_nan=False)] = 44.0
    rest_hours: Annotated[float, Field(ge=0, le=48, allow_inf_nan=False)] = 11.0
    most_days: Annotated[int, Field(ge=1, le=28)] = 6
    leave_days: Annotated[int, Field(ge=0, le=27)] = 2
    classes: dict[Name, CrewNumbers] = {}
    class_of: dict[str, str] = {}


class PatrolSettings(_Section):
    """[patrols]: beats of response cars and motorcycles, by grid and shift.

    Parameters
    ----------
    points, lines
        Must-patrol points beside hotspots and key sites, and must-patrol lines: files.
    hotspots, key_sites
        Whether these are must-patrol points too.
    dwell_minutes
        At each point; 10 to 16 minutes deter longest (Koper 1995, doi:10.1080/07418829500096231).
    every_minutes
        Each point and line is passed at least this often.
    patrol_share
        Share of a round that may be spent on driving and standing; the rest is for calls.
    cover_floor
        While on patrol the grid's units reach at least this share of what they reach from the
        platform within the standard.
    reserve
        Units of each shift that stay at the platform.
    steps
        Solutions that the search for a shift's beats looks at: a count, so that every machine
        draws the same beats.
    """

    points: PlaceSource | None = None
    lines: str | None = None
    hotspots: bool = True
    key_sites: bool = True
    dwell_minutes: Annotated[float, Field(ge=1, le=60, allow_inf_nan=False)] = 12.0
    every_minutes: Annotated[float, Field(ge=20, le=24 * 60, allow_inf_nan=False)] = 120.0
    patrol_share: Share = 0.8
    cover_floor: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.8
    reserve: Vehicles = 0
    steps: Annotated[int, Field(ge=1, le=1_000_000)] = 200


class PatrolZoneSettings(_Section):
    """[patrol_zones]: key patrol zones made of hotspots, each with a reaction group.

    Parameters
    ----------
    count
        Number of zones.
    across_minutes
        No two hotspots of a zone are further apart, by road.
    hours_per_day
        Patrol hours of all zones together; None: what ``count`` zones take.
    preventable
        Category -> share of its calls that presence prevents; None: all calls alike.
    """

    count: Annotated[int, Field(ge=1, le=10_000)]
    across_minutes: Minutes = 5.0
    hours_per_day: Positive | None = None
    preventable: dict[str, Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]] | None = None


class QuickResponseSettings(_Section):
    """[quick_response]: standing points for single vehicles between the platforms.

    Parameters
    ----------
    count
        Best so many points; "all": the fewest that close every hole that any point closes.
    candidates
        Where points may stand: at every road node, where platforms may, or at places of a file.
    vehicle
        What stands there.
    time_limit_s
        After this a choice is improved and proven no further.
    """

    count: Annotated[int, Field(ge=1, le=10_000)] | Literal["all"]
    candidates: Literal["roads", "platforms"] | PlaceSource = "roads"
    vehicle: Vehicle = "motorcycle"
    time_limit_s: Positive = 20.0


class VillageSettings(PlaceSource):
    """[villages]: places with a post of their own, manned from the village.

    Parameters
    ----------
    crew
        Role -> people of each post, such as guard = 1, official = 2, volunteer = 2.
    within_minutes
        Back-up later than this is counted as late.
    """

    crew: dict[Name, Annotated[int, Field(ge=1, le=1000)]] = Field(
        default={"auxiliary": 1}, min_length=1
    )
    within_minutes: Minutes = 30.0
