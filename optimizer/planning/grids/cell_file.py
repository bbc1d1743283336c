"""The finer grid that [grids] cells names, read and found whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import geopandas as gpd
import numpy as np

from optimizer.districts import Cells
from optimizer.errors import InputError
from optimizer.places import read_polygons
from optimizer.roads import RoadNetwork
from optimizer.siting.wording import counted
from optimizer.study import Study

MOST_NAMED = 3


def read_cells(study: Study, network: RoadNetwork) -> Cells | None:
    """Read the cells that no grid may split; None where the study names none.

    Raises
    ------
    InputError
        The file is missing or wrong, ids are missing or repeated, cells overlap, or no road leads
        into any cell.
    """
    settings = study.settings.grids
    if settings.cells is None:
        if settings.cell_id is not None:
            raise InputError(
                f"[grids] cell_id = {settings.cell_id!r} names a column, but no file of cells is "
                "given; add cells, or take cell_id out"
            )
        return None
    path = study.root / settings.cells
    columns = [] if settings.cell_id is None else [settings.cell_id]
    frame = read_polygons(path, network.crs, columns=columns)
    if settings.cell_id is not None:
        faults = list(_id_faults(frame[settings.cell_id], path.name, settings.cell_id))
        if faults:
            raise InputError(faults)
        ids = tuple(frame[settings.cell_id])
    else:
        ids = tuple(str(number) for number in range(1, len(frame) + 1))
    cells = Cells(ids, np.asarray(frame.geometry.array, dtype=object), frame.attrs["warnings"])
    if (cells.holding(np.column_stack([network.x_m, network.y_m])) < 0).all():
        raise InputError(
            f"{path.name}: no road node lies in its {counted(len(cells), 'cell')}; check its CRS"
        )
    faults = list(_overlap_faults(cells, path.name))
    if faults:
        raise InputError(faults)
    return cells


def _overlap_faults(cells: Cells, file: str) -> Iterator[str]:
    pairs = cells.overlaps()
    if len(pairs):
        listed = ", ".join(
            f'"{cells.ids[one]}" with "{cells.ids[other]}"' for one, other in pairs[:MOST_NAMED]
        )
        more = f" and {len(pairs) - MOST_NAMED} more" if len(pairs) > MOST_NAMED else ""
        yield (
            f"{file}: cells overlap: {listed}{more}; ground in both would belong to two, so draw "
            "cells that only touch"
        )


def _id_faults(column: gpd.GeoSeries, file: str, name: str) -> Iterator[str]:
    empty = np.flatnonzero(column.isna())
    if len(empty):
        yield (
            f'{file}: the column "{name}" is empty in {counted(len(empty), "cell")}, the first is '
            f"number {empty[0] + 1}; fill it in"
        )
    repeated = [text for text, count in Counter(column.dropna()).items() if count > 1]
    if repeated:
        listed = ", ".join(repr(text) for text in repeated[:MOST_NAMED])
        yield (
            f'{file}: the column "{name}" has {counted(len(repeated), "id")} more than once, such '
            f"as {listed}; give every cell its own"
        )
