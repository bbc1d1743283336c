"""What every reader of grids, rosters, patrols and posts must know."""

from __future__ import annotations

import math
from collections.abc import Iterator

from optimizer.deployment import DutyPlan, PatrolPlan, PlatformRoster, VillagePlan
from optimizer.districts import GridPlan
from optimizer.plan import Caveat


def duty_caveats(grids: GridPlan, duty: DutyPlan) -> Iterator[Caveat]:
    """Gather the caveats of the grids, then of who works where and when."""
    yield from _of_grids(grids)
    yield from _of_rosters(duty.rosters)
    if duty.patrols is not None:
        yield from _of_patrols(duty.patrols)
    if duty.villages is not None:
        yield from _of_villages(duty.villages)


def _of_grids(grids: GridPlan) -> Iterator[Caveat]:
    if grids.loosened:
        yield Caveat("grid_tolerance", {
            "asked": f"{100 * grids.asked_tolerance:g}",
            "groups": "; ".join(
                f"{name} {100 * met:.1f} % (≥ {math.floor(1000 * least) / 10:.1f} %)".lstrip()
                for name, met, least in grids.loosened
            ),
        })  # fmt: skip
    if grids.split_nodes:
        yield Caveat("split_nodes", {"nodes": grids.split_nodes})
    if grids.extra_pieces or grids.holes:
        yield Caveat("grids_in_pieces", {"pieces": grids.extra_pieces, "holes": grids.holes})
    if grids.astray:
        yield Caveat("grids_astray", {"nodes": grids.astray})


def _of_rosters(rosters: tuple[PlatformRoster, ...]) -> Iterator[Caveat]:
    short = [one for one in rosters if one.status == "infeasible"]
    mendable = [one for one in short if one.short_officers is not None]
    unknown = [one.platform_id for one in short if one.short_officers is None]
    if mendable:
        yield Caveat("roster_short", {
            "platforms": ", ".join(one.platform_id for one in mendable),
            "officers": sum(one.short_officers or 0 for one in mendable),
            "auxiliaries": sum(one.short_auxiliaries or 0 for one in mendable),
            "vehicles": sum(one.short_vehicles for one in mendable),
        })  # fmt: skip
    if unknown:
        yield Caveat("roster_fix_unknown", {"platforms": ", ".join(unknown)})
    tied = [one for one in rosters if one.without_free_sunday]
    if tied:
        yield Caveat("roster_sundays", {
            "people": sum(one.without_free_sunday for one in tied),
            "platforms": ", ".join(one.platform_id for one in tied),
        })  # fmt: skip


def _of_patrols(patrols: PatrolPlan) -> Iterator[Caveat]:
    left = {(one.grid_id, one.target_id) for one in patrols.left_out}
    if left:
        yield Caveat("patrol_left_out", {"left": len(left), "targets": patrols.targets})


def _of_villages(villages: VillagePlan) -> Iterator[Caveat]:
    late = sum(post.late for post in villages.posts)
    if late:
        yield Caveat("villages_late", {
            "late": late,
            "villages": len(villages.posts),
            "minutes": f"{villages.within_minutes:g}",
        })  # fmt: skip
