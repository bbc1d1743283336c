"""Who stands by where no file of units is given: the platforms of the plan, else the stations."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from optimizer.checkpoints import CheckpointSettings, Mode, Units
from optimizer.errors import InputError
from optimizer.places import PlaceSource
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoint_inputs.units import read_units
from optimizer.study import Study

LOG = logging.getLogger(__name__)


def stand_by_units(study: Study, streets: Streets) -> tuple[Units, tuple[str, ...]]:
    """Take the vehicles of the plan that was published last, else those of the present stations.

    Returns
    -------
    The units, and sentences that a planner should read.

    Raises
    ------
    InputError
        There is neither, or they have no vehicles, or their file is wrong.
    """
    head, platforms = study.settings.study, study.settings.platforms
    plan = Path("reports") / head.name / str(head.as_of) / "plan.csv"
    if plan.is_file():
        LOG.info("Units: the cars and motorcycles of %s", plan)
        return read_units(PlaceSource(path=str(plan)), streets)
    if platforms is None or platforms.existing is None:
        raise InputError(
            f"{study.path.name}: nobody can be sent, for there is no {plan} and no [platforms] "
            "existing; give --units FILE, or run the study first"
        )
    crew, settings = study.settings.crew, study.settings.checkpoints or CheckpointSettings()
    each = settings.units_per_platform or crew.response_cars + crew.motorcycles
    if each == 0:
        raise InputError(f"{study.path.name}: [crew] has no vehicles to send; give --units FILE")
    places, warnings = streets.read_points(platforms.existing, study.root)
    LOG.info("Units: %d at each of the %d existing stations, since there is no %s",
             each, len(places), plan)  # fmt: skip
    units = Units(
        ids=tuple(places["place_id"]),
        names=tuple(places["name"]),
        node=places["node"].to_numpy(np.int32),
        capacity=np.full(len(places), each, np.int32),
        mode=tuple[Mode, ...](["car"] * len(places)),
        ready_s=np.zeros(len(places)),
    )
    return units, warnings
