"""The rows of the CSV files of checkpoints: posts, nets, drills, gates, standing units."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from optimizer.checkpoints import (
    DRILL_COLUMNS,
    CheckpointPlan,
    ContainmentPlan,
    GateRow,
    HotspotNet,
    PostRow,
    RingPlan,
)
from optimizer.publishing.table_rows import PLACE, Row, Table, minutes, place_columns

POSTS = (
    "ring", "role", "post_id", "kind", "at", *PLACE, "street", "cost", "must", "unit",
    "closed_minutes",
)  # fmt: skip
CONTAINMENT = (
    "hotspot_id", "rank", "name", "lon", "lat", "weight", "contained", "minutes", "bound_minutes",
    "status", "posts",
)  # fmt: skip
NETS = (
    "hotspot_id", "order", *PLACE, "street", "unit", "unit_minutes", "evader_minutes",
    "margin_minutes",
)  # fmt: skip
GATES = ("gate_id", "name", "status", *PLACE, "street")
STANDING = ("order", *PLACE, "street")


def checkpoint_tables(plan: CheckpointPlan, *, on_earth: bool) -> dict[str, Table]:
    """Give the tables that the checkpoints of a plan fill, by file name.

    Parameters
    ----------
    on_earth
        Longitude and latitude mean something.
    """
    tables: dict[str, Table] = {}
    if plan.rings:
        tables["checkpoints.csv"] = (POSTS, list(post_table(plan.rings, on_earth=on_earth)))
    drills = [
        {"ring": ring.name, **row}
        for ring in plan.rings
        if ring.drill is not None
        for row in ring.drill.rows()
    ]
    if drills:
        tables["drill.csv"] = (("ring", *DRILL_COLUMNS), drills)
    if plan.containment is not None:
        tables["containment.csv"] = _containment(plan.containment, on_earth=on_earth)
        tables["nets.csv"] = (NETS, list(net_table(plan.containment.nets, on_earth=on_earth)))
    if plan.gates is not None:
        rows = [_gate(row, on_earth=on_earth) for row in plan.gates.rows]
        tables["gates.csv"] = (GATES, rows)
    if plan.standing is not None:
        tables["standing.csv"] = (STANDING, [
            {"order": order, **place_columns(row, on_earth=on_earth), "street": row.street}
            for order, row in enumerate(plan.standing.rows, start=1)
        ])  # fmt: skip
    return tables


def post_table(rings: Iterable[RingPlan], *, on_earth: bool) -> Iterator[Row]:
    """Lay out the posts: "seal", "best" for a short force, "needed" where a ring is open."""
    for ring in rings:
        closed: dict[str, Row] = {}
        if ring.drill is not None:
            closed = {str(row["post_id"]): row for row in ring.drill.rows()}
        sets = {
            "seal": ring.posts,
            "best": () if ring.best is None else ring.best.posts,
            "needed": ring.needed,
        }
        for role, posts in sets.items():
            for post in posts:
                drilled = closed.get(post.post_id, {})
                yield {
                    **_post(post, on_earth=on_earth),
                    "role": role,
                    "unit": drilled.get("unit", ""),
                    "closed_minutes": drilled.get("closed_minutes"),
                }


def net_table(nets: Iterable[HotspotNet], *, on_earth: bool) -> Iterator[Row]:
    """Lay out the posts of all nets, in the order in which they close."""
    for net in nets:
        for order, post in enumerate(net.net, start=1):
            yield {
                "hotspot_id": net.hotspot_id,
                "order": order,
                **place_columns(post, on_earth=on_earth),
                "street": post.street,
                "unit": post.unit,
                "unit_minutes": minutes(post.unit_s),
                "evader_minutes": minutes(post.evader_s),
                "margin_minutes": minutes(post.evader_s - post.unit_s),
            }


def containment_row(net: HotspotNet, limits: Iterable[float], *, on_earth: bool) -> Row:
    """Lay out one hotspot; a limit of minutes, such as 5, becomes the column ``contained_5``."""
    return {
        "hotspot_id": net.hotspot_id,
        "rank": net.rank,
        "name": net.name,
        **({"lon": round(net.lon, 6), "lat": round(net.lat, 6)} if on_earth else {}),
        "weight": round(net.weight, 4),
        "contained": net.contained,
        "minutes": minutes(net.latest_s),
        "bound_minutes": minutes(net.bound_s),
        "status": net.status,
        "posts": len(net.net),
        **{_within(limit): net.contained and net.latest_s <= 60 * limit for limit in limits},
    }


def _containment(plan: ContainmentPlan, *, on_earth: bool) -> Table:
    columns = (*CONTAINMENT, *map(_within, plan.shares))
    return columns, [containment_row(net, plan.shares, on_earth=on_earth) for net in plan.nets]


def _within(limit: float) -> str:
    return f"contained_{limit:g}"


def _post(post: PostRow, *, on_earth: bool) -> dict[str, object]:
    row = {
        key: value
        for key, value in dataclasses.asdict(post).items()
        if key in POSTS and key not in ("lon", "lat")
    }
    return {**row, **place_columns(post, on_earth=on_earth)}


def _gate(gate: GateRow, *, on_earth: bool) -> dict[str, object]:
    return {
        "gate_id": gate.gate_id,
        "name": gate.name,
        "status": gate.status,
        **place_columns(gate, on_earth=on_earth),
        "street": gate.street,
    }
