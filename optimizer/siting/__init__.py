"""Where should platforms stand? Arrays in, a plan with a proof out; no maps here."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.siting.baseline import greedy_sites
    from optimizer.siting.curve import CurvePoint, coverage_curve
    from optimizer.siting.diverse import DiversePlans, diverse_plans
    from optimizer.siting.feasibility import check_feasible
    from optimizer.siting.formulations import (
        BackupCovering,
        CapacitatedCovering,
        DistinctCovering,
        ExpectedCovering,
        FlooredCovering,
        MaximalCovering,
        PCenter,
        PMedian,
        ScenarioCovering,
        SetCovering,
    )
    from optimizer.siting.front_door import solve
    from optimizer.siting.model import Model
    from optimizer.siting.price import PriceOfFloors, price_of_floors
    from optimizer.siting.problem import SitingProblem
    from optimizer.siting.reach.customers import CustomerGroups, merge_customers
    from optimizer.siting.reach.graded import GradedProblem, Step, graded_problem
    from optimizer.siting.reach.radius import points_within
    from optimizer.siting.reach.standards import reach_within
    from optimizer.siting.set_covering.method import fewest_sites
    from optimizer.siting.settings import SitingSettings
    from optimizer.siting.solution import SitingSolution
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "BackupCovering",
    "CapacitatedCovering",
    "CurvePoint",
    "CustomerGroups",
    "DistinctCovering",
    "DiversePlans",
    "ExpectedCovering",
    "FlooredCovering",
    "GradedProblem",
    "MaximalCovering",
    "Model",
    "PCenter",
    "PMedian",
    "PriceOfFloors",
    "ScenarioCovering",
    "SetCovering",
    "SitingProblem",
    "SitingSettings",
    "SitingSolution",
    "Step",
    "check_feasible",
    "coverage_curve",
    "diverse_plans",
    "fewest_sites",
    "graded_problem",
    "greedy_sites",
    "merge_customers",
    "points_within",
    "price_of_floors",
    "reach_within",
    "solve",
]
