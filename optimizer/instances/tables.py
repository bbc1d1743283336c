"""The three tables of a bare location model, read and checked; every fault is gathered.

Demand has `id, x, y, weight`, sites have `id, x, y[, fixed]`, ways `site, demand, travel_s`; ids
are text.
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from optimizer.errors import InputError
from optimizer.places import missing_columns, numbers, read_source, texts

Texts = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

MUST_OPEN, MUST_NOT = ("1", "1.0"), ("0", "0.0")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DemandTable:
    """Demand points: ids [n], coordinates [n, 2] (empty if not asked for), weights [n]."""

    ids: Texts
    xy: Floats
    weight: Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SiteTable:
    """Candidate sites: ids [m], coordinates [m, 2] (empty if not asked for), what is fixed [m]."""

    ids: Texts
    xy: Floats
    keep: Flags
    forbidden: Flags


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class WayTable:
    """Ways in order of site and demand point: numbers of both [k], and seconds [k]."""

    site: Whole
    demand: Whole
    travel_s: Floats


class Table:
    """A table file, its columns found by name whatever their case.

    Parameters
    ----------
    path
        Anything that `optimizer.places` reads; CSV and Parquet are meant.
    wanted, optional
        Names of columns.
    faults
        Where to put what is wrong.
    """

    def __init__(
        self, path: Path, wanted: Sequence[str], optional: Sequence[str], faults: list[str]
    ) -> None:
        self.name, self.faults = path.name, faults
        self._columns: dict[str, pa.ChunkedArray] = {}
        try:
            source = read_source(path)
        except InputError as error:
            faults.extend(error.faults)
            return
        by_folded = {name.strip().casefold(): name for name in reversed(source.table.column_names)}
        named = {name: by_folded.get(name, name) for name in (*wanted, *optional)}
        found = {name: column for name, column in named.items() if name in by_folded}
        known = source.table.column_names
        faults.extend(missing_columns([n for n in wanted if n not in found], known, self.name))
        if source.broken_rows:
            faults.append(
                f"{self.name}: {source.broken_rows} rows do not have the {len(known)} cells of the "
                "line of column names: correct them"
            )
        self._columns = {name: source.table[column] for name, column in found.items()}
        self.row_count = source.table.num_rows
        if all(name in found for name in wanted) and not self.row_count:
            faults.append(f"{self.name}: the table has no rows: hand in at least one")

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def column(self, name: str) -> pa.ChunkedArray:
        """Give a column as it lies."""
        return self._columns[name]

    def ids(self, name: str, noun: str) -> Texts:
        """Read a column of ids that must be there and different; faults are noted."""
        found = texts(self._columns[name])
        blank = np.flatnonzero(found == None)  # noqa: E711  element by element
        if blank.size:
            self.faults.append(
                f"{self.name}: row {blank[0] + 1} has no {name} ({blank.size} such rows): "
                f"give every {noun} an id"
            )
        counted = collections.Counter(label for label in found if label is not None)
        label, times = max(counted.items(), key=lambda item: item[1], default=(None, 0))
        if times > 1:
            self.faults.append(
                f"{self.name}: the {noun} id {label!r} is used {times} times: ids must be different"
            )
        return found

    def values(self, name: str, labels: Texts, *, least: float = -np.inf) -> Floats:
        """Read a column of numbers, finite and not below `least`; faults are noted."""
        read = numbers(self._columns[name])
        at_least = "" if least == -np.inf else f" and at least {least:g}"
        wrong = np.flatnonzero(read.missing | read.bad | (read.values < least))
        if wrong.size:
            first = wrong[0]
            shown = self._columns[name][first].as_py()
            self.faults.append(
                f"{self.name}: row {first + 1} ({labels[first]}) has {name} {shown!r} "
                f"({wrong.size} such rows): numbers must be finite{at_least}"
            )
        return read.values

    def xy(self, labels: Texts) -> Floats:
        """Read the coordinates [rows, 2]."""
        return np.column_stack([self.values(name, labels) for name in "xy"])


def read_demand(path: Path, *, with_places: bool, faults: list[str]) -> DemandTable | None:
    """Read the demand points; None where columns are missing."""
    places = ("x", "y") if with_places else ()
    wanted = ("id", *places, "weight")
    table = Table(path, wanted, (), faults)
    if not all(name in table for name in wanted):
        return None
    ids = table.ids("id", "demand point")
    weight = table.values("weight", ids, least=0.0)
    if len(weight) and not weight.any():
        faults.append(f"{path.name}: all weights are 0: nothing would be gained by any site")
    return DemandTable(ids, table.xy(ids) if with_places else np.zeros((0, 2)), weight)


def read_sites(path: Path, *, with_places: bool, faults: list[str]) -> SiteTable | None:
    """Read the candidate sites; None where columns are missing."""
    wanted = ("id", "x", "y") if with_places else ("id",)
    table = Table(path, wanted, ("fixed",), faults)
    if not all(name in table for name in wanted):
        return None
    ids = table.ids("id", "site")
    fixed = texts(table.column("fixed")) if "fixed" in table else np.full(len(ids), None)
    odd = [i for i, word in enumerate(fixed) if word not in (None, *MUST_OPEN, *MUST_NOT)]
    if odd:
        faults.append(
            f"{path.name}: site {ids[odd[0]]!r} has fixed {fixed[odd[0]]!r} ({len(odd)} such "
            "sites): write 1 where a site must open, 0 where it must not, or nothing"
        )
    return SiteTable(
        ids,
        table.xy(ids) if with_places else np.zeros((0, 2)),
        keep=np.isin(fixed.astype(str), MUST_OPEN),
        forbidden=np.isin(fixed.astype(str), MUST_NOT),
    )


def read_ways(
    path: Path, sites: SiteTable | None, demand: DemandTable | None, faults: list[str]
) -> WayTable | None:
    """Read the ways between sites and demand points; None where anything is wrong with them."""
    before = len(faults)
    wanted = ("site", "demand", "travel_s")
    table = Table(path, wanted, (), faults)
    if not all(name in table for name in wanted):
        return None
    pairs = texts(table.column("site")), texts(table.column("demand"))
    labels = np.array([f"{i} to {j}" for i, j in zip(*pairs, strict=True)], dtype=object)
    travel_s = table.values("travel_s", labels, least=0.0)
    if sites is None or demand is None:
        return None
    site = _numbered(path, "site", pairs[0], sites.ids, faults)
    point = _numbered(path, "demand", pairs[1], demand.ids, faults)
    if len(faults) > before:
        return None
    order = np.lexsort((point, site))
    site, point = site[order], point[order]
    again = np.flatnonzero((np.diff(site) == 0) & (np.diff(point) == 0))
    if again.size:
        faults.append(
            f"{path.name}: the way {labels[order[again[0]]]} is given twice ({again.size} such "
            "ways): give each pair once"
        )
        return None
    return WayTable(site, point, travel_s[order])


def _numbered(path: Path, name: str, labels: Texts, ids: Texts, faults: list[str]) -> Whole:
    """Find the number of each label among the ids; unknown ones are noted."""
    found = pc.index_in(pa.array(labels, pa.string()), value_set=pa.array(ids, pa.string()))
    place: Whole = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    unknown = sorted({str(label) for label in labels[place < 0]})
    if unknown:
        some = ", ".join(repr(label) for label in unknown[:3])
        faults.append(
            f"{path.name}: column {name!r} has ids that its own table does not have: {some} "
            f"({len(unknown)} such ids): give every id in both tables"
        )
    return place
