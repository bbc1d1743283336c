"""summary.json: every headline number under a stable key."""

from __future__ import annotations

from typing import Any

from optimizer.evaluation import Coverage, Holdout
from optimizer.plan import CityPlan
from optimizer.publishing.checkpoint_figures import DIGITS, checkpoint_figures
from optimizer.publishing.deployment_figures import duty_figures, grid_figures
from optimizer.publishing.plan_tables import threshold_of


def summarise(plan: CityPlan) -> dict[str, Any]:
    """Gather the headline numbers; keys of what the study did not ask for are absent."""
    settings = plan.study.settings
    document: dict[str, Any] = {"study": settings.study.name, "as_of": plan.as_of.isoformat()}
    if plan.quality is not None:
        document["calls"] = {
            "read": plan.quality.read,
            "used": plan.quality.used,
            "dropped": dict(plan.quality.dropped),
        }
    document["siting"] = _siting(plan)
    document["tiers"] = _tiers(plan.coverage)
    document["districts"] = _districts(plan.coverage)
    document["response"] = response_figures(plan.coverage)
    if plan.present is not None:
        document["present"] = {
            "platforms": plan.present.count,
            "covered_share": round(plan.present.covered_share(), DIGITS),
            "tiers": _tiers(plan.present),
            **response_figures(plan.present),
        }
    if plan.hotspots is not None:
        document["hotspots"] = plan.hotspots.figures()
    if plan.holdout is not None:
        document["holdout"] = _holdout(plan.holdout)
    document["grids"] = grid_figures(plan.grids, threshold_of(plan))
    document |= duty_figures(plan.duty, settings, threshold_of(plan))
    if plan.checkpoints is not None:
        document |= checkpoint_figures(plan.checkpoints)
    return document


def response_figures(coverage: Coverage) -> dict[str, float]:
    """Tell how long help takes over the weight, seconds: mean, median, nine tenths, longest."""
    return {
        "mean_s": round(coverage.mean_s(), 1),
        "median_s": round(coverage.quantile_s(0.5), 1),
        "p90_s": round(coverage.quantile_s(0.9), 1),
        "max_s": round(coverage.max_s(), 1),
    }


def _siting(plan: CityPlan) -> dict[str, Any]:
    solution = plan.solution
    return {
        "model": plan.study.settings.platforms.model if plan.study.settings.platforms else "",
        "status": solution.status,
        "objective": round(solution.objective, DIGITS),
        "bound": round(solution.bound, DIGITS),
        "gap": round(solution.gap, 9),
        "seconds": round(solution.seconds, 2),
        "solver": solution.solver,
        "seed": solution.seed,
        "platforms": len(plan.platforms),
        "covered_share": round(solution.covered_share(), DIGITS),
        "demand_points": len(plan.demand),
        "demand_weight": round(float(plan.demand.weight.sum()), DIGITS),
        "candidates": plan.candidate_count,
    }


def _tiers(coverage: Coverage) -> dict[str, Any]:
    return {
        name: {
            "minutes": tier.minutes,
            "covered_share": round(tier.covered_share, DIGITS),
            "calls": tier.calls,
            "weight": round(tier.weight, DIGITS),
        }
        for name, tier in coverage.by_tier().items()
    }


def _districts(coverage: Coverage) -> dict[str, Any]:
    shares = {name: round(share, DIGITS) for name, share in coverage.by_district().items()}
    return {"worst": coverage.worst_district(), "covered_share": shares}


def _holdout(holdout: Holdout) -> dict[str, Any]:
    return {
        "from": holdout.start.isoformat(),
        "to": holdout.end.isoformat(),
        "calls": holdout.calls,
        "covered_share": round(holdout.covered_share, DIGITS),
        "baselines": {name: round(share, DIGITS) for name, share in holdout.baselines.items()},
    }
