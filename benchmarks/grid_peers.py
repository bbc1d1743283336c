"""Measure grids beside their peers: who owns which ground, on the places of districts.py.

Each method gets the same ground and the same tolerance, and is given up after so many seconds; what
it answers is measured by this package. No peer has all that a grid is about, so each is given what
it can take. A grid's load is its calls times handling and way from its own platform; a peer that
does not know the platform gets the way from the nearest, and its parts are given to the platforms
such that travel is least.

- METIS (pymetis): connected parts of equal load that cut few streets; knows no platforms, no ways.
- k-means-constrained: clusters of an equal number of points around middles that move, from the
  platforms on; straight lines, no streets, points that all count alike. Each junction becomes as
  many points as its load asks for, and every junction goes with the nearest point.
- a linear program in HiGHS: least travel with equal loads; connectedness is not linear, and units
  are split, so each goes whole to the platform that has most of it.

Prints a table in Markdown::

    python benchmarks/grid_peers.py [--tolerance 0.1] [--seconds 60] [--only PLACE ...]
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator

import highspy
import numpy as np
from districts import PLACES, Floats, ground_of
from numpy.typing import NDArray
from rows import RowError, Stopwatch, given_up_after, peak_mb, print_table, run_alone
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from optimizer.districts import Ground, balanced_division, evaluate, nearest_division

HEADS = ("place", "method", "load spread", "mean travel s", "grids", "in pieces", "units apart",
         "platforms at home", "CPU s", "wall s", "peak MB")  # fmt: skip
NEEDS_PEERS = (
    "pymetis or k-means-constrained is not installed; `make peers`, or "
    "pip install 'optimizer[bench]', brings both in."
)
POINTS_PER_PLATFORM = 200
MOST_VARIABLES = 2_000_000
TOTAL_WEIGHT = 100_000_000
"""METIS weighs in whole numbers."""
Ints = NDArray[np.int32]


def by_optimizer(ground: Ground, _: Floats, tolerance: float, __: float) -> Ints:
    """Divide with this package."""
    return balanced_division(ground, tolerance).labels


def by_nearest(ground: Ground, *_: object) -> Ints:
    """Give each unit to the nearest platform."""
    return nearest_division(ground)


def by_metis(ground: Ground, _: Floats, tolerance: float, __: float) -> Ints:
    """Cut the streets into connected parts of equal load."""
    pymetis = importlib.import_module("pymetis")
    load = nearest_load(ground)
    options = pymetis.Options()
    options.contig, options.ufactor = 1, round(1000 * tolerance)
    weights = np.rint(load / load.sum() * TOTAL_WEIGHT).astype(np.int32)
    parts = pymetis.part_graph(
        ground.platform_count, xadj=ground.indptr.astype(np.int32), adjncy=ground.neighbour,
        vweights=weights, recursive=False, options=options,
    )  # fmt: skip
    return to_platforms(ground, np.asarray(parts.vertex_part))


def by_k_means(ground: Ground, places: Floats, tolerance: float, _: float) -> Ints:
    """Cluster points of equal load around moving middles."""
    clustering = importlib.import_module("k_means_constrained")
    load, count = nearest_load(ground), ground.platform_count
    steps = np.cumsum(load) / load.sum() * count * POINTS_PER_PLATFORM
    unit = np.repeat(np.arange(len(load)), np.diff(np.rint(steps), prepend=0).astype(int))
    model = clustering.KMeansConstrained(
        count, size_min=round((1 - tolerance) * len(unit) / count),
        size_max=round((1 + tolerance) * len(unit) / count),
        init=places[ground.seed], n_init=1, random_state=0,
    )  # fmt: skip
    cluster = model.fit_predict(places[unit])
    votes = sparse.csr_array((np.ones(len(unit)), (unit, cluster)), (len(load), count)).toarray()
    own = np.flatnonzero(votes.any(axis=1))
    nearest = KDTree(places[own]).query(places)[1]
    return to_platforms(ground, votes[own].argmax(axis=1)[nearest])


def by_linear_program(ground: Ground, _: Floats, tolerance: float, seconds: float) -> Ints:
    """Solve the program without connectedness; the mean load m is a variable."""
    unit = np.flatnonzero(ground.calls)
    p, u = ground.platform_count, len(unit)
    if p * u > MOST_VARIABLES:
        raise MemoryError
    calls, travel_s = ground.calls[unit], ground.travel_s[:, unit]
    work = (calls * (ground.handling_s[unit] + travel_s)).ravel()
    of_platform = sparse.csr_array((work, (np.repeat(np.arange(p), u), np.arange(p * u))))
    once = sparse.hstack([sparse.eye_array(u)] * p + [sparse.csr_array((u, 1))])
    most = sparse.hstack([of_platform, np.full((p, 1), -(1 + tolerance))])
    least = sparse.hstack([of_platform, np.full((p, 1), -(1 - tolerance))])
    mean = sparse.csr_array(np.append(work, -p)[None])
    rows = sparse.vstack([once, most, least, mean], format="csr")
    none, any_ = np.zeros(p), np.full(p, highspy.kHighsInf)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = p * u + 1, rows.shape[0]
    lp.col_cost_ = np.append((calls * travel_s).ravel(), 0.0)
    lp.col_lower_ = np.zeros(p * u + 1)
    lp.col_upper_ = np.append(np.ones(p * u), highspy.kHighsInf)
    lp.row_lower_ = np.concatenate([np.ones(u), -any_, none, [0.0]])
    lp.row_upper_ = np.concatenate([np.ones(u), none, any_, [0.0]])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        rows.indptr, rows.indices, rows.data
    )  # fmt: skip
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(lp)
    solver.setOptionValue("time_limit", seconds)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise TimeoutError
    share = np.asarray(solver.getSolution().col_value[: p * u]).reshape(p, u)
    labels = nearest_division(ground).copy()
    labels[unit] = share.argmax(axis=0)
    return labels


METHODS: dict[str, Callable[[Ground, Floats, float, float], Ints]] = {
    "optimizer": by_optimizer,
    "each to the nearest": by_nearest,
    "METIS": by_metis,
    "k-means-constrained": by_k_means,
    "linear program, HiGHS": by_linear_program,
}
PACKAGE = {"METIS": "pymetis", "k-means-constrained": "k_means_constrained"}


def nearest_load(ground: Ground) -> Floats:
    """Work out the seconds of work at each unit, were the nearest platform to answer."""
    return ground.calls * (ground.handling_s + ground.travel_s.min(axis=0))


def to_platforms(ground: Ground, part: Ints) -> Ints:
    """Give each part to a platform, such that travel is least."""
    count = ground.platform_count
    cost = [np.bincount(part, ground.calls * way_s, minlength=count) for way_s in ground.travel_s]
    platform, own = linear_sum_assignment(cost)
    return platform[np.argsort(own)][part].astype(np.int32)


def in_pieces(ground: Ground, labels: Ints) -> tuple[int, int]:
    """Count the grids that are not connected, and the units beside the largest piece of each."""
    near, grids, apart = ground.adjacency, 0, 0
    for grid in range(ground.platform_count):
        own = np.flatnonzero(labels == grid)
        piece = connected_components(near[own][:, own], directed=False)[1]
        units = len(own) - int(np.bincount(piece).max(initial=0))
        grids, apart = grids + (units > 0), apart + units
    return grids, apart


def measure(place: str, method: str, tolerance: float, seconds: float) -> list[str]:
    """Divide by one method, on a toy first, and look at the division."""
    ground, places = ground_of(place)
    if method == "optimizer":
        balanced_division(ground, tolerance)
    watch = Stopwatch()
    try:
        with given_up_after(seconds):
            labels = METHODS[method](ground, places, tolerance, seconds)
    except TimeoutError:
        return [f"no answer after {watch.wall_s:.0f} s"]
    except MemoryError:
        return ["too large, not tried"]
    cpu_s, wall_s = watch.cpu_s, watch.wall_s
    loads, count = evaluate(ground, labels), ground.platform_count
    grids, apart = in_pieces(ground, labels)
    at_home = int((labels[ground.seed] == np.arange(count)).sum())
    return [
        f"{loads.spread:.1%}", f"{loads.travel_s:.1f}", f"{count}", f"{grids}", f"{apart}",
        f"{at_home}", f"{cpu_s:.1f}", f"{wall_s:.1f}", f"{peak_mb()}",
    ]  # fmt: skip


def rows_of(
    only: list[str], methods: list[str], tolerance: float, seconds: float
) -> Iterator[list[str]]:
    """Measure one row after another."""
    for place in only:
        for method in METHODS:
            if not any(word in method for word in methods):
                continue
            if method in PACKAGE and importlib.util.find_spec(PACKAGE[method]) is None:
                print(NEEDS_PEERS, file=sys.stderr)
                yield [place, method, "not installed"]
                continue
            try:
                yield [place, method, *run_alone(measure, place, method, tolerance, seconds)]
            except RowError as error:
                yield [place, method, str(error)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tolerance", type=float, default=0.1)
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time for each row")
    parser.add_argument("--only", nargs="+", choices=PLACES, default=list(PLACES))
    parser.add_argument("--methods", nargs="+", default=[""], help="methods whose name has one")
    asked = parser.parse_args()
    rows = rows_of(asked.only, asked.methods, asked.tolerance, asked.seconds)
    print_table(HEADS, rows, labels=2)


if __name__ == "__main__":
    main()
