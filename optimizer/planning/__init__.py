"""How do the stages fit together? Reading all inputs, stating the problem, making platforms."""

from optimizer.planning.caveats import find_caveats
from optimizer.planning.curve import choose_count, draw_curve
from optimizer.planning.describe import describe_inputs
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
from optimizer.planning.source import Source
from optimizer.planning.trial import try_plan

__all__ = [
    "CityInputs",
    "Deployment",
    "Faults",
    "Score",
    "SiteRules",
    "Source",
    "choose_count",
    "deploy_platforms",
    "describe_inputs",
    "draw_curve",
    "find_caveats",
    "input_hashes",
    "planned_count",
    "platform_settings",
    "present",
    "read_inputs",
    "score_sites",
    "site_rules",
    "siting_problem",
    "try_plan",
]
