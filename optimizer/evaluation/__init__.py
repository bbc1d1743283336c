"""Would it have worked? Coverage of any layout, and the plan on calls it has never seen."""

from optimizer.evaluation.coverage import Coverage, TierShare, evaluate_coverage
from optimizer.evaluation.holdout import Holdout, kmeans_layout, random_layouts, replay_holdout
from optimizer.evaluation.platforms import Duty, Platform, Status, platform_duties

__all__ = [
    "Coverage",
    "Duty",
    "Holdout",
    "Platform",
    "Status",
    "TierShare",
    "evaluate_coverage",
    "kmeans_layout",
    "platform_duties",
    "random_layouts",
    "replay_holdout",
]
