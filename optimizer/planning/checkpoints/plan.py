"""The checkpoints of a city: rings, nets around hotspots, gates, standing units."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.checkpoints import CheckpointPlan
from optimizer.demand import Hotspots
from optimizer.evaluation import Platform
from optimizer.planning.checkpoints.force import force_of
from optimizer.planning.checkpoints.gate_plans import plan_gates
from optimizer.planning.checkpoints.hotspot_nets import contain_hotspots
from optimizer.planning.checkpoints.hotspot_origins import hotspot_origins
from optimizer.planning.checkpoints.ring_plans import RingPlanner
from optimizer.planning.checkpoints.standing_units import place_standing_units
from optimizer.planning.inputs import CityInputs
from optimizer.study import Study


def plan_checkpoints(
    study: Study, inputs: CityInputs, hotspots: Hotspots, platforms: Sequence[Platform]
) -> CheckpointPlan | None:
    """Plan what [checkpoints] asks for; None where the study has no such section.

    Parameters
    ----------
    platforms
        From which units are sent.
    """
    read, streets = inputs.checkpoints, inputs.streets
    if read is None:
        return None
    units = force_of(study, platforms, read.units)
    origins = hotspot_origins(hotspots, streets)
    origins_in = origins.within(read.rings)
    planner = RingPlanner(study, streets, read.sites, read.way_out, origins_in, units)
    has_origins = origins_in.weight.sum() > 0
    containment = gates = standing = None
    if has_origins and len(units):
        outside = len(origins) - len(origins_in)
        containment = contain_hotspots(study, streets, read.way_out, units, origins_in, outside)
        standing = place_standing_units(study, streets, read.rings, read.way_out, units, origins_in)
    if has_origins and read.gates is not None:
        gates = plan_gates(study, streets, read.way_out, origins_in, read.sites, read.gates)
    return CheckpointPlan(
        rings=planner.plan(read.rings),
        containment=containment,
        standing=standing,
        gates=gates,
        ways=streets.ways,
    )
