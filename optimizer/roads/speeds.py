"""How fast a road is: its own limit, else its class, else the default."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
from numpy.typing import NDArray

from optimizer.roads.rows import RoadRows, as_texts
from optimizer.roads.settings import RoadsSettings

KPH_PER_UNIT: dict[str, float] = {
    "kph": 1.0, "km/h": 1.0, "kmh": 1.0, "mph": 1.609344, "mps": 3.6, "m/s": 3.6, "knots": 1.852,
}  # fmt: skip
FASTEST_USUAL_KPH = 130.0

_PART = re.compile(r"(\d+(?:[.]\d+)?)\s*(" + "|".join(KPH_PER_UNIT) + r")?")
_NO_NUMBER = re.compile(r"none|signals|variable|walk|unlimited|implicit|national|[a-z]{2}:.*|")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RowSpeeds:
    """Speed of every row, kph, shape (r,), and where the speeds come from."""

    kph: NDArray[np.float64]
    come_from: dict[str, int]
    warnings: tuple[str, ...]


def row_speeds(rows: RoadRows, settings: RoadsSettings) -> RowSpeeds:
    """Give every row a speed: its own if above zero, else its class's, else the default."""
    own, unread = _own_speeds(rows, settings)
    table = settings.class_speeds_kph()
    by_class = np.full(len(rows), np.nan)
    if "road_class" in rows.values:
        classes, row_class = as_texts(rows.values["road_class"])
        by_class = np.array([table.get(first_of(c).casefold(), np.nan) for c in classes])[row_class]
    stated, classed = np.isfinite(own), np.isfinite(by_class)
    kph = np.where(stated, own, np.where(classed, by_class, settings.default_speed_kph))
    come_from = {
        "column": int(stated.sum()),
        "class": int((classed & ~stated).sum()),
        "default": int((~classed & ~stated).sum()),
    }
    return RowSpeeds(kph, come_from, tuple(_doubts(rows, own, unread)))


def read_speed(text: str, unit: str) -> float | None:
    """Read a speed as maps write it, in kph: "50", "30 mph", "50;60" (the slower one counts).

    Returns
    -------
    NaN where the text states no number ("none", "DE:urban", "0"); None if it cannot be read.
    """
    folded = text.casefold()
    parts = [part.strip(" '\"") for part in re.split(r"[;|,\[\]]", folded)]
    found = [_PART.fullmatch(part) for part in parts if not _NO_NUMBER.fullmatch(part)]
    if not all(found):
        return None
    speeds = [float(part[1]) * KPH_PER_UNIT[part[2] or unit] for part in found if part]
    return min((speed for speed in speeds if speed > 0), default=np.nan)


def first_of(text: str) -> str:
    """Return the first class of a merged road ("['primary', 'tertiary']"), or the only one."""
    listed = re.match(r"""\[\s*['"]([^'"]*)['"]""", text)
    return listed[1] if listed else text


def _own_speeds(rows: RoadRows, settings: RoadsSettings) -> tuple[NDArray[np.float64], list[str]]:
    """Return the stated speeds, kph, NaN where there is none, and the texts nobody can read."""
    if "speed" not in rows.values:
        return np.full(len(rows), np.nan), []
    texts, row_text = as_texts(rows.values["speed"])
    unit = "kph" if rows.columns["speed"].casefold().endswith("_kph") else settings.speed_unit
    speeds = [read_speed(text, unit) for text in texts]
    unread = [text for text, speed in zip(texts, speeds, strict=True) if speed is None]
    return np.array([np.nan if speed is None else speed for speed in speeds])[row_text], unread


def _doubts(rows: RoadRows, own: NDArray[np.float64], unread: list[str]) -> list[str]:
    doubts = []
    if unread:
        listed = ", ".join(f'"{text}"' for text in sorted(unread)[:5])
        doubts.append(
            f'{rows.source}: {len(unread)} texts of the speed column "{rows.columns["speed"]}" '
            f"cannot be read ({listed}); those roads take the speed of their class."
        )
    stated = own[np.isfinite(own)]
    if len(stated) and np.median(stated) > FASTEST_USUAL_KPH:
        doubts.append(
            f"{rows.source}: half of the stated speeds are above {FASTEST_USUAL_KPH:g} kph; "
            'check speed_unit ("kph", "mph" or "mps").'
        )
    return doubts
