"""A certificate as it lies in its file: shapes and types are checked, what it claims is not.

The file comes from a stranger: nothing in it is run, and nothing is read whose stated size has not
been checked first.
"""

from __future__ import annotations

import dataclasses
import json
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from optimizer.errors import InputError

FORMAT = "optimizer-certificate"
VERSION = 1
LARGEST_BYTES = 4 * 2**30
LARGEST_HEADER = 4096
LARGEST_SCALE_BITS = 1000
LARGEST_NUMBER = 2.0**53
DOCUMENT = "certificate.json"
PRICES = "prices"

WHOLE, NARROW, FLOAT, FLAG, STEPS = "<i8", "<i4", "<f8", "|b1", "<u2"
MEMBERS: dict[str, tuple[str, int]] = {
    "indptr": (WHOLE, 1),
    "demand": (NARROW, 1),
    "weight": (FLOAT, 1),
    "region": (NARROW, 1),
    "budgets": (WHOLE, 1),
    "keep": (FLAG, 1),
    "forbidden": (FLAG, 1),
    "previous": (FLAG, 1),
    "plan": (WHOLE, 1),
    "group": (NARROW, 1),
    "branch_node": (WHOLE, 1),
    "branch_most": (WHOLE, 1),
    "branch_sites_start": (WHOLE, 1),
    "branch_sites": (WHOLE, 1),
    "step_is_bound": (FLAG, 1),
    "step_node": (WHOLE, 1),
    "removed_sites_start": (WHOLE, 1),
    "removed_sites": (WHOLE, 1),
    "removed_by": (WHOLE, 1),
    PRICES: (STEPS, 2),
    "budget_prices": (WHOLE, 2),
    "moves_price": (WHOLE, 1),
    "price_branch_start": (WHOLE, 1),
    "price_branch": (WHOLE, 1),
    "branch_price": (WHOLE, 1),
    "closed_sites_start": (WHOLE, 1),
    "closed_sites": (WHOLE, 1),
    "opened_sites_start": (WHOLE, 1),
    "opened_sites": (WHOLE, 1),
}

Array = npt.NDArray[Any]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """What a certificate says.

    Parameters
    ----------
    path
        Its file.
    model, objective, bound
        The claim: this plan of this model has this objective, and none is better than the bound.
    scale_bits
        Weights are summed in whole numbers of 2^-scale_bits, rounded up.
    max_moves
        Most previous sites that may close; None: any number.
    region_names, sites, site_ids, demand_ids
        Names of the regions, of the sites of the plan, of all sites and of all demand points.
    arrays
        Every array but the prices, by name.
    price_shape
        Evaluations and price groups.
    """

    path: Path
    model: str
    objective: float
    bound: float
    scale_bits: int
    max_moves: int | None
    region_names: tuple[str, ...]
    sites: tuple[str, ...]
    site_ids: tuple[str, ...]
    demand_ids: tuple[str, ...]
    arrays: Mapping[str, Array]
    price_shape: tuple[int, int]

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def row(self, name: str, k: int) -> Array:
        """Row k of a ragged array."""
        start = self.arrays[f"{name}_start"]
        return self.arrays[name][start[k] : start[k + 1]]

    def price_rows(self, at_once: int) -> Iterator[npt.NDArray[np.uint16]]:
        """Prices of the evaluations, so many rows at a time [rows, groups].

        Raises
        ------
        InputError
            If the file turns out to be damaged.
        """
        evaluations, groups = self.price_shape
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(f"{PRICES}.npy") as file:
                _header(file)
                for first in range(0, evaluations, at_once):
                    rows = min(at_once, evaluations - first)
                    content = _exactly(file, 2 * rows * groups)
                    yield np.frombuffer(content, dtype=STEPS).reshape(rows, groups)
        except _DAMAGE as error:
            raise InputError(f"{self.path}: this is no whole certificate ({error})") from error


