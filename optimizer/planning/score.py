"""The score of somebody's own platforms."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from optimizer.evaluation import Coverage, evaluate_coverage
from optimizer.places import PlaceSource, read_places
from optimizer.planning.inputs import CityInputs
from optimizer.roads import snap_places
from optimizer.siting.wording import counted
from optimizer.study import Study

SHOWN = 10


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Score:
    """What a set of platforms reaches.

    Parameters
    ----------
    coverage
        Of the demand.
    longest_snap_m
        How far the farthest of them had to be moved to a road node.
    warnings
        Sentences that a planner should read.
    """

    coverage: Coverage
    longest_snap_m: float
    warnings: tuple[str, ...]

    def uncovered(self) -> list[str]:
        """List the ids of the demand points that are not reached in time, heaviest first."""
        demand = self.coverage.demand
        late = np.flatnonzero(~self.coverage.within)
        order = late[np.argsort(-demand.weight[late], kind="stable")]
        return [str(point_id) for point_id in demand.point_id[order]]

    def to_json(self) -> dict[str, Any]:
        """Give the figures of ``optimizer score --json``; times are turnout plus travel."""
        coverage = self.coverage
        return {
            "covered_share": coverage.covered_share(),
            "demand_points": len(coverage.demand),
            "uncovered": self.uncovered(),
            "mean_s": coverage.mean_s(),
            "median_s": coverage.quantile_s(0.5),
            "p90_s": coverage.quantile_s(0.9),
            "max_s": coverage.max_s(),
            "platforms": coverage.count,
            "longest_snap_m": self.longest_snap_m,
            "tiers": {name: dataclasses.asdict(t) for name, t in coverage.by_tier().items()},
            "districts": coverage.by_district(),
        }

    def to_text(self) -> str:
        """Lay the figures out for a person."""
        coverage, late = self.coverage, self.uncovered()
        head = (
            f"{coverage.count} platforms reach {_percent(coverage.covered_share())} of the demand"
        )
        median_s, p90_s = coverage.quantile_s(0.5), coverage.quantile_s(0.9)
        lines = [
            f"{head} in time.",
            (
                f"Response: median {median_s:.0f} s, 90 % within {p90_s:.0f} s, "
                f"longest {coverage.max_s():.0f} s."
            ),
        ]
        for name, tier in coverage.by_tier().items():
            reached = _percent(tier.covered_share)
            lines.append(f"  {name}, {tier.minutes:g} min: {reached} of {tier.calls} calls")
        lines.append("Districts, worst first:")
        for name, share in coverage.by_district().items():
            lines.append(f"  {name}: {_percent(share)}")
        heaviest = f", the heaviest: {', '.join(late[:SHOWN])}" if late else ""
        lines += [
            f"Places not reached in time: {len(late)} of {len(coverage.demand)}{heaviest}",
            f"The sites lie up to {self.longest_snap_m:.0f} m from their road nodes.",
        ]
        return "\n".join(lines)


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def score_sites(study: Study, inputs: CityInputs, sites: Path) -> Score:
    """Score the platforms of a file on the demand of a study.

    Raises
    ------
    InputError
        The file is missing or wrong.
    """
    network, limit_m = inputs.network, study.settings.roads.max_snap_m
    places = read_places(PlaceSource(path=str(sites)), network.crs)
    snapped = snap_places(network, places, sites.name)
    far = places["place_id"][snapped.distance_m > limit_m].tolist()
    warnings = list(inputs.warnings)
    if far:
        warnings.append(
            f"{sites.name}: {counted(len(far), 'site')} {'lies' if len(far) == 1 else 'lie'} more "
            f"than {limit_m:g} m from every road node, "
            f"such as {', '.join(far[:5])}; check their coordinates, CRS and datum"
        )
    turnout_s = study.settings.standards.turnout_seconds
    coverage = evaluate_coverage(inputs.demand, network, snapped.node, turnout_s)
    return Score(coverage, float(snapped.distance_m.max()), tuple(warnings))
