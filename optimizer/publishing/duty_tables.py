"""The rows of the CSV files of duty: crews, rosters, patrols, zones, points, villages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

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
    ShiftNeed,
    VillagePlan,
    VillagePost,
)
from optimizer.publishing.suppression import Threshold
from optimizer.publishing.table_rows import (
    PLACE,
    Row,
    Table,
    clock,
    minutes,
    place_columns,
    share,
)
from optimizer.publishing.told_rosters import told_rosters

CREWS = (
    "platform_id", "crew_class", "officers", "auxiliaries", "status", "hours_needed",
    "hours_available", "utilisation", "busiest", "short_shifts", "short_officers",
    "short_auxiliaries", "short_vehicles", "full_officers", "full_auxiliaries",
    "without_free_sunday",
)  # fmt: skip
STAFFING = (
    "platform_id", "weekday", "shift", "start", "end", "hours", "needed", "command_vehicles",
    "response_cars", "motorcycles", "officers", "auxiliaries", "utilisation",
)  # fmt: skip
ROSTER = (
    "platform_id", "person", "rank", "week", "day", "weekday", "shift", "start", "end", "unit",
    "duty",
)  # fmt: skip
PATROLS = (
    "beat_id", "platform_id", "grid_id", "shift", "unit", "vehicle", "order", "kind", "target_id",
    "name", "arrive", "leave", "arrive_s", "leave_s", "travel_minutes", *PLACE, "street",
    "round_minutes", "round_bound_minutes", "round_status",
)  # fmt: skip
LEFT_OUT = ("grid_id", "shift", "target_id", "name", "kind", "reason", *PLACE)
COVER = ("grid_id", "shift", "beats", "left_out", "least_cover")
ZONES = (
    "zone_id", "hotspots", "preventable_per_year", "patrol_hours_per_day", "reaction_platform",
    "reaction_minutes", *PLACE, "street",
)  # fmt: skip
POINTS = (
    "point_id", "vehicle", *PLACE, "street", "district", "closes_weight", "closes_calls_per_year",
    "parent_platform",
)  # fmt: skip
VILLAGES = (
    "village_id", "name", "district", *PLACE, "way_m", "backup_platform", "backup_minutes", "late",
    "people",
)  # fmt: skip

DAYS = 7


def duty_tables(plan: DutyPlan, threshold: Threshold, *, on_earth: bool) -> dict[str, Table]:
    """Give the tables that the duty of a plan fills, by file name.

    Parameters
    ----------
    on_earth
        Longitude and latitude mean something.
    """
    tables: dict[str, Table] = {}
    if plan.rosters:
        rosters = list(told_rosters(plan.rosters, threshold))
        tables["crews.csv"] = (CREWS, list(map(_crew, rosters)))
        tables["staffing.csv"] = (STAFFING, [
            _need(roster, need) for roster in rosters for need in roster.needs
        ])  # fmt: skip
        tables["roster.csv"] = (ROSTER, list(_roster(plan.rosters)))
    if plan.patrols is not None:
        tables["patrols.csv"] = (PATROLS, list(stop_table(plan.patrols.beats, on_earth=on_earth)))
        tables["patrols_left_out.csv"] = left_out_table(plan.patrols, on_earth=on_earth)
        tables["patrol_cover.csv"] = (COVER, list(_cover(plan.patrols)))
    if plan.zones is not None:
        zones = [_zone(zone, on_earth=on_earth) for zone in plan.zones.zones]
        tables["patrol_zones.csv"] = (ZONES, zones)
    if plan.quick_response is not None:
        tables["quick_response.csv"] = _points(plan.quick_response, threshold, on_earth=on_earth)
    if plan.villages is not None:
        tables["villages.csv"] = _villages(plan.villages, on_earth=on_earth)
    return tables


def stop_table(beats: Iterable[Beat], *, on_earth: bool) -> Iterator[Row]:
    """Lay out the stops of all beats, in the order in which they are driven."""
    for beat in beats:
        for order, stop in enumerate(beat.stops, start=1):
            yield {
                "beat_id": beat.beat_id,
                "platform_id": beat.platform_id,
                "grid_id": beat.grid_id,
                "shift": beat.shift,
                "unit": beat.unit,
                "vehicle": beat.vehicle,
                "order": order,
                **_stop(stop, on_earth=on_earth),
                **round_columns(beat),
            }


def round_columns(beat: Beat) -> Row:
    """Tell how long one round of a beat takes, and whether another order would be quicker."""
    return {
        "round_minutes": minutes(beat.round_s),
        "round_bound_minutes": minutes(beat.round_bound_s),
        "round_status": beat.round_status,
    }


def left_out_table(plan: PatrolPlan, *, on_earth: bool) -> Table:
    """Lay out what no beat of a grid and shift has."""
    return LEFT_OUT, [_left_out(row, on_earth=on_earth) for row in plan.left_out]


def _crew(roster: PlatformRoster) -> Row:
    return {
        "platform_id": roster.platform_id,
        "crew_class": roster.crew_class,
        "officers": roster.officers,
        "auxiliaries": roster.auxiliaries,
        "status": roster.status,
        "hours_needed": round(roster.hours_needed, 2),
        "hours_available": round(roster.hours_available, 2),
        "utilisation": share(roster.utilisation),
        "busiest": share(roster.busiest),
        "short_shifts": roster.short_shifts,
        "short_officers": roster.short_officers,
        "short_auxiliaries": roster.short_auxiliaries,
        "short_vehicles": roster.short_vehicles,
        "full_officers": roster.full_officers,
        "full_auxiliaries": roster.full_auxiliaries,
        "without_free_sunday": roster.without_free_sunday,
    }


def _need(roster: PlatformRoster, need: ShiftNeed) -> Row:
    return {
        "platform_id": roster.platform_id,
        "weekday": need.weekday + 1,
        "shift": need.shift,
        **_shift_times(need),
        "hours": round(need.hours, 3),
        "needed": need.needed,
        "command_vehicles": need.vehicles.get("command_vehicle", 0),
        "response_cars": need.vehicles.get("response_car", 0),
        "motorcycles": need.vehicles.get("motorcycle", 0),
        "officers": need.officers,
        "auxiliaries": need.auxiliaries,
        "utilisation": share(need.utilisation),
    }


def _shift_times(need: ShiftNeed) -> dict[str, object]:
    return {"start": clock(need.start_s)[:5], "end": clock(need.end_s)[:5]}


def _roster(rosters: Iterable[PlatformRoster]) -> Iterator[Row]:
    for roster in rosters:
        times = {need.shift: _shift_times(need) for need in roster.needs}
        for row in roster.rows:
            week, weekday = divmod(row.day - 1, DAYS)
            yield {
                "platform_id": row.platform_id,
                "person": row.person,
                "rank": row.rank,
                "week": week + 1,
                "day": row.day,
                "weekday": weekday + 1,
                "shift": row.shift,
                **times.get(row.shift, {}),
                "unit": row.unit,
                "duty": row.duty,
            }


def _stop(stop: PatrolStop, *, on_earth: bool) -> Row:
    return {
        "kind": stop.kind,
        "target_id": stop.target_id,
        "name": stop.name,
        "arrive": clock(stop.arrive_s),
        "leave": clock(stop.leave_s),
        "arrive_s": round(stop.arrive_s, 1),
        "leave_s": round(stop.leave_s, 1),
        "travel_minutes": minutes(stop.travel_s),
        **place_columns(stop, on_earth=on_earth),
        "street": stop.street,
    }


def _left_out(row: LeftOut, *, on_earth: bool) -> Row:
    return {
        "grid_id": row.grid_id,
        "shift": row.shift,
        "target_id": row.target_id,
        "name": row.name,
        "kind": row.kind,
        "reason": row.reason,
        **place_columns(row, on_earth=on_earth),
    }


def _cover(plan: PatrolPlan) -> Iterator[Row]:
    beats = Counter((beat.grid_id, beat.shift) for beat in plan.beats)
    left_out = Counter((row.grid_id, row.shift) for row in plan.left_out)
    for (grid_id, shift), least in plan.least_cover.items():
        yield {
            "grid_id": grid_id,
            "shift": shift,
            "beats": beats[grid_id, shift],
            "left_out": left_out[grid_id, shift],
            "least_cover": share(least),
        }


def _zone(zone: PatrolZone, *, on_earth: bool) -> Row:
    return {
        "zone_id": zone.zone_id,
        "hotspots": " ".join(map(str, zone.hotspots)),
        "preventable_per_year": round(zone.preventable_per_year, 1),
        "patrol_hours_per_day": round(zone.patrol_hours_per_day, 2),
        "reaction_platform": zone.reaction_platform,
        "reaction_minutes": minutes(zone.reaction_s),
        **place_columns(zone, on_earth=on_earth),
        "street": zone.street,
    }


def _points(plan: QuickResponsePlan, threshold: Threshold, *, on_earth: bool) -> Table:
    return POINTS, [_point(row, plan, threshold, on_earth=on_earth) for row in plan.points]


def _point(
    row: QuickResponsePoint, plan: QuickResponsePlan, threshold: Threshold, *, on_earth: bool
) -> Row:
    closes = {
        "closes_weight": round(row.closes_weight, 4),
        "closes_calls_per_year": round(row.closes_calls_per_year, 1),
    }
    return {
        "point_id": row.point_id,
        "vehicle": plan.vehicle,
        **place_columns(row, on_earth=on_earth),
        "street": row.street,
        "district": row.district,
        **(closes if threshold.tells(row.closes_calls_per_year) else {}),
        "parent_platform": row.parent_platform,
    }


def _villages(plan: VillagePlan, *, on_earth: bool) -> Table:
    people = sum(plan.crew.values())
    return VILLAGES, [_village(post, people, on_earth=on_earth) for post in plan.posts]


def _village(post: VillagePost, people: int, *, on_earth: bool) -> Row:
    return {
        "village_id": post.village_id,
        "name": post.name,
        "district": post.district,
        **place_columns(post, on_earth=on_earth),
        "way_m": round(post.way_m, 1),
        "backup_platform": post.backup_platform,
        "backup_minutes": minutes(post.backup_s),
        "late": post.late,
        "people": people,
    }