def read_certificate(path: Path) -> Certificate:
    """Read a certificate.

    Raises
    ------
    InputError
        If the file is no certificate, or damaged.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive)
            document = _document(archive.read(DOCUMENT))
            arrays = {name: _array(archive, name) for name in MEMBERS if name != PRICES}
            shape = _price_shape(archive)
    except _DAMAGE as error:
        raise InputError(f"{path}: this is no whole certificate ({error})") from error
    return Certificate(path=path, arrays=arrays, price_shape=shape, **document)


#: What reading a damaged or hostile file may raise.
_DAMAGE = (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error,
           NotImplementedError, RuntimeError, RecursionError)  # fmt: skip


def _check_members(archive: zipfile.ZipFile) -> None:
    names = [info.filename for info in archive.infolist()]
    expected = {DOCUMENT, *(f"{name}.npy" for name in MEMBERS)}
    missing = sorted(expected - set(names))
    if missing:
        raise ValueError(f"{missing[0]} is missing")
    if len(names) > len(expected):
        raise ValueError("it holds members that no certificate has")
    size = sum(info.file_size for info in archive.infolist())
    if size > LARGEST_BYTES:
        raise ValueError(f"its content is {size:,} bytes, more than {LARGEST_BYTES:,}")


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("an array is not in version 1.0 of the npy format")
    return np.lib.format.read_array_header_1_0(file, max_header_size=LARGEST_HEADER)


def _checked_header(archive: zipfile.ZipFile, name: str, file: IO[bytes]) -> tuple[int, ...]:
    """Check what an array says it is against what it should be and the size of its member."""
    kind, dimensions = MEMBERS[name]
    shape, by_column, dtype = _header(file)
    content = archive.getinfo(f"{name}.npy").file_size - file.tell()
    if dtype.str != kind or len(shape) != dimensions or (by_column and dimensions > 1):
        raise ValueError(f"{name} is not an array of {kind} with {dimensions} dimension(s)")
    if min(shape) < 0 or content != dtype.itemsize * math.prod(shape):
        raise ValueError(f"{name} does not have the size that it states")
    return shape


def _price_shape(archive: zipfile.ZipFile) -> tuple[int, int]:
    with archive.open(f"{PRICES}.npy") as file:
        evaluations, groups = _checked_header(archive, PRICES, file)
    return evaluations, groups


def _array(archive: zipfile.ZipFile, name: str) -> Array:
    with archive.open(f"{name}.npy") as file:
        shape = _checked_header(archive, name, file)
        dtype = np.dtype(MEMBERS[name][0])
        content = _exactly(file, dtype.itemsize * math.prod(shape))
    return np.frombuffer(content, dtype=dtype).reshape(shape)


def _exactly(file: IO[bytes], size: int) -> bytes:
    content = file.read(size)
    if len(content) != size:
        raise ValueError("an array ends early")
    return content


def _document(text: bytes) -> dict[str, Any]:
    """Read the claim, every field of the right type."""

    def refuse(word: str) -> float:
        raise ValueError(f"{word} is no number")

    found = json.loads(text, parse_constant=refuse)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError(f'certificate.json does not say "format": "{FORMAT}"')
    if found.get("version") != VERSION:
        raise ValueError(f"version {found.get('version')!r} is not {VERSION}")
    names = ("region_names", "sites", "site_ids", "demand_ids")
    bits = _typed(found, "scale_bits", int)
    if abs(bits) > LARGEST_SCALE_BITS:
        raise ValueError(f"scale_bits = {bits} is beyond {LARGEST_SCALE_BITS}")
    return {
        "model": _typed(found, "model", str),
        "objective": _number(found, "objective"),
        "bound": _number(found, "bound"),
        "scale_bits": bits,
        "max_moves": _typed(found, "max_moves", int, type(None)),
        **{name: _texts(found, name) for name in names},
    }


def _typed(found: dict[str, Any], name: str, *types: type) -> Any:
    value = found.get(name)
    if type(value) not in types or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"{name} is {value!r:.40}")
    return value


def _number(found: dict[str, Any], name: str) -> float:
    value = _typed(found, name, float, int)
    if abs(value) > LARGEST_NUMBER:
        raise ValueError(f"{name} is beyond {LARGEST_NUMBER:g}")
    return float(value)


def _texts(found: dict[str, Any], name: str) -> tuple[str, ...]:
    texts = _typed(found, name, list)
    if not all(type(text) is str for text in texts):
        raise ValueError(f"{name} holds something that is no text")
    return tuple(texts)
