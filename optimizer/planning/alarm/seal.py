"""Close listed exits: who goes where, in which order, and when the last one is closed."""

from __future__ import annotations

import dataclasses
import logging
import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from optimizer.checkpoints import Drill, DrillPost, Move, plan_drill
from optimizer.checkpoints.sealing.drill import minutes
from optimizer.places import PlaceSource, parse_crs, read_places
from optimizer.planning.checkpoint_inputs.exits import Exits, read_exits
from optimizer.planning.checkpoint_inputs.streets import Streets, read_streets
from optimizer.planning.checkpoint_inputs.units import read_units
from optimizer.planning.faults import Faults, present
from optimizer.study import Study, read_study

LOG = logging.getLogger(__name__)

MOST_LISTED = 20
"""Exits or units that one line lists."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Seal:
    """The drill that closes the exits of a file.

    Parameters
    ----------
    study, streets
        Where.
    files
        The exits and the units.
    drill
        Who goes to which exit.
    warnings
        Sentences that a planner should read.
    """

    study: Study
    streets: Streets
    files: tuple[Path, Path]
    drill: Drill
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the figures of ``optimizer seal --json``; minutes count from the order."""
        drill = self.drill
        return {
            "status": "optimal",
            "sealed": drill.complete,
            "latest_minutes": None if drill.latest_s is None else drill.latest_s / 60,
            "total_minutes": drill.total_s / 60,
            "assignment": [self._pair(move) for move in drill.moves],
            "left_open": _ids(drill.left_open),
            "out_of_reach": _ids(drill.out_of_reach),
            "held_up": {"exits": _ids(drill.held_up), "units": list(drill.held_by)},
            "idle": sorted(set(drill.units.ids) - {self._unit(move) for move in drill.moves}),
        }

    def _pair(self, move: Move) -> dict[str, Any]:
        return {
            "exit": move.post.post_id,
            "unit": self._unit(move),
            "minutes": move.closed_s / 60,
            "depart_minutes": move.depart_s / 60,
            "arrive_minutes": move.arrive_s / 60,
        }

    def _unit(self, move: Move) -> str:
        return self.drill.units.ids[move.unit]

    def to_text(self) -> str:
        """Lay the order of arrival out for a person."""
        drill = self.drill
        head = f"{len(drill.moves)} of {len(drill.posts)} exits are closed"
        if drill.latest_s is not None:
            head += (
                f", the last after {minutes(drill.latest_s):.2f} min; "
                f"{minutes(drill.total_s):.2f} min in all"
            )
        lines = [f"{head}.", *self._table()]
        if drill.moves:
            lines.append(f"Proven: {self._proof()}.")
        if drill.left_open:
            lines.append(f"Open, since units are too few: {_listed(_ids(drill.left_open))}.")
        if drill.out_of_reach:
            lost = _listed(_ids(drill.out_of_reach))
            lines.append(f"Open, since no unit can drive there: {lost}.")
        return "\n".join(lines)

    def _proof(self) -> str:
        drill = self.drill
        if drill.latest_s is None or not drill.held_up:
            return "no other choice closes as much, the last of it sooner"
        count, exits = len(drill.held_up) - 1, _listed(_ids(drill.held_up))
        before = f"before {minutes(drill.latest_s):.2f} min"
        if count == 0:
            return f"{before} no unit can close exit {exits}"
        units = "1 unit" if count == 1 else f"{count} units"
        return f"{before} only {units} ({_listed(drill.held_by)}) can close any of exits {exits}"

    def _table(self) -> list[str]:
        header = ("", "exit", "", "unit", "", "leaves", "arrives", "closed")
        rows = [
            (
                str(order),
                *_id_and_name(move.post.post_id, move.post.name),
                *_id_and_name(self._unit(move), self.drill.units.names[move.unit]),
                *(f"{minutes(s):.2f}" for s in (move.depart_s, move.arrive_s, move.closed_s)),
            )
            for order, move in enumerate(self.drill.moves, start=1)
        ]
        columns = [
            _aligned(column, is_name=1 <= at <= 4)
            for at, column in enumerate(zip(header, *rows, strict=True))
            if any(column)
        ]
        return ["  ".join(row).rstrip() for row in zip(*columns, strict=True)] if rows else []


def _width(text: str) -> int:
    """Count the columns that a text takes in a terminal: Chinese characters take two."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def _aligned(column: Sequence[str], *, is_name: bool) -> list[str]:
    """Fill the cells of a column up to one width: names to the left, numbers to the right."""
    widest = max(map(_width, column))
    blanks = [" " * (widest - _width(text)) for text in column]
    pairs = zip(column, blanks, strict=True)
    return [text + blank if is_name else blank + text for text, blank in pairs]


def _id_and_name(own_id: str, name: str) -> tuple[str, str]:
    """Give both, or the id alone where the file has no name beside it."""
    return own_id, "" if name == own_id or own_id.startswith(f"{name}#") else name


def _ids(posts: Sequence[DrillPost]) -> list[str]:
    return [post.post_id for post in posts]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def seal_study(path: Path, exits: Path, units: Path) -> Seal:
    """Send the units of one file to the exits of another over the roads of a study.

    Raises
    ------
    InputError
        The study, its roads or one of the files is wrong; the faults of all are gathered.
    """
    study, faults = read_study(path), Faults()
    roads = faults.of(lambda: read_streets(study))
    if roads is None:
        _check_places(study, (exits, units), faults)
    faults.raise_any()
    streets = present(roads)
    found_exits = faults.of(lambda: read_exits(PlaceSource(path=str(exits)), streets))
    found_units = faults.of(lambda: read_units(PlaceSource(path=str(units)), streets))
    faults.raise_any()
    listed, (force, more) = present(found_exits), present(found_units)
    checkpoints = study.settings.checkpoints
    drill = plan_drill(
        streets.graphs,
        _posts(listed),
        force,
        turnout_s=study.settings.standards.turnout_seconds,
        setup_s=60 * checkpoints.setup_minutes if checkpoints is not None else 0.0,
    )
    warnings = (*streets.main.report.warnings, *listed.warnings, *more)
    for sentence in warnings:
        LOG.warning("Warning: %s", sentence)
    return Seal(study, streets, (exits, units), drill, warnings)


def _posts(exits: Exits) -> list[DrillPost]:
    return [
        DrillPost(exit_id, name, "junction", (node,), weight)
        for exit_id, name, node, weight in zip(
            exits.ids, exits.names, exits.node.tolist(), exits.weight.tolist(), strict=True
        )
    ]


def _check_places(study: Study, files: tuple[Path, ...], faults: Faults) -> None:
    """Find the faults of files of places where the roads cannot be read, as far as that goes."""
    spec = study.settings.study.crs
    crs = None if spec is None else faults.of(lambda: parse_crs(spec, "[study] crs"))
    for file in files if crs is not None else ():
        faults.of(partial(read_places, PlaceSource(path=str(file)), present(crs)))
