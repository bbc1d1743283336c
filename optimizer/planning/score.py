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
from optimizer.study import Study

SHOWN = 10


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Score:
    """What a set of platforms reaches, and the farthest that it had to be moved to a road."""

    coverage: Coverage
    longest_snap_m: float

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
            "tiers": {name: dataclasses.asdict(t) for name, t in coverage.by_tier().items()},
            "districts": coverage.by_district(),
        }

    def to_text(self) -> str:
        """Lay the figures out for a person."""
        coverage, late = self.coverage, self.uncovered()
        lines = [
            f"{coverage.count} platforms reach {100 * coverage.covered_share():.2f} % of the demand in time.",
            f"Response: median {coverage.quantile_s(0.5):.0f} s, 90 % within "
            f"{coverage.quantile_s(0.9):.0f} s, longest {coverage.max_s():.0f} s.",
            *(
                f"  {name}, {tier.minutes:g} min: {100 * tier.covered_share:.2f} % of {tier.calls} calls"
                for name, tier in coverage.by_tier().items()
            ),
            "Districts, worst first:",
            *(
                f"  {name}: {100 * share:.2f} %"
                for name, share in sorted(coverage.by_district().items(), key=lambda item: item[1])
            ),
            f"Places not reached in time: {len(late)} of {len(coverage.demand)}"
            + (f", the heaviest: {', '.join(late[:SHOWN])}" if late else ""),
            f"The sites lie up to {self.longest_snap_m:.0f} m from their road nodes.",
        ]
        return "\n".join(lines)


def score_sites(study: Study, inputs: CityInputs, sites: Path) -> Score:
    """Score the platforms of a file on the demand of a study.

    Raises
    ------
    InputError
        The file is missing or wrong.
    """
    network = inputs.network
    snapped = snap_places(network, read_places(PlaceSource(path=str(sites)), network.crs))
    turnout_s = study.settings.standards.turnout_seconds
    coverage = evaluate_coverage(inputs.demand, network, snapped.node, turnout_s)
    return Score(coverage, float(snapped.distance_m.max()))
