"""Draw the measurements; equal data give equal bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

if TYPE_CHECKING:
    from growth import Point
    from peers import Row

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
COLOURS = ("#1b6ca8", "#d1603d", "#3b8f5a", "#8a5fa8", "#8c6d1f", "#5c6770")
SHAPES = ("o", "s", "^", "D", "v", "P")
LEAST = 1e-3
MOST = 1e3


def draw_peers(rows: Sequence[Row], path: Path) -> None:
    """Draw, method by method, how far its plan falls short and how wide its proven gap is."""
    methods = list(dict.fromkeys(row.method for row in rows))
    instances = list(dict.fromkeys(row.instance for row in rows))
    best = {
        name: max((row.objective or 0 for row in rows if row.instance == name), default=0)
        for name in instances
    }
    figure = Figure(figsize=(10, 1.6 + 0.55 * len(methods)), layout="constrained")
    short, gap = figure.subplots(1, 2, sharey=True)
    for number, name in enumerate(instances):
        shift = 0.6 * ((number + 0.5) / len(instances) - 0.5)
        mine = [row for row in rows if row.instance == name]
        missing = [
            None if row.objective is None else 1 - row.objective / best[name] for row in mine
        ]
        for axes, shares in ((short, missing), (gap, [row.gap for row in mine])):
            at = [methods.index(row.method) + shift for row in mine]
            _dots(axes, shares, at, number, name)
    for axes, title in (
        (short, "plan: short of the best one found"),
        (gap, "proof: gap between plan and bound"),
    ):
        axes.set_title(title, fontsize=10)
        axes.set_xscale("log")
        axes.set_xlim(LEAST / 2, MOST * 4)
        axes.set_xticks([10.0**power for power in range(-3, 4)])
        axes.xaxis.set_major_formatter(FuncFormatter(_percent))
        axes.axvspan(MOST * 1.6, MOST * 4, color="#eeeeee")
        axes.text(MOST * 2.5, -0.62, "none", ha="center", fontsize=7)
        axes.set_ylim(len(methods) - 0.5, -0.9)
        axes.set_yticks(range(len(methods)), methods)
        _tidy(axes)
    handles, labels = short.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    _save(figure, path)


def _dots(axes, shares: Sequence[float | None], at: list[float], number: int, name: str) -> None:
    """Draw one instance: shares as percent, the smallest as 0, those that are missing apart."""
    places = [
        MOST * 2.5 if share is None else min(MOST, max(LEAST, 100 * share)) for share in shares
    ]
    found = [share is not None for share in shares]
    style = {"marker": SHAPES[number], "color": COLOURS[number], "linestyle": "none"}
    axes.plot(places, at, fillstyle="none", markersize=5, **style)
    axes.plot(
        [place for place, is_found in zip(places, found, strict=True) if is_found],
        [y for y, is_found in zip(at, found, strict=True) if is_found],
        markersize=5,
        label=name,
        **style,
    )


def _percent(value: float, _position: int) -> str:
    return "0" if value <= LEAST else f"{value:g} %"


def draw_growth(points: Sequence[Point], path: Path) -> None:
    """Draw CPU seconds along each axis; hollow, with the gap left, where it was not closed."""
    names = list(dict.fromkeys(point.axis for point in points))
    methods = list(dict.fromkeys(point.row.method for point in points))
    figure = Figure(figsize=(10, 7), layout="constrained")
    panels = figure.subplots(2, 2, sharey=True).ravel()
    for axes, name in zip(panels, names, strict=False):
        here = [point for point in points if point.axis == name and point.row.cpu_s is not None]
        for number, method in enumerate(methods):
            mine = [point for point in here if point.row.method == method]
            _line(axes, mine, method, number)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(name)
        axes.set_xticks(sorted({point.at for point in here}))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: f"{at:,.10g}"))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda at, _: f"{at:,.10g}"))
        axes.minorticks_off()
        _tidy(axes)
    panels[0].set_ylim(0.03, 200)
    for axes in panels[::2]:
        axes.set_ylabel("CPU s")
    panels[0].legend(fontsize=8, frameon=False)
    _save(figure, path)


def _line(axes, points: Sequence[Point], method: str, number: int) -> None:
    style = {"color": COLOURS[number], "marker": SHAPES[number]}
    axes.plot([p.at for p in points], [p.row.cpu_s for p in points], label=method, **style)
    for point in points:
        if not point.closed:
            place = (point.at, point.row.cpu_s)
            axes.plot(*place, markerfacecolor="white", **style)
            left = "no plan" if point.row.gap is None else f"{100 * point.row.gap:,.2f} %"
            axes.annotate(left, place, (0, 7), textcoords="offset points", ha="center", fontsize=7)


def _tidy(axes) -> None:
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "optimizer"}):
        figure.savefig(path, format="svg", metadata={"Date": None})
