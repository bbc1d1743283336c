"""The numbers of summary.json, worked out again from the input files alone.

Nothing of the package is imported here: pandas reads the calls, geopandas the layers, networkx
finds the ways. Only the chosen platforms are taken from the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from .city import MINUTES, City, Demand, demand_of, seconds_from, share
from .streets import PLANE

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis")]


def test_every_row_is_accounted_for(summary: dict, shared: Path) -> None:
    path = shared / "data" / "minneapolis" / "police_incidents_2010_2016.csv.gz"
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    counted = summary["calls"]
    assert counted["read"] == len(raw)
    assert counted["read"] == counted["used"] + sum(counted["dropped"].values())
    assert counted["dropped"]["duplicate"] == int(raw.duplicated().sum()) == 83


def test_calls_used(summary: dict, planned: Demand) -> None:
    assert summary["calls"]["used"] == planned.calls.sum()
    assert summary["siting"]["demand_points"] == (planned.weight > 0).sum()
    assert summary["siting"]["demand_weight"] == planned.weight.sum()


def test_covered_share(summary: dict, town: City, platforms: np.ndarray, planned: Demand) -> None:
    found = share(planned, seconds_from(town, platforms))
    assert summary["siting"]["covered_share"] == pytest.approx(found, abs=2e-6)
    assert summary["siting"]["objective"] == pytest.approx(found * planned.weight.sum(), abs=0.5)
    assert summary["siting"]["objective"] <= summary["siting"]["bound"] * (1 + 1e-9)


def test_shares_by_tier_and_district(
    summary: dict, town: City, platforms: np.ndarray, planned: Demand
) -> None:
    seconds = seconds_from(town, platforms)
    for name, tier in summary["tiers"].items():
        where = planned.tier == name
        assert tier["minutes"] == MINUTES[name]
        assert tier["calls"] == planned.calls[where].sum()
        assert tier["covered_share"] == pytest.approx(share(planned, seconds, where), abs=2e-6)
    districts = summary["districts"]["covered_share"]
    assert set(districts) == set(planned.district[planned.weight > 0])
    for name, found in districts.items():
        where = planned.district == name
        assert found == pytest.approx(share(planned, seconds, where), abs=2e-6)


def test_response(summary: dict, town: City, platforms: np.ndarray, planned: Demand) -> None:
    seconds = seconds_from(town, platforms)
    response = summary["response"]
    assert response["mean_s"] == pytest.approx(np.average(seconds, weights=planned.weight), abs=0.1)
    assert response["max_s"] == pytest.approx(seconds[planned.weight > 0].max(), abs=0.1)
    every_call = np.repeat(seconds, planned.weight.astype(int))
    assert response["median_s"] == pytest.approx(np.quantile(every_call, 0.5), abs=0.5)
    assert response["p90_s"] == pytest.approx(np.quantile(every_call, 0.9), abs=0.5)


def test_present_layout(summary: dict, town: City, planned: Demand, shared: Path) -> None:
    stations = (
        gpd.read_file(shared / "data" / "minneapolis" / "fire_stations.geojson")
        .to_crs(PLANE)
        .geometry
    )
    node, _ = town.snap(stations.x.to_numpy(), stations.y.to_numpy())
    found = share(planned, seconds_from(town, node))
    assert summary["present"]["platforms"] == len(stations)
    assert summary["present"]["covered_share"] == pytest.approx(found, abs=2e-6)


def test_holdout(
    summary: dict, town: City, platforms: np.ndarray, calls: pd.DataFrame, shared: Path
) -> None:
    quarter = calls[(calls["day"] >= "2015-01-01") & (calls["day"] < "2015-04-01")]
    later = demand_of(town, quarter, shared, weighted=False)
    holdout = summary["holdout"]
    assert (holdout["from"], holdout["to"]) == ("2015-01-01", "2015-04-01")
    assert holdout["calls"] == later.calls.sum()
    found = share(later, seconds_from(town, platforms))
    assert holdout["covered_share"] == pytest.approx(found, abs=2e-6)
    assert holdout["baselines"]["random"] < holdout["covered_share"]


def test_no_text_of_a_call_leaves_the_tool(minneapolis_plan: Path, shared: Path) -> None:
    """Addresses such as "0029XX Chicago AV S" are in the calls, and in nothing that is written."""
    assert [path.name for path in _files_with(minneapolis_plan, b"XX Chicago AV")] == []


def _files_with(folder: Path, needle: bytes) -> Iterator[Path]:
    return (path for path in folder.iterdir() if needle.lower() in path.read_bytes().lower())
