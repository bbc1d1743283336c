"""Would it have worked? Coverage of any layout, and the plan on calls it has never seen."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.evaluation.coverage import Coverage, TierShare, evaluate_coverage, in_time
    from optimizer.evaluation.holdout import Holdout, kmeans_layout, random_layouts, replay_holdout
    from optimizer.evaluation.platforms import (
        DAYS_PER_YEAR,
        Duty,
        Platform,
        Status,
        platform_duties,
    )
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "DAYS_PER_YEAR",
    "Coverage",
    "Duty",
    "Holdout",
    "Platform",
    "Status",
    "TierShare",
    "evaluate_coverage",
    "in_time",
    "kmeans_layout",
    "platform_duties",
    "random_layouts",
    "replay_holdout",
]
