"""How do the stages fit together? Reading all inputs, stating the problem, making platforms."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.planning.alarm.contain import Closing, contain_study
    from optimizer.planning.alarm.seal import Seal, seal_study
    from optimizer.planning.caveats import find_caveats
    from optimizer.planning.checkpoint_inputs.exits import Exits, read_exits
    from optimizer.planning.checkpoint_inputs.inputs import CheckpointInputs, read_checkpoints
    from optimizer.planning.checkpoint_inputs.rings import DrawnRing, Rings, rings_of
    from optimizer.planning.checkpoint_inputs.streets import Streets, read_streets
    from optimizer.planning.checkpoint_inputs.units import read_units
    from optimizer.planning.checkpoint_inputs.way_out import WayOut, ways_out
    from optimizer.planning.checkpoints.caveats import checkpoint_caveats
    from optimizer.planning.checkpoints.plan import plan_checkpoints
    from optimizer.planning.checkpoints.score import CheckpointScore, score_checkpoints
    from optimizer.planning.curve import choose_count, draw_curve
    from optimizer.planning.describe import describe_inputs
    from optimizer.planning.duty.caveats import duty_caveats
    from optimizer.planning.duty.patrol_zones import plan_patrol_zones
    from optimizer.planning.duty.patrols import plan_patrols
    from optimizer.planning.duty.quick_response import plan_quick_response
    from optimizer.planning.duty.rosters import plan_rosters
    from optimizer.planning.duty.villages import plan_villages
    from optimizer.planning.duty_inputs.inputs import DutyInputs, read_duty_inputs
    from optimizer.planning.faults import Faults, present
    from optimizer.planning.fingerprints import input_hashes
    from optimizer.planning.grids.plan import plan_grids
    from optimizer.planning.inputs import CityInputs, read_inputs
    from optimizer.planning.platforms import Deployment, deploy_platforms
    from optimizer.planning.problem import (
        SiteRules,
        planned_count,
        platform_settings,
        site_rules,
        siting_problem,
    )
    from optimizer.planning.score import Score, score_sites
    from optimizer.planning.source import Source
    from optimizer.planning.trial import try_plan
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "CheckpointInputs",
    "CheckpointScore",
    "CityInputs",
    "Closing",
    "Deployment",
    "DrawnRing",
    "DutyInputs",
    "Exits",
    "Faults",
    "Rings",
    "Score",
    "Seal",
    "SiteRules",
    "Source",
    "Streets",
    "WayOut",
    "checkpoint_caveats",
    "choose_count",
    "contain_study",
    "deploy_platforms",
    "describe_inputs",
    "draw_curve",
    "duty_caveats",
    "find_caveats",
    "input_hashes",
    "plan_checkpoints",
    "plan_grids",
    "plan_patrol_zones",
    "plan_patrols",
    "plan_quick_response",
    "plan_rosters",
    "plan_villages",
    "planned_count",
    "platform_settings",
    "present",
    "read_checkpoints",
    "read_duty_inputs",
    "read_exits",
    "read_inputs",
    "read_streets",
    "read_units",
    "rings_of",
    "score_checkpoints",
    "score_sites",
    "seal_study",
    "site_rules",
    "siting_problem",
    "try_plan",
    "ways_out",
]
