"""Everything that [checkpoints] names, read and laid on the streets."""

from __future__ import annotations

import dataclasses

import geopandas as gpd

from optimizer.checkpoints import Posts, PostSites, Units
from optimizer.errors import InputError
from optimizer.planning.checkpoint_inputs.gates import read_gates
from optimizer.planning.checkpoint_inputs.post_sites import read_post_sites
from optimizer.planning.checkpoint_inputs.rings import Rings, rings_of
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoint_inputs.units import read_units
from optimizer.planning.checkpoint_inputs.way_out import WayOut, ways_out
from optimizer.planning.faults import Faults, present
from optimizer.study import Study


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CheckpointInputs:
    """What the files of [checkpoints] say.

    Parameters
    ----------
    rings, sites, way_out
        The rings, where posts may stand, and where a fugitive is away.
    gates
        Electronic gates: their places, and the sites that they watch; None where there are none.
    units
        Units that stand elsewhere than at platforms; None where there are none.
    warnings
        Sentences that a planner should read.
    """

    rings: Rings
    sites: PostSites
    way_out: WayOut
    gates: tuple[gpd.GeoDataFrame, Posts] | None
    units: Units | None
    warnings: tuple[str, ...]


def read_checkpoints(study: Study, streets: Streets) -> CheckpointInputs | None:
    """Read what [checkpoints] names; None where the study has no such section.

    Raises
    ------
    InputError
        Anything is missing or wrong: the faults of all files.
    """
    settings = study.settings.checkpoints
    if settings is None:
        return None
    faults, source = Faults(), settings.units
    units = None
    if source is not None:
        units = faults.of(lambda: read_units(source, streets, study.root))
    rings = faults.of(lambda: rings_of(study, streets))
    sites = faults.of(lambda: read_post_sites(study, streets))
    gates = faults.of(lambda: read_gates(study, streets))
    way_out = faults.of(lambda: ways_out(study, streets, rings or Rings(())))
    faults.raise_any()
    rings, way_out = present(rings), present(way_out)
    if way_out.source == "none":
        raise InputError(
            f"{study.path.name}: [checkpoints] has neither rings nor exits, and no road leaves "
            "the data: nobody can get away; add rings_m with a centre, or exits"
        )
    more, warnings = (None, ()) if units is None else units
    return CheckpointInputs(
        rings, present(sites), way_out, gates, more,
        warnings=(*rings.warnings, *way_out.warnings, *warnings),
    )  # fmt: skip
