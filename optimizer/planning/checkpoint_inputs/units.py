"""The units that can be sent, as a file lists them."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import Mode, Units
from optimizer.errors import InputError
from optimizer.places import PlaceSource, SourceTable, guess_column, numbers, read_source, texts
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.faults import Faults, present

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

VEHICLES = ("response_cars", "motorcycles")
"""Columns of a plan's own platforms, which can be read as units: each vehicle is one."""
MOST_UNITS = 10_000
MOST_NAMED = 3


def read_units(
    source: PlaceSource, streets: Streets, root: Path = Path()
) -> tuple[Units, tuple[str, ...]]:
    """Read a table of units.

    Beside id, name and place a row may have ``count`` (how many stand there; where there is no
    such column, a plan's response cars and motorcycles, else 1), ``mode`` (car or boat; else car)
    and ``ready_minutes`` (until they can turn out; else 0).

    Returns
    -------
    The units at nodes of the whole network, and sentences that a planner should read.

    Raises
    ------
    InputError
        The file is missing or wrong; all its faults.
    """
    path, faults = root / source.path, Faults()
    table = read_source(path, encoding=source.encoding)
    modes = faults.of(lambda: _modes(table, streets))
    afloat = np.array([mode == "boat" for mode in modes]) if modes is not None else None
    placed = faults.of(lambda: streets.read_points(source, root, afloat=afloat))
    count = faults.of(lambda: _counts(table))
    ready = faults.of(lambda: _ready_minutes(table))
    faults.raise_any()
    places, warnings = present(placed)
    manned = np.flatnonzero(present(count))
    placed_units = places.iloc[manned]
    units = Units(
        ids=tuple(placed_units["place_id"]),
        names=tuple(placed_units["name"]),
        node=placed_units["node"].to_numpy(np.int32),
        capacity=present(count)[manned],
        mode=tuple(present(modes)[row] for row in manned),
        ready_s=60 * present(ready)[manned],
    )
    _check_ids(units, path.name)
    return units, warnings


def _check_ids(units: Units, file: str) -> None:
    several = {units.ids[row] for row in np.flatnonzero(units.capacity > 1)}
    for own_id in units.ids:
        if own_id.rpartition("#")[0] in several:
            raise InputError(
                f'{file}: the id "{own_id}" reads like one of the units of '
                f'"{own_id.rpartition("#")[0]}"; give it another one'
            )


def _counts(table: SourceTable) -> Ints:
    columns = table.table.column_names
    own = guess_column("count", columns)
    is_plan = own is None and all(name in columns for name in VEHICLES)
    count = np.zeros(table.table.num_rows, np.int32)
    for column in VEHICLES if is_plan else (own,):
        found = _numbers(table, column, 0.0 if is_plan else 1.0)
        wrong = (found < 0) | (found != np.floor(found)) | (found > MOST_UNITS)
        _refuse(table, column, wrong, f"a whole number from 0 to {MOST_UNITS}")
        count += found.astype(np.int32)
    if len(count) and not count.any():
        raise InputError(f"{table.path.name}: there is no unit in it; give at least one")
    return count


def _ready_minutes(table: SourceTable) -> Floats:
    column = guess_column("ready_minutes", table.table.column_names)
    found = _numbers(table, column, 0.0)
    _refuse(table, column, found < 0, "a number of minutes from 0 up")
    return found


def _modes(table: SourceTable, streets: Streets) -> tuple[Mode, ...]:
    column = guess_column("mode", table.table.column_names)
    if column is None:
        return tuple(repeat("car", table.table.num_rows))
    written = [(text or "car").casefold() for text in texts(table.table[column])]
    known = sorted(streets.graphs)
    _refuse(table, column, np.array([text not in known for text in written]),
            f"one of {', '.join(known)} (boats need [checkpoints.water])")  # fmt: skip
    return tuple(cast("list[Mode]", written))


def _numbers(table: SourceTable, column: str | None, otherwise: float) -> Floats:
    """Read a column of numbers; an empty cell, or every cell of no column, is ``otherwise``."""
    if column is None:
        return np.full(table.table.num_rows, otherwise)
    found = numbers(table.table[column])
    _refuse(table, column, found.bad, "a number")
    return np.where(found.missing, otherwise, found.values)


def _refuse(table: SourceTable, column: str | None, wrong: NDArray[np.bool_], wanted: str) -> None:
    """Raise one fault that names the first rows whose cells are wrong."""
    rows = np.flatnonzero(wrong)[:MOST_NAMED]
    if len(rows) and column is not None:
        cells = ", ".join(
            f'"{table.table[column][row].as_py()}" in data row {row + 1}' for row in rows.tolist()
        )
        raise InputError(f'{table.path.name}: the column "{column}" has {cells}; write {wanted}')
