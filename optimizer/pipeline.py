"""The story: from a study to a plan, to a score, or to an account of its data."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.demand import Hotspots, find_hotspots
from optimizer.deployment import DutyPlan
from optimizer.districts import GridPlan
from optimizer.errors import InputError
from optimizer.evaluation import Coverage, evaluate_coverage, in_time
from optimizer.plan import CityPlan
from optimizer.planning import (
    CheckpointScore,
    CityInputs,
    Deployment,
    Faults,
    Score,
    SiteRules,
    checkpoint_caveats,
    choose_count,
    deploy_platforms,
    describe_inputs,
    draw_curve,
    duty_caveats,
    find_caveats,
    input_hashes,
    plan_checkpoints,
    plan_grids,
    plan_patrol_zones,
    plan_patrols,
    plan_quick_response,
    plan_rosters,
    plan_villages,
    planned_count,
    platform_settings,
    present,
    read_inputs,
    score_checkpoints,
    score_sites,
    site_rules,
    siting_problem,
    try_plan,
)
from optimizer.publishing import publish, require_free_folder
from optimizer.roads import nearest_source, service_areas
from optimizer.siting import check_feasible, solve
from optimizer.study import Study, read_study

LOG = logging.getLogger(__name__)


def run_study(
    path: Path, *, out: Path | None = None, as_of: dt.date | None = None, overwrite: bool = False
) -> Path:
    """Plan the city of a study file and publish the plan; return its folder.

    Parameters
    ----------
    out
        Folder of the plan; None: ``reports/NAME/AS_OF``.
    as_of
        Plan with what was known before this day; None: the study's own.

    Raises
    ------
    InputError
        The study or its files are wrong, or the folder holds files that may not be replaced.
    InfeasibleError
        No plan satisfies the rules of the study.
    """
    study = read_study(path).with_as_of(as_of)
    head = study.settings.study
    target = out or Path("reports") / head.name / _planning_day(study).isoformat()
    require_free_folder(target, overwrite=overwrite)
    publish(plan_city(study), target, overwrite=overwrite)
    return target


def plan_city(study: Study) -> CityPlan:
    """Plan one city; see :func:`run_study` for what it raises."""
    seconds: dict[str, float] = {}
    as_of = _planning_day(study)
    with _stage("read", seconds):
        inputs = _inputs_to_plan(study)
        rules = site_rules(study, inputs)
        _warn(inputs.warnings)
    with _stage("hotspots", seconds):
        hotspots = _hotspots(study, inputs)
    settings, seed = platform_settings(study), study.settings.study.seed
    with _stage("travel times", seconds):
        problem = siting_problem(study, inputs, rules, planned_count(study, rules))
    with _stage("siting", seconds):
        problem = choose_count(problem, settings, seed)
        solution = solve(
            problem, settings.location_model(), gap=settings.gap,
            time_limit_s=settings.time_limit_s, seed=seed, progress=LOG.info,
        )  # fmt: skip
        solution.require_end()
    with _stage("curve", seconds):
        curve = draw_curve(problem, solution, settings, seed)
    with _stage("evaluation", seconds):
        nodes = rules.sites.node[solution.sites]
        deployment = deploy_platforms(study, inputs, nodes, resited=settings.max_moves is not None)
        deployment.require_agreement(solution)
        present = _present(study, inputs)
        holdout = try_plan(study, inputs, problem, rules.sites.node, nodes)
        ground = _ground(study, inputs, nodes)
    with _stage("grids", seconds):
        grids = plan_grids(study, inputs, deployment.platforms, deployment.coverage)
    with _stage("checkpoints", seconds):
        checkpoints = plan_checkpoints(study, inputs, hotspots, deployment.platforms)
    duty = _duty(study, inputs, rules, hotspots, deployment, grids, seconds)
    return CityPlan(
        study=study,
        as_of=as_of,
        window=inputs.source.window,
        quality=inputs.source.quality,
        network=inputs.network,
        zones=inputs.zones,
        demand=inputs.demand,
        hotspots=hotspots,
        candidate_count=problem.site_count,
        solution=solution,
        coverage=deployment.coverage,
        platforms=deployment.platforms,
        curve=curve,
        ground=ground,
        existing=inputs.existing,
        key_sites=_timed_key_sites(study, inputs, nodes),
        present=present,
        holdout=holdout,
        checkpoints=checkpoints,
        grids=grids,
        duty=duty,
        caveats=(
            *find_caveats(study, inputs, solution, is_tested=holdout is not None),
            *checkpoint_caveats(study, checkpoints),
            *duty_caveats(grids, duty),
        ),
        inputs=input_hashes(study),
        seconds=seconds,
    )


def _duty(
    study: Study,
    inputs: CityInputs,
    rules: SiteRules,
    hotspots: Hotspots,
    deployment: Deployment,
    grids: GridPlan,
    seconds: dict[str, float],
) -> DutyPlan:
    """Say who works where and when on the divided ground."""
    platforms = deployment.platforms
    with _stage("rosters", seconds):
        rosters = plan_rosters(study, inputs, platforms, grids)
    with _stage("patrols", seconds):
        patrols = plan_patrols(study, inputs, hotspots, platforms, grids, rosters)
        zones = plan_patrol_zones(study, inputs, hotspots, platforms)
    with _stage("posts", seconds):
        points = plan_quick_response(study, inputs, rules, platforms, deployment.coverage)
        villages = plan_villages(study, inputs, platforms)
    return DutyPlan(rosters, patrols, zones, points, villages)


def score_study(path: Path, sites: Path, *, as_of: dt.date | None = None) -> Score:
    """Score the platforms of a file on the demand of a study.

    Raises
    ------
    InputError
        The study, its files or the file of sites are wrong.
    """
    study = read_study(path).with_as_of(as_of)
    score = score_sites(study, read_inputs(study), sites)
    _warn(score.warnings)
    return score


def score_posts_study(
    path: Path,
    checkpoints: Path,
    ring: str | None = None,
    *,
    units: Path | None = None,
    as_of: dt.date | None = None,
) -> CheckpointScore:
    """Score the checkpoints of a file against the rings of a study; None: every ring.

    Parameters
    ----------
    units
        File of who can man them; None: the platforms of the study's plan, or its stations.

    Raises
    ------
    InputError
        The study, its files, or the file of checkpoints or units are wrong.
    """
    study = read_study(path).with_as_of(as_of)
    inputs = read_inputs(study)
    _warn(inputs.warnings)
    hotspots = _hotspots(study, inputs)
    return score_checkpoints(study, inputs, hotspots, checkpoints, ring, units)


def check_study(path: Path) -> str:
    """Read everything a study names and describe it.

    Raises
    ------
    InputError
        Anything is missing or wrong: all faults that were found.
    InfeasibleError
        The rules of the study clash.
    """
    study = read_study(path)
    if study.settings.platforms is None:
        return describe_inputs(study, read_inputs(study), None)
    inputs = _inputs_to_plan(study)
    rules = site_rules(study, inputs)
    problem = siting_problem(study, inputs, rules, planned_count(study, rules))
    check_feasible(problem, platform_settings(study).location_model())
    return describe_inputs(study, inputs, rules)


def _inputs_to_plan(study: Study) -> CityInputs:
    """Read everything that a plan needs; the faults of study and files are gathered.

    Raises
    ------
    InputError
        Anything is missing or wrong.
    """
    faults = Faults()
    faults.of(lambda: _planning_day(study))
    faults.of(lambda: platform_settings(study))
    inputs = faults.of(lambda: read_inputs(study))
    faults.raise_any()
    return present(inputs)


def _planning_day(study: Study) -> dt.date:
    """Give the day from which on nothing is known; a plan without it could not be told from others.

    Raises
    ------
    InputError
        The study names no such day.
    """
    if study.settings.study.as_of is None:
        raise InputError(
            f"{study.path.name}: [study] as_of is missing; write the day of planning, "
            "such as as_of = 2026-01-01, or give --as-of"
        )
    return study.settings.study.as_of


def _warn(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        LOG.warning("Warning: %s", sentence)


@contextmanager
def _stage(name: str, seconds: dict[str, float]) -> Iterator[None]:
    """Say when a stage begins and ends, and keep its wall seconds."""
    LOG.info("%s ...", name.capitalize())
    start = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - start
    LOG.info("%s: %.1f s", name.capitalize(), seconds[name])


def _hotspots(study: Study, inputs: CityInputs) -> Hotspots:
    source = inputs.source
    return find_hotspots(
        source.places,
        source.total,
        settings=study.settings.hotspots,
        shifts=inputs.shifts,
        crs=inputs.network.crs,
        window=source.window,
        later=source.later,
        suppress_below=study.settings.output.suppress_below,
    )


def _present(study: Study, inputs: CityInputs) -> Coverage | None:
    if len(inputs.existing) == 0:
        return None
    nodes = inputs.existing["node"].to_numpy(np.int32)
    turnout_s = study.settings.standards.turnout_seconds
    return evaluate_coverage(inputs.demand, inputs.network, nodes, turnout_s)


def _ground(study: Study, inputs: CityInputs, nodes: NDArray[np.int32]) -> gpd.GeoDataFrame:
    """Draw what is reached within each standard, by what the turnout leaves of it for driving."""
    turnout_s = study.settings.standards.turnout_seconds
    driving_s = sorted({s - turnout_s for s in inputs.zones.standard_s.tolist() if s > turnout_s})
    areas = service_areas(inputs.network, nodes, driving_s)
    return areas.assign(standard_s=areas["limit_s"] + turnout_s)[["standard_s", "geometry"]]


def _timed_key_sites(
    study: Study, inputs: CityInputs, nodes: NDArray[np.int32]
) -> gpd.GeoDataFrame:
    """Add to each key site the response of the nearest platform, and whether it is in time."""
    standards = study.settings.standards
    travel_s = nearest_source(inputs.network, nodes).travel_s[
        inputs.key_sites["node"].to_numpy(int)
    ]
    response_s = travel_s + standards.turnout_seconds
    within = in_time(response_s, inputs.zones.standard_s[inputs.zones.key_tier])
    return inputs.key_sites.assign(response_s=response_s, within=within)
