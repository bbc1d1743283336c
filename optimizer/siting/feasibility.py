"""Is there any plan at all? If not: which rules clash, and the smallest change that helps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.errors import InfeasibleError
from optimizer.siting.model import Model
from optimizer.siting.problem import SitingProblem
from optimizer.siting.wording import counted

FIRST = 5


def check_feasible(problem: SitingProblem, model: Model | None = None) -> None:
    """Raise if no set of sites satisfies every rule, of maximal covering or of another model.

    Raises
    ------
    InfeasibleError
        One sentence for each clash: the rules, their values, the smallest change.
    """
    clashes = rule_clashes(problem) if model is None else model.clashes(problem)
    if clashes:
        raise InfeasibleError("\n".join(clashes))


def count_faults(problem: SitingProblem) -> list[str]:
    """Name a number of platforms, or demand, of which no plan can be made."""
    faults = []
    if problem.count < 1:
        faults.append(f"count = {problem.count} is no number of platforms: give 1 or more.")
    return [*faults, *point_faults(problem)]


def point_faults(problem: SitingProblem) -> list[str]:
    """Name the lack of any demand point."""
    if problem.point_count == 0:
        return ["There is no demand point: hand in at least one."]
    return []


def demand_faults(problem: SitingProblem) -> list[str]:
    """Name the lack of any demand, for models in which a point of weight 0 asks for nothing."""
    if problem.point_count and not problem.weight.any():
        return [f"All {problem.point_count} demand points have weight 0: give one of them demand."]
    return point_faults(problem)


def rule_clashes(problem: SitingProblem, units_per_site: int = 1) -> list[str]:
    """Name each clash of the rules in a sentence with its values and the smallest change."""
    clashes = [*kept_and_forbidden(problem), *_budget_against_sites(problem, units_per_site)]
    return clashes or [*_moves_against_budgets(problem), *_nothing_in_reach(problem)]


def out_of_reach(problem: SitingProblem) -> Iterator[str]:
    """Name the points with demand that no site which may open reaches: they cannot be covered."""
    may_open = np.flatnonzero(~problem.forbidden)
    missed = np.flatnonzero(~problem.covered_by(may_open) & (problem.weight > 0))
    if not missed.size:
        return
    banned = int(problem.covered_by(np.flatnonzero(problem.forbidden))[missed].sum())
    first = ", ".join(repr(name) for name in problem.demand_ids[missed[:FIRST]])
    allow = f", allow forbidden sites (they reach {banned} of them)" if banned else ""
    yield (
        f"{missed.size} of {int((problem.weight > 0).sum())} demand points with weight "
        f"{'lies' if missed.size == 1 else 'lie'} beyond the reach of every site that may open "
        f"({first}{', ...' * (missed.size > FIRST)}): leave out {missed.size}, lengthen their "
        f"standard{allow} or add candidate sites there."
    )


def kept_and_forbidden(problem: SitingProblem) -> Iterator[str]:
    """Name the sites that are on both lists."""
    for site in np.flatnonzero(problem.keep & problem.forbidden):
        yield (
            f"Site {problem.site_ids[site]!r} is both kept and forbidden: "
            "take it off one of the two lists."
        )


def _budget_against_sites(problem: SitingProblem, units_per_site: int) -> Iterator[str]:
    regions = len(problem.budgets)
    kept = np.bincount(problem.region[problem.keep], minlength=regions)
    allowed = np.bincount(problem.region[~problem.forbidden], minlength=regions)
    for r, budget in enumerate(problem.budgets):
        place = "" if regions == 1 else f" in region {problem.region_names[r]!r}"
        if kept[r] > budget:
            yield (
                f"{counted(kept[r], 'site')} {'is' if kept[r] == 1 else 'are'} kept{place}, "
                f"but its number of platforms is {budget}: "
                f"raise the number to {kept[r]} or keep {kept[r] - budget} fewer."
            )
        room = units_per_site * int(allowed[r])
        if room < budget:
            units = "" if units_per_site == 1 else f", with {units_per_site} units each,"
            yield (
                f"{counted(budget, 'platform')} {'is' if budget == 1 else 'are'} asked for{place}, "
                f"but only {counted(allowed[r], 'candidate site')}{units} may open there: "
                f"lower the number to {room} or allow "
                f"{-(-(budget - room) // units_per_site)} more."
            )


def _moves_against_budgets(problem: SitingProblem) -> Iterator[str]:
    regions = len(problem.budgets)
    kept = np.bincount(problem.region[problem.keep], minlength=regions)
    usable = problem.previous & ~problem.forbidden
    pinned = np.bincount(problem.region[usable & problem.keep], minlength=regions)
    loose = np.bincount(problem.region[usable & ~problem.keep], minlength=regions)
    can_stay = int((pinned + np.minimum(loose, problem.budgets - kept)).sum())
    if can_stay < problem.least_kept_previous:
        before = int(problem.previous.sum())
        yield (
            f"max_moves = {problem.max_moves}, but of {counted(before, 'previous site')} at most "
            f"{can_stay} can stay open under the numbers of platforms, keep and forbid: "
            f"raise max_moves to {before - can_stay}."
        )


def _nothing_in_reach(problem: SitingProblem) -> Iterator[str]:
    allowed = int((~problem.forbidden).sum())
    asking = int((problem.weight > 0).sum())
    sizes = np.diff(problem.indptr)
    reached = problem.demand[np.repeat(~problem.forbidden, sizes)]
    if not problem.weight[reached].any():
        yield (
            f"None of the {counted(allowed, 'site')} that may open reaches any of the "
            f"{counted(asking, 'demand point')} with weight within its standard: "
            "lengthen the standards, add candidate sites, or check that calls and roads overlap."
        )
