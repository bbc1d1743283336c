"""Who stands by where no file of units is given: the platforms of the plan, else the stations."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import CheckpointSettings, Mode, Units
from optimizer.demand import read_zones
from optimizer.deployment.crews import crew_of
from optimizer.errors import InputError
from optimizer.places import PlaceSource
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoint_inputs.units import read_units
from optimizer.study import Study

LOG = logging.getLogger(__name__)


def stand_by_units(study: Study, streets: Streets) -> tuple[Units, tuple[str, ...]]:
    """Take the vehicles of the plan that was published last, else those of the present stations.

    A station has the vehicles of its district's class; the zones are read only where the study
    has classes.

    Returns
    -------
    The units, and sentences that a planner should read.

    Raises
    ------
    InputError
        There is neither, or they have no vehicles, or their file or that of the zones is wrong.
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
    places, warnings = streets.read_points(platforms.existing, study.root)
    settings = study.settings.checkpoints or CheckpointSettings()
    count = units_by_district(study, settings, _districts(study, streets, places))
    if not count.any():
        raise InputError(f"{study.path.name}: [crew] has no vehicles to send; give --units FILE")
    places, count = places[count > 0], count[count > 0]
    LOG.info("Units: %d at %d existing stations, since there is no %s",
             count.sum(), len(places), plan)  # fmt: skip
    units = Units(
        ids=tuple(places["place_id"]),
        names=tuple(places["name"]),
        node=places["node"].to_numpy(np.int32),
        capacity=count,
        mode=tuple[Mode, ...](["car"] * len(places)),
        ready_s=np.zeros(len(places)),
    )
    return units, warnings


def units_by_district(
    study: Study, settings: CheckpointSettings, districts: Sequence[str]
) -> NDArray[np.int32]:
    """Count the units that platforms in these districts send, shape (k,)."""
    if settings.units_per_platform is not None:
        return np.full(len(districts), settings.units_per_platform, np.int32)
    crew = study.settings.crew
    return np.array([crew_of(crew, district).response_units for district in districts], np.int32)


def _districts(study: Study, streets: Streets, stations: gpd.GeoDataFrame) -> list[str]:
    """Find the district of every station; "" where no class depends on it."""
    settings = study.settings
    if not settings.crew.class_of:
        return [""] * len(stations)
    zones = read_zones(settings.zones, settings.standards, study.root, streets.whole.crs,
                       has_key_sites=bool(settings.key_sites))  # fmt: skip
    node = stations["node"].to_numpy(np.int32)
    district = zones.assign(streets.ways.x_m[node], streets.ways.y_m[node]).district
    return [zones.district_names[code] for code in district]
