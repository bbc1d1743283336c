"""Everything that the sections on duty name, read and laid on the roads."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.places import PlaceSource
from optimizer.planning.duty_inputs.patrol_files import PatrolFiles, read_patrol_files
from optimizer.planning.duty_inputs.patrol_zones import zone_faults
from optimizer.planning.duty_inputs.rounds import round_faults
from optimizer.planning.duty_inputs.villages import read_villages
from optimizer.planning.faults import Faults, present
from optimizer.planning.near_roads import read_near_roads
from optimizer.planning.source import Source
from optimizer.roads import RoadNetwork
from optimizer.study import Study


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DutyInputs:
    """What the files of the sections on duty say.

    Parameters
    ----------
    patrols
        Must-patrol points and lines.
    villages
        As :func:`~optimizer.planning.duty_inputs.villages.read_villages` gives them; None where
        the study has no such section.
    standing_nodes
        Road nodes of the places that [quick_response] lists; None where it names no file.
    """

    patrols: PatrolFiles
    villages: gpd.GeoDataFrame | None
    standing_nodes: NDArray[np.int32] | None


def read_duty_inputs(study: Study, network: RoadNetwork, source: Source | None) -> DutyInputs:
    """Read what the sections on duty name.

    Parameters
    ----------
    source
        Calls or counts; None where they could not be read.

    Raises
    ------
    InputError
        Anything is missing or wrong: the faults of all sections.
    """
    faults, settings = Faults(), study.settings
    faults.add(round_faults(study))
    faults.add(zone_faults(study, source))
    patrols = faults.of(lambda: read_patrol_files(study, network))
    listed, villages = settings.villages, None
    limit_m = settings.roads.max_snap_m
    if listed is not None:
        villages = faults.of(lambda: read_villages(listed, network, study.root, limit_m))
    standing = faults.of(lambda: _standing_nodes(study, network))
    faults.raise_any()
    return DutyInputs(present(patrols), villages, standing)


def _standing_nodes(study: Study, network: RoadNetwork) -> NDArray[np.int32] | None:
    """Read the places where quick-response points may stand, if a file lists them."""
    settings, limit_m = study.settings.quick_response, study.settings.roads.max_snap_m
    if settings is None or not isinstance(settings.candidates, PlaceSource):
        return None
    places = read_near_roads(settings.candidates, "standing place", network, study.root, limit_m)
    nodes: NDArray[np.int32] = places["node"].to_numpy(np.int32)
    return nodes
