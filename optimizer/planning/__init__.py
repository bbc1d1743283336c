"""How do the stages fit together? Reading all inputs, stating the problem, making platforms."""

from optimizer.planning.caveats import find_caveats
from optimizer.planning.curve import choose_count, draw_curve
from optimizer.planning.describe import describe_inputs
from optimizer.planning.exits import Exits, read_exits
from optimizer.planning.faults import Faults, present
from optimizer.planning.fingerprints import input_hashes
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
from optimizer.planning.seal import Seal, publish_seal, seal_study
from optimizer.planning.source import Source
from optimizer.planning.streets import Streets, read_streets
from optimizer.planning.trial import try_plan
from optimizer.planning.units import read_units

__all__ = [
    "CityInputs",
    "Deployment",
    "Exits",
    "Faults",
    "Score",
    "Seal",
    "SiteRules",
    "Source",
    "Streets",
    "choose_count",
    "deploy_platforms",
    "describe_inputs",
    "draw_curve",
    "find_caveats",
    "input_hashes",
    "planned_count",
    "platform_settings",
    "present",
    "publish_seal",
    "read_exits",
    "read_inputs",
    "read_streets",
    "read_units",
    "score_sites",
    "seal_study",
    "site_rules",
    "siting_problem",
    "try_plan",
]
