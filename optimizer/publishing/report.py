"""report.html: one page for leadership, without a script, that prints to A4."""

from __future__ import annotations

import math
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from optimizer.demand import OUTSIDE
from optimizer.plan import CityPlan
from optimizer.publishing.charts import (
    curve_chart,
    grids_picture,
    map_picture,
    rings_picture,
)
from optimizer.publishing.checkpoint_report import checkpoint_report
from optimizer.publishing.deployment_report import duty_report, grid_report
from optimizer.publishing.grid_colours import area_colours
from optimizer.publishing.locale import texts
from optimizer.publishing.plan_tables import threshold_of, told_platforms

SHOWN_HOTSPOTS = 10


def render_report(plan: CityPlan) -> str:
    """Lay out the page. Texts of the study are data to the template, never part of it."""
    return templates().get_template("report.html.j2").render(**_content(plan))


def templates() -> Environment:
    """Make the environment of the page's templates: every text is escaped, none may be missing."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        loader=PackageLoader("optimizer.publishing", "assets"),
    )
    environment.filters["percent"] = _percent
    environment.filters["count"] = _count
    environment.filters["hours"] = _hours
    return environment


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _count(number: float) -> str:
    return "–" if math.isnan(number) else f"{number:,.0f}"


def _hours(hours: float | None) -> str:
    if hours is None or math.isnan(hours):
        return "–"
    return f"{hours:.2f}" if hours < 1 else f"{hours:.1f}"


def _content(plan: CityPlan) -> dict[str, Any]:
    language = plan.study.settings.study.language
    words = texts(language)
    districts = list(plan.coverage.by_district().items())
    hotspots = [] if plan.hotspots is None else list(plan.hotspots.table.itertuples())
    return {
        "t": words["report"],
        "tier_names": words["tiers"],
        "reasons": words["reasons"],
        "language": language,
        "head": plan.study.settings.study,
        "window": plan.window,
        "solution": plan.solution,
        "coverage": plan.coverage,
        "tiers": plan.coverage.by_tier(),
        "present_tiers": {} if plan.present is None else plan.present.by_tier(),
        "present": plan.present,
        "districts": districts,
        "outside": OUTSIDE,
        "worst": plan.coverage.worst_district(),
        "platforms": told_platforms(plan),
        "hotspots": hotspots[:SHOWN_HOTSPOTS],
        "holdout": plan.holdout,
        "quality": plan.quality,
        "turnout_s": plan.study.settings.standards.turnout_seconds,
        "caveats": [words["caveats"][c.key].format(**c.values) for c in plan.caveats],
        "checkpoints": None
        if plan.checkpoints is None
        else checkpoint_report(plan.checkpoints, words["report"]),
        "grids": grid_report(plan.grids, threshold_of(plan)),
        "duty": duty_report(plan.duty, plan.study.settings, threshold_of(plan), words),
        "patrols": plan.study.settings.patrols,
        "suppress_below": plan.study.settings.output.suppress_below,
        "grids_svg": Markup(_grids(plan)),  # noqa: S704  drawn here, holds no text of the study
        "rings_svg": Markup(_rings(plan)),  # noqa: S704  drawn here, holds no text of the study
        "map_svg": Markup(_map(plan)),  # noqa: S704  drawn here, holds no text of the study
        "curve_svg": Markup(_curve(plan)),  # noqa: S704  likewise
    }


def _map(plan: CityPlan) -> str:
    shapes = [] if plan.hotspots is None else list(plan.hotspots.table.geometry)
    return map_picture(plan.network, plan.ground, shapes, plan.platforms)


def _grids(plan: CityPlan) -> str:
    shapes = [row.polygon for row in plan.grids.rows]
    return grids_picture(
        plan.network, shapes, area_colours(shapes, plan.grids.outlines), plan.platforms
    )


def _rings(plan: CityPlan) -> str:
    if plan.checkpoints is None or not plan.checkpoints.rings:
        return ""
    return rings_picture(plan.network, plan.checkpoints.rings)


def _curve(plan: CityPlan) -> str:
    if not plan.curve:
        return ""
    return curve_chart(plan.curve, len(plan.platforms), plan.coverage.covered_share())
