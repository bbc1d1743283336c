"""Pictures for the report: inline SVG, its words left to the page so that any language prints."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from shapely import get_coordinates, total_bounds

from optimizer.checkpoints import RingPlan
from optimizer.evaluation import Platform
from optimizer.publishing.checkpoint_map import manned_posts
from optimizer.roads import RoadNetwork
from optimizer.siting import CurvePoint

INK, ROAD, HOT, PLATFORM = "#1d2733", "#c3c9d1", "#d7301f", "#0b3d91"
MAP_INCHES = 6.5
LONGEST_ID = 10
RINGS = ("#b3123f", "#00796b", "#374151", "#8a5a00")
GROUND = ("#0b3d91", "#3f78c9", "#9cc0ea")


def map_picture(
    network: RoadNetwork,
    ground: gpd.GeoDataFrame,
    hotspots: Sequence[Any],
    platforms: Sequence[Platform],
) -> str:
    """Draw roads, ground, hotspots and numbered platforms.

    Parameters
    ----------
    ground
        ``standard_s`` and planar ``geometry``.
    hotspots
        Planar polygons.
    """
    figure, axes = _sheet(np.ptp(np.column_stack([network.x_m, network.y_m]), axis=0))
    nested = list(enumerate(ground.sort_values("standard_s").geometry))
    for rank, shape in reversed(nested):  # the widest ground first, under the more urgent ones
        shade = GROUND[min(rank, len(GROUND) - 1)]
        gpd.GeoSeries([shape]).plot(ax=axes, color=shade, alpha=0.28, linewidth=0, rasterized=True)
    _draw_roads(axes, network, 0.35)
    if len(hotspots):
        gpd.GeoSeries(list(hotspots)).plot(
            ax=axes, color=HOT, alpha=0.45, linewidth=0, rasterized=True
        )
    _number(axes, platforms)
    axes.autoscale_view()
    return _svg(figure, "map")


def grids_picture(
    network: RoadNetwork,
    grids: Sequence[Any],
    colours: Sequence[str],
    platforms: Sequence[Platform],
) -> str:
    """Draw the grids, planar polygons, each in its colour with its numbered platform."""
    west, south, east, north = total_bounds(list(grids))
    figure, axes = _sheet((east - west, north - south))
    _draw_roads(axes, network, 0.3)
    gpd.GeoSeries(list(grids)).plot(
        ax=axes, color=list(colours), alpha=0.55, edgecolor=INK, linewidth=0.7
    )
    _number(axes, platforms)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    return _svg(figure, "grids")


def rings_picture(network: RoadNetwork, rings: Sequence[RingPlan]) -> str:
    """Draw each ring with its posts over the roads, as far as both rings and roads go."""
    figure, axes = _sheet((1.0, 1.0))
    _draw_roads(axes, network, 0.3)
    for at, ring in enumerate(rings):
        colour = RINGS[at % len(RINGS)]
        for shape, style in ((ring.outer, "-"), (ring.inner, ":")):
            gpd.GeoSeries([shape]).boundary.plot(
                ax=axes, color=colour, linewidth=1.3, linestyle=style, aspect=None
            )
        posts = np.array([(post.x_m, post.y_m) for post in manned_posts(ring)]).reshape(-1, 2)
        axes.scatter(
            posts[:, 0], posts[:, 1], s=26, color=colour, edgecolor="white", linewidth=0.7, zorder=5
        )
    outlines = total_bounds([ring.outer for ring in rings]).reshape(2, 2)
    for limit, values, (low, high) in (
        (axes.set_xlim, network.x_m, outlines[:, 0]),
        (axes.set_ylim, network.y_m, outlines[:, 1]),
    ):
        margin = 0.03 * (high - low)
        limit(max(values.min(), low) - margin, min(values.max(), high) + margin)
    return _svg(figure, "rings")


def _sheet(size: Sequence[float]) -> tuple[Figure, Any]:
    """Make a sheet without margins for a map of this width and height, none too narrow."""
    width, height = max(size[0], size[1] / 3, 1.0), max(size[1], size[0] / 3, 1.0)
    scale = MAP_INCHES / max(width, height)
    figure = Figure(figsize=(width * scale, height * scale))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_aspect("equal")
    return figure, axes


def _draw_roads(axes: Any, network: RoadNetwork, width: float) -> None:
    lines = [get_coordinates(line) for line in network.lines]
    axes.add_collection(LineCollection(lines, colors=ROAD, linewidths=width, rasterized=True))


def _number(axes: Any, platforms: Sequence[Platform]) -> None:
    """Write the id of each platform at its place, shortened where it is long."""
    for platform in platforms:
        axes.annotate(
            _short(platform.platform_id), (platform.x_m, platform.y_m), zorder=6, parse_math=False,
            color="white", ha="center", va="center_baseline", fontsize=7, fontweight="bold",
            bbox={"boxstyle": "round,pad=0.35", "fc": PLATFORM, "ec": "white", "lw": 1.0},
        )  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_ID else f"{name[: LONGEST_ID - 1]}…"


def curve_chart(curve: Sequence[CurvePoint], count: int, share: float) -> str:
    """Draw the covered share against the number of platforms, and the plan as a point."""
    figure = Figure(figsize=(5.2, 2.7), layout="constrained")
    axes = figure.subplots()
    numbers = [point.count for point in curve]
    shares = [100 * point.covered_share for point in curve]
    axes.plot(numbers, shares, color=PLATFORM, linewidth=1.8, marker="o", markersize=3.5)
    axes.scatter([count], [100 * share], s=70, color=HOT, zorder=5)
    axes.set_ylim(0, 100)
    axes.yaxis.set_major_formatter("{x:.0f} %")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color="#e3e6ea", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    return _svg(figure, "curve")


def _svg(figure: Figure, salt: str) -> str:
    """Save without a date and with stable ids, as an element that can stand inside a page."""
    buffer = io.StringIO()
    settings = {"svg.hashsalt": salt, "svg.fonttype": "none", "text.color": INK}
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # the page finds one
        figure.savefig(buffer, format="svg", dpi=170, metadata={"Date": None}, transparent=True)
    svg = re.sub(r"^.*?(?=<svg)", "", buffer.getvalue(), flags=re.DOTALL)
    return re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
