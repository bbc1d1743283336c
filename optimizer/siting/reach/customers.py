"""Very many customers, merged exactly into the few groups that the same sites cover."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.errors import InputError
from optimizer.siting.merging import merged_points
from optimizer.siting.problem import Codes, Indices, SitingProblem, Weights
from optimizer.siting.reach.circles import Circles, circle_faults, circles_round
from optimizer.siting.reach.radius import in_threads, points_within
from optimizer.siting.reach.tally import Tally, count_customers, joined, new_tally

Chunk = tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]
Arrays = tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]
BLOCK = 2**17
LANES = 4


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CustomerGroups:
    """Customers by the set of sites that covers them, in the order of each group's first customer.

    Those that no site reaches are a group too, the last one, so that shares are shares of all.
    Arrays are read-only.

    Parameters
    ----------
    indptr, group
        CSR of the reach, site by group, ascending: [m + 1] and [nnz].
    weight, customers, first
        Of each group its weight, number of customers, and the number of the first of them, counted
        from 0 over all chunks [g].
    beyond_reach
        Number of the group that no site reaches; None if every customer is within reach.
    """

    indptr: Indices
    group: Codes
    weight: Weights
    customers: Indices
    first: Indices
    beyond_reach: int | None

    def __post_init__(self) -> None:
        for name in ("indptr", "group", "weight", "customers", "first"):
            getattr(self, name).setflags(write=False)

    def problem(
        self, count: int, *, site_ids: npt.ArrayLike | None = None, **rules: Any
    ) -> SitingProblem:
        """State the siting problem over the groups.

        Parameters
        ----------
        count
            Number of platforms.
        site_ids
            Labels [m]; left out: 0, 1, 2...
        rules
            Further fields of `SitingProblem`.

        Raises
        ------
        InputError
            If the rules make no sense.
        """
        sites = np.arange(len(self.indptr) - 1) if site_ids is None else site_ids
        return SitingProblem(
            indptr=self.indptr,
            demand=self.group,
            weight=self.weight,
            site_ids=np.asarray(sites, dtype=np.object_),
            demand_ids=self.first.astype(np.object_),
            count=count,
            **rules,
        )


def merge_customers(
    sites_xy: npt.ArrayLike,
    chunks: Iterable[Chunk],
    radius: float,
    *,
    strict: bool = False,
    workers: int = 2,
) -> CustomerGroups:
    """Add up the customers that exactly the same sites cover within a radius.

    Merging is exact and so is the answer to any question of coverage (Chen et al. 2023, EJOR 311,
    aggregation). Each customer is read once, and memory grows with the groups and not with the
    customers. What counts as covered is said at `points_within`. The result depends neither on the
    threads nor on how the customers are cut into chunks; weights that are whole numbers add up
    without rounding.

    Parameters
    ----------
    sites_xy
        Planar coordinates of the sites [m, 2].
    chunks
        x, y and weight of some customers at a time, arrays of equal length; customers in memory
        are one chunk, `[(x, y, weight)]`. A million or more at a time keep both cores busy.
    radius
        In the units of the coordinates.
    strict
        Leave out the customers exactly on the circle.
    workers
        Threads.

    Raises
    ------
    InputError
        Naming every fault of the coordinates, the weights and the radius.
    """
    faults = [*circle_faults(sites_xy, radius)]
    circles = None if faults else circles_round(sites_xy, radius, strict=strict, whole=False)
    counter = _Counter(circles, workers)
    for chunk in chunks:
        counter.add(chunk)
    faults += counter.faults()
    if circles is None or faults:
        raise InputError(faults)
    whole = functools.reduce(joined, counter.tallies() or [new_tally(circles)])
    return _grouped(whole, sites_xy, radius, strict=strict, workers=workers)


class _Counter:
    """Counts customers in a fixed number of lanes, so that sums never depend on the threads."""

    def __init__(self, circles: Circles | None, workers: int) -> None:
        self._circles, self._workers = circles, workers
        self._lanes: dict[int, Tally] = {}
        self._seen = 0
        self._uneven: list[str] = []
        self._wrong: dict[str, list[tuple[int, int, str]]] = {"place": [], "weight": []}

    def add(self, chunk: Chunk) -> None:
        """Count a chunk: every block of customers belongs to a lane by its number."""
        x, y, weight = (np.asarray(array) for array in chunk)
        if x.ndim != 1 or not x.shape == y.shape == weight.shape:
            self._uneven.append(
                f"The chunk from customer {self._seen} on has x of shape {x.shape}, y of "
                f"{y.shape} and weights of {weight.shape}: hand in one of each per customer."
            )
            return
        lanes: list[list[tuple[int, int]]] = [[] for _ in range(LANES)]
        for start, stop in _blocks(self._seen, len(x)):
            lanes[(self._seen + start) // BLOCK % LANES].append((start, stop))

        def count(lane: int) -> None:
            for start, stop in lanes[lane]:
                self._count(lane, (x, y, weight), slice(start, stop))

        in_threads(count, [lane for lane in range(LANES) if lanes[lane]], self._workers)
        self._seen += len(x)

    def _count(self, lane: int, chunk: Arrays, some: slice) -> None:
        """Copy a block out of a chunk, as compiled code likes it, and count it."""
        x, y, weight = (np.array(array[some], dtype=np.float64) for array in chunk)
        number = self._seen + some.start
        with np.errstate(over="ignore", invalid="ignore"):
            finite = np.isfinite(x.sum() + y.sum() + weight.sum())
        if not finite or weight.min() < 0:
            self._judge(x, y, weight, number)
        if self._circles is not None:
            before = self._lanes.get(lane) or new_tally(self._circles)
            self._lanes[lane] = count_customers(self._circles, before, x, y, weight, number)

    def _judge(self, x: Weights, y: Weights, weight: Weights, number: int) -> None:
        """Note the first wrong place and the first wrong weight of a block, and how many follow."""
        places = np.flatnonzero(~(np.isfinite(x) & np.isfinite(y)))
        weights = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
        if places.size:
            j = int(places[0])
            self._wrong["place"].append((number + j, places.size, f"lies at ({x[j]}, {y[j]})"))
        if weights.size:
            j = int(weights[0])
            self._wrong["weight"].append((number + j, weights.size, f"has weight {weight[j]}"))

    def faults(self) -> list[str]:
        """Name what is wrong with the customers, one sentence each."""
        rules = {
            "place": "coordinates are finite numbers.",
            "weight": "weights are finite and at least 0.",
        }
        faults = list(self._uneven)
        for kind, rule in rules.items():
            if self._wrong[kind]:
                number, _, what = min(self._wrong[kind])
                many = sum(count for _, count, _ in self._wrong[kind])
                faults.append(
                    f"Customer {number}, counted from 0, {what} ({many} such customers): {rule}"
                )
        return faults

    def tallies(self) -> list[Tally]:
        """Hand over the lanes, in order."""
        return [self._lanes[lane] for lane in sorted(self._lanes)]


def _blocks(seen: int, size: int) -> Iterator[tuple[int, int]]:
    """Cut the next `size` customers where their numbers are multiples of `BLOCK`."""
    start = 0
    while start < size:
        stop = min(size, start + BLOCK - (seen + start) % BLOCK)
        yield start, stop
        start = stop


def _grouped(
    tally: Tally, sites_xy: npt.ArrayLike, radius: float, *, strict: bool, workers: int
) -> CustomerGroups:
    """Group the nodes of a tally by the sites that cover the first customer of each."""
    met = np.flatnonzero(tally.total[: tally.used[0], 1])
    met = met[np.argsort(tally.number[met])]
    indptr, demand = points_within(
        sites_xy, tally.where[met], radius, strict=strict, workers=workers
    )
    ones = np.ones(len(demand), dtype=np.int8)
    shape = (len(indptr) - 1, len(met))
    rows = sparse.csr_matrix((ones, demand, indptr), shape=shape).T.tocsr()
    labels, firsts = merged_points(rows)
    groups = len(firsts)
    lost = labels < 0
    labels[lost] = groups
    beyond = np.flatnonzero(lost)[:1]
    reach = rows[firsts].T.tocsr()
    reach.sort_indices()
    size = groups + len(beyond)
    return CustomerGroups(
        indptr=reach.indptr.astype(np.int64),
        group=reach.indices.astype(np.int32),
        weight=np.bincount(labels, tally.total[met, 0], size).astype(np.float64),
        customers=np.bincount(labels, tally.total[met, 1], size).astype(np.int64),
        first=tally.number[met][np.concatenate([firsts, beyond])],
        beyond_reach=groups if len(beyond) else None,
    )
