"""Which way the traffic runs: the texts of one-way columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.roads.rows import RoadRows, as_texts
from optimizer.roads.settings import OnewayValues

BOTH, FORWARD, BACKWARD = 0, 1, -1

_KNOWN: dict[int, tuple[str, ...]] = {
    BOTH: ("", "b", "both", "no", "false", "0", "reversible", "alternating", "双向"),
    FORWARD: ("f", "ft", "yes", "true", "1", "forward", "单向"),
    BACKWARD: ("t", "tf", "-1", "reverse", "backward"),
}
"""Geofabrik's and TomTom's letters, OpenStreetMap's words; missing means both. A road whose
direction changes with the hour counts as open both ways."""


def row_directions(rows: RoadRows, own: OnewayValues, faults: list[str]) -> NDArray[np.int8]:
    """Read the direction of every row: 0 both, 1 along the line, -1 against it.

    Parameters
    ----------
    own
        The study's own texts; they go before the known ones.
    faults
        One is added if there are texts of unknown meaning.
    """
    if rows.directed:
        return np.full(len(rows), FORWARD, dtype=np.int8)
    if "oneway" not in rows.values:
        return np.full(len(rows), BOTH, dtype=np.int8)
    meaning = {text: code for code, known in _KNOWN.items() for text in known}
    for code, named in ((BOTH, own.both), (FORWARD, own.forward), (BACKWARD, own.backward)):
        meaning |= {text.strip().casefold(): code for text in named}
    texts, row_text = as_texts(rows.values["oneway"])
    unknown = sorted(text for text in texts if text.casefold() not in meaning)
    if unknown:
        faults.append(_unknown(unknown, rows))
    codes = [meaning.get(text.casefold(), BOTH) for text in texts]
    return np.array(codes, dtype=np.int8)[row_text]


def _unknown(texts: list[str], rows: RoadRows) -> str:
    listed = ", ".join(f'"{text}"' for text in texts[:10]) + (", ..." if texts[10:] else "")
    return (
        f'{rows.source}: the one-way column "{rows.columns["oneway"]}" has values of unknown '
        f"meaning: {listed}; say which way they run in [roads], for example "
        f'oneway_values = {{forward = ["{texts[0]}"]}} (or both, or backward)'
    )
