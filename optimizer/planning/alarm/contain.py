"""Contain one flight: who closes which junction, and whether the net closes in time."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import (
    CheckpointSettings,
    Containment,
    Evader,
    NetPost,
    Units,
    contain,
)
from optimizer.errors import InputError
from optimizer.places import PlaceSource, is_local
from optimizer.planning.alarm.incidents import Incident, read_incidents
from optimizer.planning.checkpoint_inputs.exits import read_exits
from optimizer.planning.checkpoint_inputs.rings import rings_of
from optimizer.planning.checkpoint_inputs.streets import Streets, read_streets
from optimizer.planning.checkpoint_inputs.units import read_units
from optimizer.planning.checkpoint_inputs.way_out import ways_out
from optimizer.planning.checkpoints.force import closing_arrivals, evader_of, given_force
from optimizer.planning.checkpoints.hotspot_nets import net_posts
from optimizer.planning.faults import Faults, present
from optimizer.study import Study, read_study

Ints = NDArray[np.int32]

LOG = logging.getLogger(__name__)

NET_COLUMNS = (
    "order", "node", "street", "lon", "lat", "x", "y", "unit", "unit_minutes", "evader_minutes",
    "ahead_minutes",
)  # fmt: skip
SHOWN = 12
"""Streets of a way out that one line lists."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """The net around one flight, of one fugitive or several.

    Parameters
    ----------
    study
        Whose streets they are.
    incidents
        Where the flight starts.
    found
        The net, or the quickest way out.
    posts
        The posts of the net, in the order in which they close.
    units
        Units that could be sent.
    evader
        Whom they were sent against.
    streets
        Where.
    files
        What was read beside the study.
    """

    study: Study
    incidents: tuple[Incident, ...]
    found: Containment
    posts: tuple[NetPost, ...]
    units: int
    evader: Evader
    streets: Streets
    files: tuple[Path, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the figures of ``optimizer contain --json``; minutes count from the incident."""
        found, node_ids = self.found, self.streets.ways.node_ids
        return {
            "contained": found.contained,
            "minutes_after_incident": _minutes(found.latest_s),
            "bound_minutes": _minutes(found.bound_s),
            "status": found.status,
            "fewest": found.fewest,
            "checkpoints": [
                {
                    "site": str(node_ids[post.node]),
                    "unit": post.unit,
                    "unit_minutes": post.unit_s / 60,
                    "evader_minutes": post.evader_s / 60,
                    "street": post.street,
                    "x": post.x_m,
                    "y": post.y_m,
                }
                for post in self.posts
            ],
            "leak": None if found.leak is None else {
                "minutes": found.leak_s / 60,
                "nodes": [str(node_ids[node]) for node in found.leak],
                "streets": self._streets_out(),
            },
            "incidents": [
                {"node": str(node_ids[one.node]), "snapped_m": one.way_m} for one in self.incidents
            ],
        }  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Lay the net out as a table of ``NET_COLUMNS``."""
        on_earth = not is_local(self.streets.whole.crs)
        return [
            {
                "order": order,
                "node": str(self.streets.ways.node_ids[post.node]),
                "street": post.street,
                "lon": post.lon if on_earth else None,
                "lat": post.lat if on_earth else None,
                "x": post.x_m,
                "y": post.y_m,
                "unit": post.unit,
                "unit_minutes": round(post.unit_s / 60, 3),
                "evader_minutes": round(post.evader_s / 60, 3),
                "ahead_minutes": round((post.evader_s - post.unit_s) / 60, 3),
            }
            for order, post in enumerate(self.posts, start=1)
        ]

    def to_text(self) -> str:
        """Lay the net out for a person."""
        lines = [one.to_text() for one in self.incidents]
        found = self.found
        if found.contained:
            fewest = "the fewest" if found.fewest else "perhaps not the fewest"
            lines += [
                (
                    f"Contained {found.latest_s / 60:.2f} min after the incident by "
                    f"{len(self.posts)} of {self.units} units ({fewest} that do it)."
                ),
                "  min  ahead  unit  post",
                *(
                    f"{post.unit_s / 60:5.2f}  {(post.evader_s - post.unit_s) / 60:5.2f}  "
                    f"{post.unit}  {self._place(post)}"
                    for post in self.posts
                ),
            ]
        else:
            known = "no net closes in time" if found.status == "optimal" else "no net was found"
            along = " > ".join(self._streets_out()[:SHOWN]) or "streets without names"
            lines += [
                f"Not contained: {known} with {self.units} units.",
                f"Quickest way out: {found.leak_s / 60:.2f} min, {along}",
            ]
        return "\n".join([*lines, self._proof()])

    def _proof(self) -> str:
        found = self.found
        if found.status == "optimal":
            return (
                "Proven: no net closes sooner." if found.contained else "Proven: no posts stop it."
            )
        return f"Proven: no net closes before {found.bound_s / 60:.2f} min; more is not known."

    def _place(self, post: NetPost) -> str:
        node = self.streets.ways.node_ids[post.node]
        return f"{post.street} (node {node})" if post.street else f"node {node}"

    def _streets_out(self) -> list[str]:
        """Name the streets of the way out in their order, each once in a row."""
        leak = self.found.leak
        names: list[str] = []
        for crossing in [] if leak is None else self.streets.ways.streets_at(leak):
            if crossing and crossing not in names[-1:]:
                names.append(crossing)
        return names


def contain_study(
    path: Path,
    incidents: Sequence[str],
    *,
    delay_minutes: float | None = None,
    head_start_minutes: float | None = None,
    units: Path | None = None,
    exits: Path | None = None,
) -> Closing:
    """Contain one flight on the streets of a study.

    Parameters
    ----------
    incidents
        Where fugitives start at the same time: "X,Y" in the study's CRS or as lon,lat, or the id of
        a road node.
    delay_minutes, head_start_minutes
        From the incident to the order, and how much earlier they set off; None: the study's.
    units, exits
        Files; None: the platforms of the study's plan, or its stations, and its further units; and
        its exits, or all roads beyond its outermost ring.

    Raises
    ------
    InputError
        The study, its roads, a file or a place is wrong; the faults of all are gathered.
    """
    study, faults = read_study(path), Faults()
    streets = read_streets(study)
    settings = study.settings.checkpoints or CheckpointSettings()
    found = faults.of(lambda: read_incidents(incidents, streets))
    away = faults.of(lambda: _exits(study, streets, exits))
    force = faults.of(lambda: _force(study, streets, settings, units))
    faults.raise_any()
    places, (group, warnings) = present(found), present(force)
    for sentence in (*streets.main.report.warnings, *warnings):
        LOG.warning("Warning: %s", sentence)
    asked = {"report_delay_minutes": delay_minutes, "head_start_minutes": head_start_minutes}
    given = {name: minutes for name, minutes in asked.items() if minutes is not None}
    evader = evader_of(settings.model_copy(update=given))
    containment = contain(
        streets.graph, np.array([one.node for one in places]), present(away),
        closing_arrivals(study, group, streets.graphs), group.capacity, evader,
        time_limit_s=settings.time_limit_s,
    )  # fmt: skip
    net = containment.net
    posts = () if net is None else net_posts(net, group, streets)
    files = tuple(file for file in (units, exits) if file is not None)
    return Closing(study, tuple(places), containment, posts, group.count, evader, streets, files)


def _force(
    study: Study, streets: Streets, settings: CheckpointSettings, file: Path | None
) -> tuple[Units, tuple[str, ...]]:
    """Take the units of the file; without one, who stands by and the further units of the study."""
    more: Units | None = None
    warnings: tuple[str, ...] = ()
    if file is None and settings.units is not None:
        more, warnings = read_units(settings.units, streets, study.root)
    units, found = given_force(study, streets, more, file)
    return units, (*warnings, *found)


def _exits(study: Study, streets: Streets, file: Path | None) -> Ints:
    """Find where a fugitive is away: at listed exits, else beyond the rings of the study."""
    if file is not None:
        exits = read_exits(PlaceSource(path=str(file)), streets)
        for sentence in exits.warnings:
            LOG.warning("Warning: %s", sentence)
        return exits.node
    advice = "give --exits FILE, or add exits or rings_m with a centre to [checkpoints]"
    if study.settings.checkpoints is None:
        raise InputError(f"{study.path.name} does not say where a fugitive is away: {advice}")
    rings = rings_of(study, streets)
    way_out = ways_out(study, streets, rings)
    if way_out.source == "none":
        raise InputError(f"{study.path.name}: nobody can get away anywhere: {advice}")
    if len(way_out.uncounted):
        LOG.warning(
            "Warning: %d roads leave the road data within the outermost ring and are not counted "
            'as ways out; write edge_of_data = "open" in [checkpoints] to count them',
            len(way_out.uncounted),
        )
    if way_out.source != "ring" or rings.outermost is None:
        return way_out.nodes
    beyond = np.flatnonzero(rings.outermost.ring.outside)
    return np.union1d(way_out.nodes, beyond).astype(np.int32)


def _minutes(seconds: float) -> float | None:
    return seconds / 60 if math.isfinite(seconds) else None
