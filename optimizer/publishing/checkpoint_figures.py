"""The headline numbers of checkpoints, as summary.json has them."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from optimizer.checkpoints import (
    BestPosts,
    CheckpointPlan,
    ContainmentPlan,
    Drill,
    GatePlan,
    RingPlan,
    StandingUnits,
)
from optimizer.publishing.table_rows import minutes

DIGITS = 6


def checkpoint_figures(plan: CheckpointPlan) -> dict[str, Any]:
    """Gather the numbers; keys of what the study did not ask for are absent."""
    figures: dict[str, Any] = {}
    if plan.rings:
        figures["rings"] = [_ring(ring) for ring in plan.rings]
    if plan.containment is not None:
        figures["containment"] = {
            f"{limit:g}": round(share, DIGITS) for limit, share in plan.containment.shares.items()
        }
        figures["nets"] = _nets(plan.containment)
    if plan.standing is not None:
        figures["standing"] = _standing(plan.standing)
    if plan.gates is not None:
        figures["gates"] = _gates(plan.gates)
    return figures


def _ring(ring: RingPlan) -> dict[str, Any]:
    seal = ring.seal
    figures = {
        "name": ring.name,
        "checkpoints": len(ring.posts),
        "max_flow": _whole(seal.max_flow),
        "sealed": ring.sealed,
        "status": seal.status,
        "direction": seal.direction,
        "cost": _whole(seal.cost),
        "bound": _whole(seal.bound),
        "gap": None if seal.gap is None else round(seal.gap, DIGITS),
        "routes": len(seal.routes),
        "kinds": dict(sorted(Counter(post.kind for post in ring.posts).items())),
        "at": dict(sorted(Counter(post.at for post in ring.posts).items())),
        "needed": len(ring.needed),
        "beyond_data_share": round(ring.beyond_data_share, DIGITS),
        "open_road_ends": ring.open_road_ends,
    }
    if ring.best is not None:
        figures["best"] = _best(ring.best)
    if ring.drill is not None:
        figures["drill"] = _drill(ring.drill)
    return figures


def _best(best: BestPosts) -> dict[str, Any]:
    return {
        "checkpoints": len(best.posts),
        "detour_tolerance": _finite(best.tolerance),
        "intercepted_share": round(best.intercepted_share, DIGITS),
        "bound_share": round(best.bound_share, DIGITS),
        "gap": round(best.gap, DIGITS),
        "status": best.status,
        "shares": _by_tolerance(best.shares),
    }


def _drill(drill: Drill) -> dict[str, Any]:
    return {
        "manned": len(drill.moves),
        "left_open": len(drill.left_open),
        "out_of_reach": len(drill.out_of_reach),
        "latest_minutes": None if drill.latest_s is None else minutes(drill.latest_s),
        "total_minutes": minutes(drill.total_s),
    }


def _nets(plan: ContainmentPlan) -> dict[str, Any]:
    contained = [net for net in plan.nets if net.contained]
    weight = sum(net.weight for net in plan.nets)
    return {
        "hotspots": len(plan.nets),
        "hotspots_outside": plan.outside,
        "contained": len(contained),
        "contained_share": round(sum(net.weight for net in contained) / weight, DIGITS),
        "not_proved": sum(net.status != "optimal" for net in plan.nets),
        "units": plan.units,
        "exits": plan.exits,
        "road_ends": plan.road_ends,
        "containment_with_road_ends": {
            f"{limit:g}": round(share, DIGITS)
            for limit, share in plan.shares_with_road_ends.items()
        },
    }


def _standing(plan: StandingUnits) -> dict[str, Any]:
    return {
        "units": len(plan.rows),
        "minutes": plan.minutes,
        "share_before": round(plan.share_before, DIGITS),
        "share_after": round(plan.share_after, DIGITS),
        "bound_share": round(plan.bound_share, DIGITS),
    }


def _gates(plan: GatePlan) -> dict[str, Any]:
    status = Counter(row.status for row in plan.rows)
    return {
        "present": status["present"],
        "next": status["next"],
        "quickest_share": round(plan.quickest_share, DIGITS),
        "seen_shares": _by_tolerance(plan.seen_shares),
        "next_shares": _by_tolerance(plan.next_shares),
        "blind_route": plan.blind is not None,
    }


def _by_tolerance(shares: dict[float, float]) -> dict[str, float]:
    """Key shares by tolerance; "any" is any detour."""
    return {
        f"{tolerance:g}" if math.isfinite(tolerance) else "any": round(share, DIGITS)
        for tolerance, share in shares.items()
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _whole(value: float) -> float | int | None:
    """Give a number as a whole one where it is; None for infinity."""
    if not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else round(value, DIGITS)
