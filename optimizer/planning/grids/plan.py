"""The stage "grids": from platforms and calls to the division of the ground."""

from __future__ import annotations

import numpy as np

from optimizer.districts import GridPlan, draw_grids, tessellate
from optimizer.evaluation import Coverage, Platform
from optimizer.planning.grids.ground import node_ground
from optimizer.planning.grids.rows import crosswalk, grid_loads, grid_rows
from optimizer.planning.grids.safety import street_km_of_nodes
from optimizer.planning.grids.variants import USUAL_TOLERANCE, balanced_variant, nearest_variant
from optimizer.planning.grids.work import call_work
from optimizer.planning.inputs import CityInputs
from optimizer.study import Study


def plan_grids(
    study: Study, inputs: CityInputs, platforms: tuple[Platform, ...], coverage: Coverage
) -> GridPlan:
    """Divide the ground among the platforms: with equal loads, and by who is nearest.

    Parameters
    ----------
    platforms
        At least one, on different road nodes.
    coverage
        What they reach.

    Raises
    ------
    InfeasibleError
        The study's tolerance is not met, or a cell holds two platforms.
    """
    settings, network, demand = study.settings.grids, inputs.network, coverage.demand
    turnout_s = study.settings.standards.turnout_seconds
    cells, work = inputs.cells, call_work(study, inputs)
    nodes = node_ground(inputs, platforms, work, cells, settings)
    tessellation = tessellate(network)
    held = np.zeros(network.node_count, dtype=bool)
    held[demand.node] = held[[platform.node for platform in platforms]] = True
    unit = nodes.unit_of_node[tessellation.holder(held)]
    lay = tessellation.lay(unit, nodes.ground.unit_count)
    variants = (
        balanced_variant(study, nodes, lay, demand, turnout_s),
        nearest_variant(nodes, demand, turnout_s),
    )
    if settings.plan == "nearest":
        variants = variants[::-1]
    drawn, other = (draw_grids(tessellation, v.grid_of_node, held, cells) for v in variants)
    return GridPlan(
        chosen=settings.plan,
        variants=variants,
        rows=grid_rows(
            platforms, nodes, demand, turnout_s, work=work, variants=variants,
            polygons=drawn.polygons, street_km=street_km_of_nodes(network),
        ),
        loads=grid_loads(platforms, work, nodes, variants[0]),
        crosswalk=crosswalk(
            platforms, cells, drawn.grid_of_cell, work=work, nodes=nodes, variant=variants[0]
        ),
        outlines=tuple(other.polygons),
        split_nodes=nodes.split_nodes,
        asked_tolerance=settings.tolerance or USUAL_TOLERANCE,
        extra_pieces=drawn.extra_pieces,
        holes=drawn.holes,
        astray=len(drawn.astray),
    )  # fmt: skip
