"""The published files of a plan, read without the package."""

from __future__ import annotations

import csv
from pathlib import Path

Row = dict[str, str]


def read_rows(plan: Path, table: str) -> list[Row]:
    with (plan / table).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def column(rows: list[Row], name: str) -> list[float]:
    return [float(row[name]) for row in rows]
