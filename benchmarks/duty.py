"""Measure the rosters and the patrols of whole studies: Minneapolis, and the embedded one.

Each study is planned once, which also compiles; then both stages are measured, one after another.
The bound on what a crew mans is the staffing program, which knows hours but not who works when.
`plan_patrols` drives every beat again over the roads and ends if one does not hold. Prints two
tables in Markdown. What plans a whole study is imported where it is used: it takes long, and most
rows, each in a process of its own, do without::

    python benchmarks/duty.py [--only STUDY ...]
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rows import Stopwatch, peak_mb, print_table, run_alone
from whole_run import MINNEAPOLIS

from optimizer.deployment import PlatformRoster
from optimizer.deployment.beats import PatrolShift
from optimizer.deployment.cp_search import Budget
from optimizer.deployment.crews import crew_of
from optimizer.deployment.exact_rounds import MOST_VISITS
from optimizer.deployment.lines import most_minutes
from optimizer.deployment.roster import need_of
from optimizer.deployment.round_problem import RoundProblem
from optimizer.deployment.staffing import Hours, Need, staff
from optimizer.deployment.street_ways import StreetWays
from optimizer.deployment.targets import Target, by_grid
from optimizer.deployment.work_rules import WEEKS, WorkRules
from optimizer.example import write_example
from optimizer.roads import RoadNetwork, travel_times
from optimizer.study import Study, read_study

if TYPE_CHECKING:
    from optimizer.plan import CityPlan
    from optimizer.planning import CityInputs

ROSTER_HEADS = ("study", "platforms", "people", "different needs", "needed, units x shifts a week",
                "not manned", "all manned", "bound", "rosters at the bound", "CPU s", "wall s",
                "peak MB")  # fmt: skip
PATROL_HEADS = ("study", "targets", "visits due", "made", "left out", "questions exact", "beats",
                "in proven order", "least cover kept", "CPU s", "wall s",
                "peak MB")  # fmt: skip
BOUND_EFFORT = 20.0
UNASKED = ("checkpoints", "patrol_zones", "quick_response", "villages")


class Planned(NamedTuple):
    """A study with its inputs and its plan."""

    study: Study
    inputs: CityInputs
    plan: CityPlan


def planned(name: str) -> Planned:
    """Read a study and plan it, as far as this is about."""
    from optimizer.pipeline import plan_city  # noqa: PLC0415
    from optimizer.planning import read_inputs  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        study = read_study(STUDIES[name](Path(folder)))
        settings = study.settings.model_copy(update=dict.fromkeys(UNASKED))
        study = dataclasses.replace(study, settings=settings)
        return Planned(study, read_inputs(study), plan_city(study))


def _embedded(folder: Path) -> Path:
    write_example(folder / "example")
    return folder / "example" / "study.toml"


STUDIES: dict[str, Callable[[Path], Path]] = {
    "embedded study": _embedded,
    "Minneapolis": lambda _: MINNEAPOLIS,
}


def needs_of(city: Planned) -> tuple[list[Need], WorkRules]:
    """State what each platform has and needs, and the rules of work."""
    from optimizer.planning.duty.rosters import duty_work  # noqa: PLC0415
    from optimizer.planning.duty_inputs.crew import check_crew  # noqa: PLC0415

    study, inputs, plan = city
    crew = study.settings.crew
    shifts, rules = check_crew(study, inputs.zones, inputs.source)
    work = duty_work(study, inputs, plan.platforms, plan.grids, shifts)
    return [
        need_of(crew_of(crew, platform.district), own.hours, shifts, crew.utilisation)
        for platform, own in zip(plan.platforms, work, strict=True)
    ], rules


def round_problem(
    network: RoadNetwork, home: int, targets: Iterable[Target], limit_s: int
) -> RoundProblem:
    """State which targets one round of each unit is to pass, the cover left aside."""
    targets = list(targets)
    pairs = [(t, visit) for t, target in enumerate(targets) for visit in target.visits]
    leave = np.array([home, *(visit.nodes[-1] for _, visit in pairs)], dtype=np.int32)
    enter = np.array([home, *(visit.nodes[0] for _, visit in pairs)], dtype=np.int32)
    travel_s = travel_times(network, leave, enter, float(limit_s)).table(len(enter))
    return RoundProblem(
        travel_s=np.ceil(np.minimum(travel_s, limit_s + 1) - 1e-3).astype(np.int64),
        service_s=np.array([visit.service_s for _, visit in pairs], dtype=np.int64),
        target=np.array([target for target, _ in pairs], dtype=np.int64),
        worth=np.array([target.worth for target in targets], dtype=np.int64),
        limit_s=limit_s,
    )


def round_problems(city: Planned) -> list[tuple[int, RoundProblem]]:
    """State the questions of all grids, each with its number of units, none of them twice."""
    from optimizer.planning.duty.patrol_targets import patrol_targets  # noqa: PLC0415

    study, inputs, plan = city
    settings, owner = study.settings.patrols, plan.grids.variant.grid_of_node
    targets = patrol_targets(study, inputs, plan.hotspots, inputs.duty.patrols,
                             StreetWays.over(inputs.network))  # fmt: skip
    questions = []
    for grid, own in by_grid(targets, owner).items():
        home = plan.platforms[grid].node
        for units, limit_s in sorted(_units_and_limits(study, plan.duty.rosters[grid])):
            if units > settings.reserve:
                problem = round_problem(inputs.network, home, own, limit_s)
                questions.append((units - settings.reserve, problem))
    return questions


def _units_and_limits(study: Study, roster: PlatformRoster) -> set[tuple[int, int]]:
    """List how many units patrol in some shift, and how long a round of it may take."""
    asked = set()
    for name in {need.shift for need in roster.needs}:
        days = [need for need in roster.needs if need.shift == name]
        begins, ends = round(days[0].start_s), round(days[0].end_s)
        shift = PatrolShift("", roster.platform_id, 0, name, begins, ends, units=())
        units = min(day.vehicles["response_car"] + day.vehicles["motorcycle"] for day in days)
        asked.add((units, shift.limit_s(study.settings.patrols)))
    return asked


def roster_cells(city: Planned) -> list[str]:
    """Man the vehicles of a study, and compare with what the hours allow."""
    from optimizer.planning import plan_rosters  # noqa: PLC0415

    watch = Stopwatch()
    rosters = plan_rosters(city.study, city.inputs, city.plan.platforms, city.plan.grids)
    cpu_s, wall_s = watch.cpu_s, watch.wall_s
    needs, rules = needs_of(city)
    hours = Hours(most_minutes(rules))
    bounds = {need: staff(need, rules, hours, Budget(BOUND_EFFORT)) for need in set(needs)}
    manned = sum(sum(day.vehicles.values()) for own in rosters for day in own.needs)
    at_bound = sum(roster.status == "optimal" for roster in rosters)
    return [
        f"{len(rosters)}", f"{sum(own.officers + own.auxiliaries for own in rosters):,}",
        f"{len(bounds)}", f"{sum(day.needed for own in rosters for day in own.needs):,}",
        f"{sum(own.short_shifts for own in rosters) // WEEKS}", f"{manned:,}",
        f"{sum(int(bounds[need].vehicles.sum()) for need in needs):,}",
        f"{at_bound} of {len(rosters)}", f"{cpu_s:.1f}", f"{wall_s:.1f}", f"{peak_mb()}",
    ]  # fmt: skip


def patrol_cells(city: Planned) -> list[str]:
    """Plan the beats of a study, all of which are driven again."""
    from optimizer.planning import plan_patrols  # noqa: PLC0415

    study, inputs, plan = city
    watch = Stopwatch()
    patrols = plan_patrols(
        study, inputs, plan.hotspots, plan.platforms, plan.grids, plan.duty.rosters
    )
    cpu_s, wall_s = watch.cpu_s, watch.wall_s
    shifts = len(patrols.least_cover) // len(plan.platforms)
    due, out = patrols.targets * shifts, Counter(left.reason for left in patrols.left_out)
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(out.items()))
    problems = [problem for _, problem in round_problems(city)]
    exact = sum(len(problem.in_reach()) <= MOST_VISITS for problem in problems)
    ordered = sum(beat.round_status == "optimal" for beat in patrols.beats)
    return [
        f"{patrols.targets}", f"{due}", f"{due - out.total()}", reasons or "0",
        f"{exact} of {len(problems)}", f"{len(patrols.beats)}", f"{ordered}",
        f"{min(patrols.least_cover.values()):.1%}", f"{cpu_s:.1f}", f"{wall_s:.1f}",
        f"{peak_mb()}",
    ]  # fmt: skip


def cells(name: str) -> tuple[list[str], list[str]]:
    """Plan a study and measure both stages."""
    city = planned(name)
    return roster_cells(city), patrol_cells(city)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=STUDIES, default=list(STUDIES))
    rows = {name: run_alone(cells, name) for name in parser.parse_args().only}
    for stage, heads in enumerate((ROSTER_HEADS, PATROL_HEADS)):
        print_table(heads, ([name, *both[stage]] for name, both in rows.items()))
        print()


if __name__ == "__main__":
    main()
