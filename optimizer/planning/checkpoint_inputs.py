"""Everything that [checkpoints] names, read and laid on the streets."""

from __future__ import annotations

import dataclasses

import geopandas as gpd

from optimizer.checkpoints import Posts, PostSites
from optimizer.errors import InputError
from optimizer.planning.faults import Faults, present
from optimizer.planning.gate_plans import read_gates
from optimizer.planning.post_sites import read_post_sites
from optimizer.planning.rings import Rings, rings_of
from optimizer.planning.streets import Streets
from optimizer.planning.way_out import WayOut, ways_out
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
    """

    rings: Rings
    sites: PostSites
    way_out: WayOut
    gates: tuple[gpd.GeoDataFrame, Posts] | None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that a planner should read."""
        return (*self.rings.warnings, *self.way_out.warnings)


def read_checkpoints(study: Study, streets: Streets) -> CheckpointInputs | None:
    """Read what [checkpoints] names; None where the study has no such section.

    Raises
    ------
    InputError
        Anything is missing or wrong: the faults of all files.
    """
    if study.settings.checkpoints is None:
        return None
    faults = Faults()
    rings = faults.of(lambda: rings_of(study, streets))
    sites = faults.of(lambda: read_post_sites(study, streets))
    gates = faults.of(lambda: read_gates(study, streets))
    way_out = faults.of(lambda: ways_out(study, streets, rings or Rings(())))
    faults.raise_any()
    way_out = present(way_out)
    if way_out.source == "none":
        raise InputError(
            f"{study.path.name}: [checkpoints] has neither rings nor exits, and no road leaves "
            "the data: nobody can get away; add rings_m with a centre, or exits"
        )
    return CheckpointInputs(present(rings), present(sites), way_out, gates)
