"""What happened where: the calls, or the counts, that a plan is made from."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.calls import Area, Calls, Quality, RawCalls, clean_calls, datum_warning
from optimizer.demand import CallWeights, CountedPlaces, Shifts, call_weights, read_counts
from optimizer.evaluation import DAYS_PER_YEAR
from optimizer.planning.faults import present
from optimizer.roads import RoadNetwork
from optimizer.study import Study

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What happened where: the calls, or the counts, that a plan is made from.

    Parameters
    ----------
    places
        Calls of the planning window, or counts per place.
    weights
        What each call counts; None with counts.
    later
        Calls after the planning day; None with counts.
    window
        First day of the planning window and the planning day; None with counts.
    quality
        The account of every row; None with counts.
    """

    places: Calls | CountedPlaces
    weights: CallWeights | None = None
    later: Calls | None = None
    window: tuple[dt.date, dt.date] | None = None
    quality: Quality | None = None

    @property
    def total(self) -> NDArray[np.float64]:
        """Weight of every call or count, shape (n,)."""
        if isinstance(self.places, CountedPlaces):
            return self.places.weight
        return present(self.weights).total

    @property
    def years(self) -> float:
        """Length of the planning window; counts are taken for those of a year."""
        if self.window is None:
            return 1.0
        return (self.window[1] - self.window[0]).days / DAYS_PER_YEAR


def read_source(study: Study, network: RoadNetwork, shifts: Shifts, raw: RawCalls | None) -> Source:
    """Clean the calls of a study, or read its counts.

    Parameters
    ----------
    raw
        The calls as written; None where the study gives counts.

    Raises
    ------
    InputError
        No call is left to plan with, or the counts are wrong.
    """
    settings = study.settings.calls
    if settings is None:
        return Source(read_counts(study.settings.demand, study.root, network))
    as_of = present(study.settings.study.as_of)
    cleaned = clean_calls(
        present(raw), settings, crs=network.crs, as_of=as_of,
        area=Area.around(network.x_m, network.y_m, study.settings.roads.max_snap_m),
        find_nodes=lambda names: _places_of_nodes(network, names),
    )  # fmt: skip
    quality = cleaned.quality
    lines = shapely.STRtree(network.lines)
    warning = datum_warning(
        cleaned.planning, settings.datum, network.crs,
        lambda x_m, y_m: _distance_m(lines, x_m, y_m),
    )  # fmt: skip
    if warning is not None:
        quality = quality.with_warning(warning)
    return Source(
        places=cleaned.planning,
        weights=call_weights(cleaned.planning, settings, shifts, as_of),
        later=cleaned.later,
        window=(cleaned.window_start, cleaned.window_end),
        quality=quality,
    )


def _places_of_nodes(network: RoadNetwork, names: NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Find where road nodes are by their ids; NaN for ids that the network does not know."""
    index = {node_id: node for node, node_id in enumerate(network.node_ids.tolist())}
    node = np.array([index.get(name, -1) for name in names], dtype=np.int64)
    x_m, y_m = network.x_m[node], network.y_m[node]
    return np.where(node < 0, np.nan, x_m), np.where(node < 0, np.nan, y_m)


def _distance_m(lines: shapely.STRtree, x_m: Floats, y_m: Floats) -> Floats:
    """Measure the way from each place to the nearest road; inf for places that are nowhere."""
    distance = np.full(len(x_m), np.inf)
    known = np.flatnonzero(np.isfinite(x_m) & np.isfinite(y_m))
    (place, _), way = lines.query_nearest(
        shapely.points(x_m[known], y_m[known]), return_distance=True, all_matches=False
    )
    distance[known[place]] = way
    return distance
