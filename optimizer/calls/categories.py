"""Categories of calls as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from optimizer.calls.schema import NO_CATEGORY
from optimizer.places import blank_to_null


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """The category of every row.

    Parameters
    ----------
    codes
        int32[n], index into `names`.
    names
        Those that occur, trimmed and sorted; rows without one have `NO_CATEGORY`.
    """

    codes: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def read(cls, column: pa.ChunkedArray) -> Self:
        """Read a column of names."""
        coded = column.cast(pa.string()).dictionary_encode().combine_chunks()
        trimmed = blank_to_null(pa.chunked_array([coded.dictionary])).to_pylist()
        written = [name or NO_CATEGORY for name in (*trimmed, None)]
        return cls._coded(coded.indices.fill_null(len(trimmed)).to_numpy(), written)

    @classmethod
    def none(cls, rows: int) -> Self:
        """Give rows of a file without categories."""
        return cls._coded(np.zeros(rows, np.int32), [NO_CATEGORY])

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Put the rows of several files one after another."""
        starts = np.cumsum([0, *(len(part.names) for part in parts)])
        codes = [part.codes + start for part, start in zip(parts, starts, strict=False)]
        return cls._coded(np.concatenate(codes), [name for part in parts for name in part.names])

    @classmethod
    def _coded(cls, codes: NDArray[np.integer], written: Sequence[str]) -> Self:
        occurs = np.bincount(codes, minlength=len(written)) > 0
        names = sorted({name for name, used in zip(written, occurs, strict=True) if used})
        rank = {name: code for code, name in enumerate(names)}
        new_code = np.array([rank.get(name, 0) for name in written], dtype=np.int32)
        return cls(new_code[codes], tuple(names))

    def among(self, names: Sequence[str]) -> NDArray[np.bool_]:
        """Tell which rows have one of some categories."""
        wanted = np.array([name in names for name in self.names], dtype=bool)
        return wanted[self.codes]
