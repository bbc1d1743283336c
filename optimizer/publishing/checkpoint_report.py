"""What the report says of checkpoints: rings with their proof, nets, gates, units on watch."""

from __future__ import annotations

import math
from typing import Any

from optimizer.checkpoints import CheckpointPlan, RingPlan
from optimizer.publishing.charts import RINGS
from optimizer.publishing.checkpoint_map import manned_posts
from optimizer.publishing.locale import Section


def checkpoint_report(plan: CheckpointPlan, words: Section) -> dict[str, Any]:
    """Gather what the page prints; what a study did not ask for is empty.

    Parameters
    ----------
    words
        The texts of the report.
    """
    contained = plan.containment
    return {
        "rings": [_ring(at, ring, words) for at, ring in enumerate(plan.rings)],
        "shares": {} if contained is None else contained.shares,
        "nets": contained,
        "gates": plan.gates,
        "gate_rows": [] if plan.gates is None else _gate_rows(plan, words),
        "standing": plan.standing,
        "places": "" if plan.standing is None else _places(plan),
    }


def _ring(at: int, ring: RingPlan, words: Section) -> dict[str, Any]:
    drill = ring.drill
    return {
        "name": ring.name,
        "colour": RINGS[at % len(RINGS)],
        "posts": len(manned_posts(ring)),
        "result": _result(ring, words),
        "proof": _proof(ring, words),
        "manned": 0 if drill is None else len(drill.moves),
        "latest_minutes": None
        if drill is None or drill.latest_s is None
        else f"{drill.latest_s / 60:.1f}",
        "beyond": ring.beyond_data_share,
    }


def _result(ring: RingPlan, words: Section) -> str:
    best = ring.best
    if best is not None:
        share, bound = (
            f"{100 * value:.1f}" for value in (best.intercepted_share, best.bound_share)
        )
        return words["ring_best"].format(share=share, bound=bound)
    if ring.sealed:
        return words["ring_sealed"]
    return words["ring_open"].format(posts=len(ring.needed))


def _proof(ring: RingPlan, words: Section) -> str:
    """Say what shows that fewer posts cannot seal the ring, as far as anything does."""
    if not ring.sealed:
        return ""
    if ring.seal.status == "optimal":
        return words["ring_proof"].format(routes=len(ring.routes))
    return words["ring_bound"].format(bound=f"{ring.seal.bound:g}")


def _gate_rows(plan: CheckpointPlan, words: Section) -> list[tuple[str, float, float | None]]:
    """List what is told of gates: the detour, the share seen now, and with the next gates."""
    gates = plan.gates
    if gates is None:
        return []
    return [
        (_route(tolerance, words), share, gates.next_shares.get(tolerance))
        for tolerance, share in gates.seen_shares.items()
    ]


def _route(tolerance: float, words: Section) -> str:
    """Say which ways out a detour tolerance allows."""
    if math.isinf(tolerance):
        return words["any_detour"]
    if tolerance == 0:
        return words["gates_quickest"]
    return words["detour"].format(percent=f"{100 * tolerance:g}")


def _places(plan: CheckpointPlan) -> str:
    return (
        "; ".join(row.street for row in plan.standing.rows if row.street) if plan.standing else ""
    )
