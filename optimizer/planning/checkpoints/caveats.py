"""What every reader of rings and nets must know."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.checkpoints import CheckpointPlan, ContainmentPlan, RingPlan
from optimizer.plan import Caveat
from optimizer.planning.faults import present
from optimizer.study import Study

LEAST_BEYOND_SHARE = 0.005
"""Share of a ring's circumference beyond the data that is worth a word."""


def checkpoint_caveats(study: Study, plan: CheckpointPlan | None) -> Iterator[Caveat]:
    """Gather the caveats of a plan's checkpoints, ring by ring, then of the nets."""
    if plan is None:
        return
    for ring in plan.rings:
        yield from _of_ring(ring)
    settings = present(study.settings.checkpoints)
    if plan.containment is None:
        yield Caveat("no_containment")
        return
    yield from _of_containment(plan.containment)
    yield Caveat("fugitive", {
        "factor": f"{settings.evader_speed_factor:g}" if not settings.evader_profile
        else ", ".join(f"{factor:g}" for _, factor in settings.evader_profile),
        "delay": f"{settings.report_delay_minutes:g}",
        "setup": f"{settings.setup_minutes:g}",
    })  # fmt: skip


def _of_ring(ring: RingPlan) -> Iterator[Caveat]:
    if ring.beyond_data_share >= LEAST_BEYOND_SHARE:
        share = f"{100 * ring.beyond_data_share:.0f}"
        yield Caveat("ring_beyond_data", {"ring": ring.name, "share": share})
    if ring.open_road_ends:
        yield Caveat("open_road_ends", {"ring": ring.name, "roads": ring.open_road_ends})
    if not ring.sealed:
        yield Caveat("ring_open", {"ring": ring.name, "posts": len(ring.needed)})
    elif ring.seal.status != "optimal":
        bound = f"{ring.seal.bound:g}"
        yield Caveat("ring_not_proved", {"ring": ring.name, "cost": f"{ring.seal.cost:g}",
                                         "bound": bound})  # fmt: skip
    if ring.best is not None:
        yield Caveat("short_force", {
            "ring": ring.name, "posts": len(ring.best.posts), "sealing": len(ring.posts),
            "share": f"{100 * ring.best.intercepted_share:.0f}",
            "bound": f"{100 * ring.best.bound_share:.0f}",
        })  # fmt: skip
    if ring.drill is not None and not ring.drill.complete:
        left = len(ring.drill.posts) - len(ring.drill.moves)
        yield Caveat("drill_short", {"ring": ring.name, "posts": left})


def _of_containment(plan: ContainmentPlan) -> Iterator[Caveat]:
    if plan.road_ends:
        yield Caveat("uncounted_road_ends", {
            "roads": plan.road_ends,
            "minutes": " / ".join(f"{limit:g}" for limit in plan.shares_with_road_ends),
            "shares": " / ".join(f"{100 * s:.1f}" for s in plan.shares_with_road_ends.values()),
        })  # fmt: skip
    if plan.outside:
        yield Caveat("hotspots_outside", {"hotspots": plan.outside})
    unsure = sum(net.status != "optimal" for net in plan.nets)
    if unsure:
        yield Caveat("nets_not_proved", {"hotspots": unsure})
