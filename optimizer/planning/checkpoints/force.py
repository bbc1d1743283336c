"""Who can be sent from the platforms of a plan, and against whom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.checkpoints import CheckpointSettings, Evader, Mode, Units
from optimizer.errors import InputError
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


def force_of(study: Study, platforms: Sequence[Platform], more: Units | None) -> Units:
    """Let every platform send its cars and motorcycles, or as many units as the study says.

    Parameters
    ----------
    more
        Units that stand elsewhere, such as boats; None: there are none.

    Raises
    ------
    InputError
        One of them has the id of a platform.
    """
    settings, crew = present(study.settings.checkpoints), study.settings.crew
    each = settings.units_per_platform
    if each is None:
        each = crew.response_cars + crew.motorcycles
    sent = platforms if each else ()
    units = Units(
        ids=tuple(platform.platform_id for platform in sent),
        names=tuple(platform.name for platform in sent),
        node=np.array([platform.node for platform in sent], np.int32),
        capacity=np.full(len(sent), each, np.int32),
        mode=tuple[Mode, ...](["car"] * len(sent)),
        ready_s=np.zeros(len(sent)),
    )
    return units if more is None else _joined(units, more)


def _joined(units: Units, more: Units) -> Units:
    twice = sorted(set(units.ids) & set(more.ids))
    if twice:
        raise InputError(
            f"[checkpoints] units: {', '.join(twice)} are ids of platforms too; give each unit "
            "an id of its own"
        )
    return Units(
        ids=units.ids + more.ids,
        names=units.names + more.names,
        node=np.concatenate([units.node, more.node]),
        capacity=np.concatenate([units.capacity, more.capacity]),
        mode=units.mode + more.mode,
        ready_s=np.concatenate([units.ready_s, more.ready_s]),
    )
