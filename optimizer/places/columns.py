"""Columns that users name, or forget to name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Literal

Role = Literal[
    "longitude", "latitude", "x", "y", "node", "id", "weight", "count", "mode", "ready_minutes"
]

_USUAL_NAMES: dict[Role, tuple[str, ...]] = {
    "longitude": ("longitude", "lon", "lng", "long", "经度"),
    "latitude": ("latitude", "lat", "纬度"),
    "x": ("x",),
    "y": ("y",),
    "node": ("node",),
    "id": ("id", "place_id", "platform_id", "site", "station_id", "code", "编号"),
    "weight": ("weight", "权重"),
    "count": ("count", "数量"),
    "mode": ("mode",),
    "ready_minutes": ("ready_minutes",),
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that a user most likely meant, ignoring case, or None."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.5)
    return by_folded[found[0]] if found else None


def guess_column(role: Role, columns: Sequence[str]) -> str | None:
    """Find the column that usually plays a role, by its name and ignoring case, or None."""
    by_folded: dict[str, str] = {}
    for column in columns:
        by_folded.setdefault(column.strip().casefold(), column)
    return next((by_folded[name] for name in _USUAL_NAMES[role] if name in by_folded), None)


def missing_columns(wanted: Iterable[str], columns: Sequence[str], file: str) -> list[str]:
    """Write one fault for each wanted column that a file does not have."""
    return [_missing(column, columns, file) for column in wanted if column not in columns]


def _missing(column: str, columns: Sequence[str], file: str) -> str:
    listed = ", ".join(f'"{name}"' for name in columns[:12]) + (", ..." if columns[12:] else "")
    close = nearest(column, columns)
    advice = f'did you mean "{close}"?' if close else f"the file has {listed or 'no columns'}"
    return f'{file}: there is no column "{column}"; {advice}'
