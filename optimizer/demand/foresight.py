"""What hotspots foresaw: PAI, PEI and RRI on later calls, beside simpler ways to choose ground.

PAI = share of the later calls inside / share of the ground inside (Chainey, Tompson & Uhlig 2008,
doi:10.1057/palgrave.sj.8350066). PEI = PAI / best PAI that ground of the same size could have had
(Hunt 2016). RRI = share of the later calls inside / share of the planning calls inside (Levine
2008, doi:10.1057/sj.2008.11).
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.calls import Calls
from optimizer.demand.call_field import CallField
from optimizer.demand.cells import Cells, occupied_cells
from optimizer.demand.density import Grid, smooth
from optimizer.demand.members import polygon_of_places

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class Foresight:
    """All hotspots together on calls that came after the planning window.

    Parameters
    ----------
    later_calls, hits
        Later calls, and those inside a hotspot.
    pai, pei, rri
        See the module; NaN where undefined.
    density_grid_pai, ranked_cells_pai
        PAI of two rivals on as much ground: the cells of highest density with the same search
        radius, and the cells with the most planning calls.
    """

    later_calls: int
    hits: int
    pai: float
    pei: float
    rri: float
    density_grid_pai: float
    ranked_cells_pai: float

    def to_json(self) -> dict[str, Any]:
        """Return plain data; what is undefined is None."""
        values = dataclasses.asdict(self).items()
        return {name: None if np.isnan(value) else round(value, 4) for name, value in values}


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class LaterCalls:
    """Calls after the planning window, and the hotspot of each.

    Parameters
    ----------
    cells
        Their cells.
    hits
        Calls inside each of h hotspots, shape (h,).
    """

    cells: Cells
    hits: Floats

    def __len__(self) -> int:
        return len(self.cells.of_place)


def match_later_calls(later: Calls, field: CallField, polygons: NDArray[np.object_]) -> LaterCalls:
    """Find the hotspot of every later call.

    Parameters
    ----------
    later
        Calls after the planning window.
    field
        The planning calls.
    polygons
        Outlines of h hotspots.
    """
    cells = occupied_cells(later.x_m, later.y_m, field.frame.cell_m)
    member = polygon_of_places(cells, later.x_m, later.y_m, polygons)
    hits = np.bincount(member[member >= 0], minlength=len(polygons)).astype(float)
    return LaterCalls(cells, hits)


def rate_each(later: LaterCalls, area_km2: Floats, field: CallField) -> tuple[Floats, Floats]:
    """Tell PAI and PEI of every hotspot, each of shape (h,).

    Parameters
    ----------
    later
        Later calls.
    area_km2
        Area of every hotspot, shape (h,).
    field
        The planning calls.
    """
    best = best_hits(later.cells.sums(), area_km2 / field.frame.cell_km2)
    pai = hit_rate(later.hits, len(later), area_km2, field.ground_km2)
    return pai, _ratio(later.hits, best)


def rate_all(
    later: LaterCalls,
    planning_calls: Floats,
    area_km2: float,
    field: CallField,
    radius_m: float,
) -> Foresight:
    """Rate all hotspots together, beside their rivals.

    Parameters
    ----------
    later
        Later calls.
    planning_calls
        Calls of the planning window inside every hotspot, shape (h,).
    area_km2
        Area of all hotspots.
    field
        The planning calls.
    radius_m
        Search radius of the density.
    """
    number, ground = len(later), field.ground_km2
    cells = area_km2 / field.frame.cell_km2
    hits = later.hits.sum()
    later_grid = field.frame.grid(later.cells, later.cells.sums())
    counts = field.grid(field.calls)
    density = smooth(field.grid(field.weight), radius_m, field.frame.cell_m)
    before = planning_calls.sum() / counts.sum(dtype=np.float64)
    return Foresight(
        later_calls=number,
        hits=int(hits),
        pai=float(hit_rate(hits, number, area_km2, ground)),
        pei=float(_ratio(hits, best_hits(later.cells.sums(), cells))),
        rri=float(_ratio(hits / number, before)),
        density_grid_pai=float(
            hit_rate(ranked_hits(density, later_grid, cells), number, area_km2, ground)
        ),
        ranked_cells_pai=float(
            hit_rate(ranked_hits(counts, later_grid, cells), number, area_km2, ground)
        ),
    )


def hit_rate(hits: Floats | float, calls: float, area: Floats | float, ground: float) -> Floats:
    """Divide share of calls by share of ground, the PAI; NaN where either is undefined."""
    return _ratio(_ratio(hits, calls), _ratio(area, ground))


def best_hits(calls: Floats, cells: Floats | float) -> Floats:
    """Count the most calls that a number of cells can hold; part of a cell holds its part.

    Parameters
    ----------
    calls
        Calls per cell, shape (c,).
    cells
        Numbers of cells, need not be whole.
    """
    return _running(np.sort(calls)[::-1], cells)


def ranked_hits(score: Grid, calls: Grid, cells: float) -> float:
    """Count calls in the cells that score highest; part of a cell holds its part.

    Parameters
    ----------
    score, calls
        Per cell of a grid, of equal shape.
    cells
        Number of cells, need not be whole.
    """
    flat = score.ravel()
    size = min(max(int(np.ceil(cells)), 1), flat.size)
    top = np.sort(np.argpartition(flat, -size)[-size:])
    order = top[np.argsort(-flat[top], kind="stable")]
    return float(_running(calls.ravel()[order].astype(float), cells))


def _running(calls: Floats, cells: Floats | float) -> Floats:
    sums = np.concatenate([[0.0], np.cumsum(calls)])
    held: Floats = np.interp(cells, np.arange(len(sums)), sums)
    return held


def _ratio(part: Floats | float, whole: Floats | float) -> Floats:
    parts, wholes = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    ratio: Floats = np.full(parts.shape, np.nan)
    np.divide(parts, wholes, out=ratio, where=wholes > 0)
    return ratio
