"""Who can be sent from the platforms of a plan, and against whom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.checkpoints import CheckpointSettings, Evader, Units
from optimizer.evaluation import Platform
from optimizer.planning.faults import present
from optimizer.study import Study


def evader_of(settings: CheckpointSettings) -> Evader:
    """Take the fugitive out of the settings."""
    profile = tuple((60 * minute, factor) for minute, factor in settings.evader_profile)
    return Evader(
        factor=settings.evader_speed_factor,
        profile=profile or ((0.0, 1.0),),
        head_start_s=60 * settings.head_start_minutes,
        report_delay_s=60 * settings.report_delay_minutes,
        margin_s=60 * settings.margin_minutes,
    )


def platform_units(study: Study, platforms: Sequence[Platform]) -> Units:
    """Let every platform send its cars and motorcycles, or as many units as the study says."""
    settings, crew = present(study.settings.checkpoints), study.settings.crew
    each = settings.units_per_platform
    if each is None:
        each = crew.response_cars + crew.motorcycles
    sent = platforms if each else ()
    return Units(
        ids=tuple(platform.platform_id for platform in sent),
        names=tuple(platform.name for platform in sent),
        node=np.array([platform.node for platform in sent], np.int32),
        capacity=np.full(len(sent), each, np.int32),
        mode=("car",) * len(sent),
        ready_s=np.zeros(len(sent)),
    )
