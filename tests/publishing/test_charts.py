"""Pictures of the report with ids as users give them, which no font may know."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely

from optimizer.publishing.charts import grids_picture

GROUND = shapely.box(0, 0, 1000, 1000)
ROADS: Any = SimpleNamespace(lines=[shapely.LineString([(0, 0), (1000, 1000)])])


def picture(platform_id: str) -> str:
    platform: Any = SimpleNamespace(platform_id=platform_id, x_m=500.0, y_m=500.0)
    return grids_picture(ROADS, [GROUND], ["#9cc0ea"], [platform])


def box_width(svg: str) -> float:
    """Width of the box around the id: the last outline that is filled like platforms."""
    outline = re.findall(r'<path d="([^"]*)"[^>]*fill: #0b3d91', svg)[-1]
    corners = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", outline), dtype=float)
    return float(np.ptp(corners[:, 0]))


@pytest.mark.parametrize("platform_id", ["S$1$", r"$\foo$", "a_b^c", "<b>&"])
def test_an_id_is_no_formula(platform_id: str) -> None:
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", picture(platform_id))
    assert shown == [platform_id.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")]


def test_a_chinese_id_is_shown_in_a_box_wide_enough_and_without_complaint() -> None:
    """A Chinese letter of 7 points is 7 points wide in every font; the page chooses one."""
    svg = picture("古城派出所")
    assert ">古城派出所</text>" in svg
    assert 5 * 7 < box_width(svg) < 7 * 7


def test_a_long_id_is_shortened() -> None:
    assert ">Gucheng P…</text>" in picture("Gucheng Police Station 1")
