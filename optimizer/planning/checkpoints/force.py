"""Who can be sent, from the platforms of a plan or by a file, and against whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import CheckpointSettings, Evader, Mode, StreetGraph, Units, arrivals
from optimizer.errors import InputError
from optimizer.places import PlaceSource
from optimizer.planning.checkpoint_inputs.stand_by import stand_by_units, units_by_district
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoint_inputs.units import read_units
from optimizer.planning.faults import present
from optimizer.study import Study

if TYPE_CHECKING:
    from optimizer.evaluation import Platform

Floats = NDArray[np.float64]


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


def closing_arrivals(study: Study, units: Units, graphs: Mapping[Mode, StreetGraph]) -> Floats:
    """Time every group to every node: turned out, driven and set up, shape (g, n).

    Seconds count from the order; see :func:`arrivals`.
    """
    settings = study.settings.checkpoints or CheckpointSettings()
    delay_s = study.settings.standards.turnout_seconds + 60 * settings.setup_minutes
    return arrivals(units, graphs, delay_s=delay_s)


def force_of(study: Study, platforms: Sequence[Platform], more: Units | None) -> Units:
    """Let every platform send its class's cars and motorcycles, or as many units as the study says.

    Parameters
    ----------
    more
        Units that stand elsewhere, such as boats; None: there are none.

    Raises
    ------
    InputError
        One of them has the id of a platform.
    """
    settings = present(study.settings.checkpoints)
    count = units_by_district(study, settings, [platform.district for platform in platforms])
    sent = [platform for platform, units in zip(platforms, count, strict=True) if units]
    units = Units(
        ids=tuple(platform.platform_id for platform in sent),
        names=tuple(platform.name for platform in sent),
        node=np.array([platform.node for platform in sent], np.int32),
        capacity=count[count > 0],
        mode=tuple[Mode, ...](["car"] * len(sent)),
        ready_s=np.zeros(len(sent)),
    )
    return units if more is None else _joined(units, more)


def given_force(
    study: Study, streets: Streets, more: Units | None, file: Path | None
) -> tuple[Units, tuple[str, ...]]:
    """Take the units of a file alone; without one, those that stand by, and some more.

    Parameters
    ----------
    more
        Units that stand elsewhere than at platforms, such as boats; None: there are none.

    Returns
    -------
    The units, and sentences that a planner should read.

    Raises
    ------
    InputError
        There are none, or the file is wrong.
    """
    if file is not None:
        return read_units(PlaceSource(path=str(file)), streets)
    units, warnings = stand_by_units(study, streets)
    return units if more is None else _joined(units, more), warnings


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
