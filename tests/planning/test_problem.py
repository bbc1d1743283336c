"""From a study's rules to sites that must, may and must not open; from sites to platforms."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from optimizer.errors import InfeasibleError, InputError
from optimizer.planning import (
    CityInputs,
    choose_count,
    deploy_platforms,
    draw_curve,
    platform_settings,
    read_inputs,
    site_rules,
    siting_problem,
)
from optimizer.siting import solve
from optimizer.study import Study, read_study

pytestmark = pytest.mark.xdist_group("small-study")


@pytest.fixture(scope="module")
def study(small_study: Path) -> Study:
    return read_study(small_study)


@pytest.fixture(scope="module")
def inputs(study: Study) -> CityInputs:
    return read_inputs(study)


def with_platforms(study: Study, **changes: object) -> Study:
    """The same study with other rules, checked again as if they stood in the file."""
    document = study.settings.model_dump()
    document["platforms"] = platform_settings(study).model_dump() | changes
    settings = type(study.settings).model_validate(document)
    return Study(settings, study.path, study.sha256)


def test_sites_stand_only_in_budgeted_districts(study: Study, inputs: CityInputs) -> None:
    one = with_platforms(study, per_district={"Gucheng": 2}, keep=())
    rules = site_rules(one, inputs)
    network = inputs.network
    district = inputs.zones.assign(
        network.x_m[rules.sites.node], network.y_m[rules.sites.node]
    ).district
    inside = district == inputs.zones.district_names.index("Gucheng")
    assert np.array_equal(~rules.forbidden, inside)
    assert 0 < inside.sum() < len(inside)


def test_unknown_names_are_faults_all_at_once(study: Study, inputs: CityInputs) -> None:
    wrong = with_platforms(study, per_district={"Guchen": 2, "Atlantis": 1}, keep=("S-99",))
    with pytest.raises(InputError) as error:
        site_rules(wrong, inputs)
    assert len(error.value.faults) == 3
    assert 'did you mean "Gucheng"?' in error.value.faults[0]
    assert "'S-99'" in error.value.faults[2]


def test_a_kept_station_is_a_site_wherever_it_stands(study: Study, inputs: CityInputs) -> None:
    strict = with_platforms(study, spacing_m=5000.0)
    rules = site_rules(strict, inputs)
    node = inputs.existing.set_index("place_id").loc["S-01", "node"]
    assert rules.sites.node[rules.keep].tolist() == [node]


def test_the_reach_is_that_of_the_standards(study: Study, inputs: CityInputs) -> None:
    """Every pair in the reach, and no other, is within the standard by an exhaustive search."""
    rules = site_rules(study, inputs)
    problem = siting_problem(study, inputs, rules, sum(rules.budgets))
    network, demand = inputs.network, inputs.demand
    graph = coo_array(
        (network.travel_ms + 1e-6, (network.tail, network.head)),
        shape=(network.node_count,) * 2,
    ).tocsr()
    sites = np.arange(0, len(rules.sites.node), 7)
    time_ms = np.rint(dijkstra(graph, indices=rules.sites.node[sites]))[:, demand.node]
    for row, site in enumerate(sites):
        reached = problem.demand[problem.indptr[site] : problem.indptr[site + 1]]
        expected = np.flatnonzero(time_ms[row] <= 1000 * demand.standard_s)
        assert np.array_equal(np.sort(reached), expected)


def test_moves_are_limited_and_named(study: Study, inputs: CityInputs) -> None:
    """With at most two moves all other stations stay, and each new one says whom it replaces."""
    count = len(inputs.existing)
    few = with_platforms(study, per_district={}, count=count, keep=(), max_moves=2)
    rules = site_rules(few, inputs)
    solution = solve(siting_problem(few, inputs, rules, count))
    nodes = rules.sites.node[solution.sites]
    platforms = deploy_platforms(few, inputs, nodes, resited=True).platforms
    status = [platform.status for platform in platforms]
    assert status.count("kept") >= count - 2
    moved = [platform.moved_from for platform in platforms if platform.status == "moved"]
    kept = [platform.platform_id for platform in platforms if platform.status == "kept"]
    assert sorted([*moved, *kept]) == sorted(inputs.existing["place_id"])
    new_ids = {platform.platform_id for platform in platforms if platform.status == "moved"}
    assert new_ids.isdisjoint(inputs.existing["place_id"]), "no id passes from a closed station"


def test_the_curve_starts_where_all_rules_can_be_kept(study: Study, inputs: CityInputs) -> None:
    """Kept sites that are no present stations, and no station may close."""
    node_ids = inputs.network.node_ids[inputs.network.degree() >= 3]
    held = tuple(node_ids[:: len(node_ids) // 3][:2])
    rule = {"per_district": {}, "keep": held, "max_moves": 0, "classes": (), "spacing_m": 0.0}
    strict = with_platforms(study, **rule, count=len(inputs.existing) + 3)
    problem = siting_problem(strict, inputs, site_rules(strict, inputs), len(inputs.existing) + 3)
    settings = platform_settings(strict)
    curve = draw_curve(problem, solve(problem), settings, 0)
    both = int((problem.keep & problem.previous).sum())
    assert curve[0].count == problem.keep.sum() + problem.previous.sum() - both
    chosen = choose_count(problem, settings.model_copy(update={"count": "curve"}), 0)
    assert curve[0].count <= chosen.count


def test_platforms_are_numbered_by_calls(study: Study, inputs: CityInputs) -> None:
    nodes = inputs.demand.node[:: len(inputs.demand) // 5].astype(np.int32)
    deployment = deploy_platforms(study, inputs, nodes, resited=False)
    calls = [platform.duty.calls_per_year for platform in deployment.platforms]
    assert calls == sorted(calls, reverse=True)
    ids = [platform.platform_id for platform in deployment.platforms]
    assert len(set(ids)) == len(ids)
    ground = np.bincount(deployment.coverage.platform, inputs.demand.calls, minlength=len(nodes))
    assert np.allclose(np.array(calls) * 3, ground, rtol=2e-3), "three years of calls"


def test_too_small_budgets_are_infeasible(study: Study, inputs: CityInputs) -> None:
    none = with_platforms(study, per_district={"Gucheng": 0, "Binhe": 1})
    rules = site_rules(none, inputs)
    with pytest.raises(InfeasibleError, match="Gucheng"):
        solve(siting_problem(none, inputs, rules, 1))


def test_faults_of_all_files_are_gathered(small_study: Path, tmp_path: Path) -> None:
    shutil.copytree(small_study.parent, tmp_path / "study")
    path = tmp_path / "study" / "study.toml"
    text = re.sub(r'"(roads|zones|water|stations)\.geojson"', r'"no_\1.geojson"', path.read_text())
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_inputs(read_study(path))
    for name in ("no_roads", "no_zones", "no_water", "no_stations"):
        assert any(name in fault for fault in error.value.faults), name


def test_unknown_names_come_with_the_faults_of_files(small_study: Path, tmp_path: Path) -> None:
    shutil.copytree(small_study.parent, tmp_path / "study")
    path = tmp_path / "study" / "study.toml"
    text = path.read_text().replace('"S-01"', '"S-99"').replace("{ Gucheng = 4", "{ Gucheg = 4")
    path.write_text(text.replace('"water.geojson"', '"wine.geojson"'))
    with pytest.raises(InputError) as error:
        read_inputs(read_study(path))
    for words in ("'S-99'", 'did you mean "Gucheng"?', "wine.geojson"):
        assert any(words in fault for fault in error.value.faults), words


@pytest.mark.parametrize(
    "asked", [{"model": "backup"}, {"model": "mexclp", "busy_share": 0.4}], ids=["backup", "mexclp"]
)
def test_other_models_plan_the_same_city(
    study: Study, inputs: CityInputs, asked: dict[str, object]
) -> None:
    """Platforms agree with the plan on what they cover; none covers more than maximal covering."""
    other = with_platforms(study, per_district={}, count=4, keep=(), **asked)
    rules = site_rules(other, inputs)
    problem = siting_problem(other, inputs, rules, 4)
    settings = platform_settings(other)
    plan = solve(problem, settings.location_model())
    most = solve(problem)
    assert plan.model.name == asked["model"]
    assert plan.objective == pytest.approx(plan.model.value(problem, plan.sites))
    assert plan.objective >= plan.model.value(problem, most.sites) * (1 - settings.gap)
    assert plan.covered_weight() <= most.bound
    deployment = deploy_platforms(other, inputs, rules.sites.node[plan.sites], resited=False)
    deployment.require_agreement(plan)
    assert len(deployment.platforms) == 4
    curve = draw_curve(problem, plan, settings, 0)
    here = next(point for point in curve if point.count == 4)
    assert plan.covered_weight() <= here.bound
    assert here.bound <= problem.total_weight
