"""A study's data in words, for ``optimizer check``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.planning.inputs import CityInputs
from optimizer.planning.problem import SiteRules
from optimizer.study import Study


def describe_inputs(study: Study, inputs: CityInputs, rules: SiteRules | None) -> str:
    """Tell what was read, what was left out and why, and what a planner should look at."""
    lines = [
        f"Study {study.settings.study.name}: no fault found.",
        *_roads(inputs),
        *_calls(inputs),
        *_demand(inputs),
        *_checkpoints(inputs),
        *_duty(inputs),
    ]
    if rules is not None:
        free = int((~rules.forbidden).sum())
        lines.append(f"Sites: {free} candidates, {int(rules.keep.sum())} of them kept.")
    doubts = [*inputs.warnings]
    if study.settings.platforms is None:
        doubts.append(
            f"{study.path.name}: [platforms] is missing; score, seal and contain do without, but "
            "run needs to know how many platforms: count = 10"
        )
    lines += ["Look at:", *(f"  {sentence}" for sentence in doubts)] * bool(doubts)
    return "\n".join(lines)


def _roads(inputs: CityInputs) -> Iterator[str]:
    report = inputs.network.report
    yield (
        f"Roads: {report.lines_read} lines, {report.length_km:.0f} km; {report.nodes} nodes and "
        f"{report.arcs} arcs, {100 * report.main_share:.1f} % of the nodes found reach each other."
    )
    for reason, lines in report.lines_dropped.items():
        if lines:
            yield f"  left out, {reason}: {lines}"


def _calls(inputs: CityInputs) -> Iterator[str]:
    quality = inputs.source.quality
    if quality is None:
        yield f"Counts: {len(inputs.source.places)} places."
        return
    yield f"Calls: {quality.read} rows read, {quality.used} used."
    for title, counts in (
        ("dropped", quality.dropped),
        ("repaired", quality.repaired),
        ("kept, but", quality.kept_but_marked),
    ):
        for reason, rows in counts.items():
            if rows:
                yield f"  {title} {reason}: {rows}"


def _demand(inputs: CityInputs) -> Iterator[str]:
    demand = inputs.demand
    yield (
        f"Demand: {len(demand)} points; calls lie {demand.snap.median_m:.0f} m (median) and "
        f"{demand.snap.p95_m:.0f} m (95 %) from their road nodes."
    )
    for code, name in enumerate(demand.tier_names):
        where = demand.tier == code
        yield f"  {name}: {int(where.sum())} points, {int(demand.calls[where].sum())} calls"


def _checkpoints(inputs: CityInputs) -> Iterator[str]:
    read = inputs.checkpoints
    if read is None:
        return
    names = ", ".join(drawn.ring.name for drawn in read.rings) or "none"
    junctions = int(np.isfinite(read.sites.node_cost).sum())
    roads = int(np.isfinite(read.sites.road_cost).sum())
    yield f"Checkpoints: rings {names}; posts may stand at {junctions} junctions and {roads} roads."
    where = {
        "listed": "listed exits",
        "ring": "junctions where the outermost ring is left",
        "edge": "places where roads leave the data",
    }
    yield f"  a fugitive is away at {len(read.way_out.nodes)} {where[read.way_out.source]}"
    if len(read.way_out.uncounted):
        ends = len(read.way_out.uncounted)
        yield f"  {ends} roads that leave the data within it are no ways out (edge_of_data)"
    for drawn in read.rings:
        share = read.way_out.ground.share_beyond(drawn.outer)
        if share > 0:
            yield f"  ring {drawn.ring.name}: {100 * share:.0f} % of it lies beyond the road data"


def _duty(inputs: CityInputs) -> Iterator[str]:
    patrols, villages = inputs.duty.patrols, inputs.duty.villages
    points = 0 if patrols.points is None else len(patrols.points)
    if inputs.cells is not None:
        yield f"Cells: {len(inputs.cells)}, none of which is split between grids."
    if points or patrols.lines:
        lines = len(patrols.lines)
        yield f"Patrols: {points} must-patrol points and {lines} lines beside hotspots."
    if villages is not None:
        yield (
            f"Villages: {len(villages)}, at most {villages['way_m'].max():.0f} m from the road "
            "nodes that stand for them."
        )
