"""Two platforms side by side, each with its square kilometre, its crew, and a little of all else.

West has 12 calls a day and too few at night; East needs a third officer. Their common border runs
along x = 1000 m from the corner (3 E, 50 N).
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from pyproj import CRS

from optimizer.deployment import (
    Beat,
    DutyPlan,
    LeftOut,
    PatrolPlan,
    PatrolStop,
    PatrolZone,
    PlatformRoster,
    QuickResponsePlan,
    QuickResponsePoint,
    RosterRow,
    ShiftNeed,
    VillagePlan,
    VillagePost,
    ZonePlan,
)
from optimizer.districts import Crosswalk, GridLoad, GridPlan, GridRow, GridVariant
from optimizer.places import project, unproject

UTM = CRS.from_user_input("EPSG:32631")
X0, Y0 = (float(value[0]) for value in project([3.0], [50.0], UTM))


def place(x_m: float, y_m: float) -> dict[str, float]:
    """Metres from the corner, as the columns of a place."""
    lon, lat = unproject(np.array([X0 + x_m]), np.array([Y0 + y_m]), UTM)
    return {"lon": float(lon[0]), "lat": float(lat[0]), "x_m": X0 + x_m, "y_m": Y0 + y_m}


def box(west: float, east: float) -> shapely.Polygon:
    return shapely.box(X0 + west, Y0, X0 + east, Y0 + 1000)


def variant(
    name: str,
    hours: tuple[float, float],
    travel_s: float,
    calls: tuple[float, float] = (4380.0, 4380.0),
) -> GridVariant:
    is_balanced = name == "balanced"
    return GridVariant(
        name=name,  # type: ignore[arg-type]
        grid_of_node=np.array([0, 0, 1, 1], np.int32),
        hours=np.array(hours),
        calls_per_year=np.array(calls),
        group=np.zeros(2, np.int32),
        spread=max(hours) / (sum(hours) / 2) - 1,
        tolerance=0.1 if is_balanced else math.inf,
        tolerance_of_group=np.array([0.1 if is_balanced else math.inf]),
        impossible_below=np.array([0.0625 if is_balanced else 0.0]),
        travel_s=travel_s,
        bound_s=travel_s - 3 if is_balanced else travel_s,
        status="feasible" if is_balanced else "optimal",
        covered_share=0.9,
    )


def grid(number: int, polygon: shapely.Polygon, hours: float, nearest_hours: float) -> GridRow:
    return GridRow(
        grid_id=f"G-P0{number}",
        name=("Depot", "=Market")[number - 1],
        platform_id=f"P0{number}",
        group="",
        tolerance=0.1,
        calls_per_year=4380.0,
        hours_per_day=hours,
        hours_by_shift={"day": hours - 1, "night": 1.0},
        load_share=hours / 10,
        nearest_hours_per_day=nearest_hours,
        travel_s=90.0,
        nearest_travel_s=80.0,
        covered_share=0.95,
        backup_platform=f"P0{3 - number}",
        backup_covered_share=0.5,
        safety_index=61.25,
        area_km2=1.0,
        nodes=2,
        compactness=0.785,
        polygon=polygon,
    )


def grids() -> GridPlan:
    """West gives 100 m of its ground to East, and its work with it: 14 : 6 becomes 10.5 : 9.5."""
    return GridPlan(
        chosen="balanced",
        variants=(variant("balanced", (10.5, 9.5), 95.0), variant("nearest", (14.0, 6.0), 80.0)),
        rows=(grid(1, box(0, 1000), 10.5, 14.0), grid(2, box(1000, 2000), 9.5, 6.0)),
        loads=(
            GridLoad("G-P01", "theft", "day", 3000.0, 7.0),
            GridLoad("G-P01", "fight", "day", 1378.0, 3.0),
            GridLoad("G-P01", "theft", "night", 1.0, 0.25),
            GridLoad("G-P01", "fight", "night", 1.0, 0.25),
            GridLoad("G-P02", "theft", "day", 2000.0, 4.0),
            GridLoad("G-P02", "fight", "day", 378.0, 1.0),
            GridLoad("G-P02", "theft", "night", 2000.0, 4.0),
            GridLoad("G-P02", "rare", "night", 2.0, 0.5),
        ),
        crosswalk=(
            Crosswalk("c1", "G-P01", 1, 4379.0, 10.0),
            Crosswalk("c2", "G-P01", 1, 1.0, 0.5),
            Crosswalk("c3", "G-P01", 0, 0.0, 0.0),
            Crosswalk("c4", "G-P02", 2, 4380.0, 9.5),
        ),
        outlines=(box(0, 1100), box(1100, 2000)),
        split_nodes=0,
        asked_tolerance=0.05,
        extra_pieces=1,
        holes=0,
        astray=2,
    )


def need(weekday: int, shift: str, start_h: float, end_h: float, utilisation: float) -> ShiftNeed:
    vehicles = {"response_car": 1, "motorcycle": 1}
    return ShiftNeed(
        weekday, shift, 3600 * start_h, 3600 * end_h, 4.0, 700.0, 2, vehicles, 1, 2, utilisation
    )  # type: ignore[arg-type]


def roster(number: int) -> PlatformRoster:
    """One officer by day and off by night; the second platform is one officer short."""
    short, name = number - 1, f"P0{number}"
    return PlatformRoster(
        platform_id=name,
        crew_class="city",
        officers=2,
        auxiliaries=4,
        status="infeasible" if short else "optimal",
        needs=(need(0, "day", 8, 20, 0.5), need(0, "night", 20, 32, 0.7 if short else 0.25)),
        rows=(
            RosterRow(name, f"{name}-O1", "officer", 8, "night", f"{name}-car1", "on"),
            RosterRow(name, f"{name}-O1", "officer", 9, "", "", "off"),
        ),
        hours_needed=300.0,
        hours_available=264.0,
        short_officers=short,
        short_auxiliaries=0,
        short_vehicles=0,
        short_shifts=3 * short,
        utilisation=0.4,
        busiest=0.7 if short else 0.5,
    )  # fmt: skip


def stop(kind: str, target: str, x_m: float, arrive_s: float, leave_s: float) -> PatrolStop:
    return PatrolStop(
        kind=kind,  # type: ignore[arg-type]
        target_id=target,
        name=target and f"Square {target}",
        node=1,
        **place(x_m, 500),
        street="Elm Street",
        arrive_s=arrive_s,
        leave_s=leave_s,
        travel_s=60.0,
    )


def beat(shift: str, start_s: float) -> Beat:
    return Beat(
        beat_id=f"P01-{shift}-car1",
        platform_id="P01",
        grid_id="G-P01",
        shift=shift,
        unit="P01-car1",
        vehicle="response_car",
        stops=(
            stop("start", "", 500, start_s, start_s),
            stop("point", "t1", 800, start_s + 60, start_s + 780),
            stop("line", "t2", 700, start_s + 800, start_s + 860),
            stop("standby", "", 500, start_s + 920, start_s + 7200),
            stop("point", "t1", 800, start_s + 7260, start_s + 7980),
            stop("end", "", 500, start_s + 8040, start_s + 8040),
        ),
        rounds=2,
        path=shapely.LineString([(X0 + 500, Y0 + 500), (X0 + 800, Y0 + 500), (X0 + 500, Y0 + 500)]),
        driven_km=1.2,
        patrol_share=0.25,
        round_s=920,
        round_bound_s=900,
    )


def duty() -> DutyPlan:
    """Everything once: a beat by day and the same one over midnight, a zone, a point, villages."""
    patrols = PatrolPlan(
        beats=(beat("day", 28_800.0), beat("night", 86_000.0)),
        left_out=(
            LeftOut("G-P02", "night", "t9", "Far farm", "point", "far", **place(1400, 700)),
            LeftOut("G-P02", "day", "t9", "Far farm", "point", "no_unit", **place(1400, 700)),
        ),
        least_cover={("G-P01", "day"): 0.9, ("G-P01", "night"): 0.85, ("G-P02", "night"): 1.0},
        targets=3,
    )
    zone = PatrolZone(
        "Z01", (1, 3), 250.5, 6.5, "P01", 75.0, 1, **place(800, 500), street="Elm Street",
        outline=shapely.Point(X0 + 800, Y0 + 500).buffer(150),
    )  # fmt: skip
    points = tuple(
        QuickResponsePoint(f"Q0{k}", k, **place(1500 + 100 * k, 200), street="Oak Street",
                           district="East", closes_weight=calls, closes_calls_per_year=calls,
                           parent_platform="P02")
        for k, calls in ((1, 120.0), (2, 1.0))
    )  # fmt: skip
    villages = (
        VillagePost("v1", "Upper Mill", 1, **place(400, 300), district="West", way_m=30.0,
                    backup_platform="P01", backup_s=300.0, late=False),
        VillagePost("v2", "Far Mill", 2, **place(1800, 800), district="East", way_m=400.0,
                    backup_platform="P02", backup_s=2400.0, late=True),
    )  # fmt: skip
    return DutyPlan(
        rosters=(roster(1), roster(2)),
        patrols=patrols,
        zones=ZonePlan((zone,), 250.5, 300.0, "feasible"),
        quick_response=QuickResponsePlan("motorcycle", points, 0.8, 0.85, 0.86, 0.9, "feasible"),
        villages=VillagePlan(villages, {"guard": 1, "official": 2}, 30.0),
    )
