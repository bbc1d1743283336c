"""Several good plans that really differ: what else could be done for nearly the same cover."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np

from optimizer.errors import InfeasibleError, InputError
from optimizer.siting.by_formulation import solve_formulation
from optimizer.siting.cover import rules_of
from optimizer.siting.covering.local_search import greedy, improve
from optimizer.siting.covering.reduce import completed, remainder_of
from optimizer.siting.feasibility import rule_clashes
from optimizer.siting.formulations.distinct import DistinctCovering
from optimizer.siting.front_door import solve
from optimizer.siting.problem import Flags, Indices, SitingProblem
from optimizer.siting.proof import Progress, Proof
from optimizer.siting.solution import SitingSolution
from optimizer.siting.wording import counted
from optimizer.solvers import Backend, HighsBackend

SEARCH = "local search among new places"
SEARCH_WORK = 2e7
TRIES = 24
FAITHFUL = 0.8
SOLVER_ENTRIES = 100_000
ROUNDING = 1e-9


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DiversePlans:
    """Plans in the order they were found, the first the best without any condition.

    Parameters
    ----------
    plans
        Each with its own proof: no plan that differs enough from those before it is better than
        its bound.
    ended
        "complete": as many as were asked for. "exhausted": it is proven that no further plan is
        good enough and differs enough. "not found": none was found, but none was ruled out.
    """

    plans: tuple[SitingSolution, ...]
    ended: Literal["complete", "exhausted", "not found"]


def diverse_plans(  # noqa: PLR0913  what differs, how much, and when to stop
    problem: SitingProblem,
    k: int,
    *,
    within: float = 0.01,
    least_moved: int = 1,
    alike: float = 1.0,
    gap: float = 0.001,
    time_limit_s: float = 120.0,
    seed: int = 0,
    progress: Progress | None = None,
    backend: Callable[[], Backend] = HighsBackend,
) -> DiversePlans:
    """Find up to k plans near the best, each with enough sites at places new against every other.

    Parameters
    ----------
    problem
        What to decide.
    k
        Plans wanted.
    within
        Share of the best plan's cover that any of them may lack.
    least_moved
        Sites of each plan that must stand at places new against each plan before it.
    alike
        Two sites are the same place if the weight that both reach is at least this share of the
        weight that either reaches; 1: only where they reach the same.
    gap, time_limit_s, seed, progress, backend
        As in `solve`; the time is for all plans together.

    Raises
    ------
    InputError, InfeasibleError
        If the numbers make no sense, or the problem itself has no plan.
    """
    faults = [*_faults(problem, k, within, least_moved, alike)]
    if faults:
        raise InputError(faults)
    deadline = time.perf_counter() + time_limit_s
    first = solve(problem, gap=gap, time_limit_s=time_limit_s / k, seed=seed, progress=progress)
    first.require_end()
    plans, enough = [first], (1 - within) * first.objective * (1 - ROUNDING)
    while len(plans) < k:
        places = np.array([_places(problem, plan.sites, alike) for plan in plans])
        model = DistinctCovering(places, least_moved)
        share = (deadline - time.perf_counter()) / (k - len(plans))
        proof = Proof(problem, model, gap, share, progress)
        proof.limit(plans[-1].bound)
        ended = _next_plan(proof, model, [plan.sites for plan in plans], seed, backend)
        if not proof.found or proof.value < enough:
            exhausted = ended is None or proof.bound < enough
            return DiversePlans(tuple(plans), "exhausted" if exhausted else "not found")
        plans.append(proof.solution(seed, ended or SEARCH))
    return DiversePlans(tuple(plans), "complete")


def _faults(
    problem: SitingProblem, k: int, within: float, least_moved: int, alike: float
) -> Iterator[str]:
    if k < 1:
        yield f"k = {k} is no number of plans: give 1 or more."
    if not 0 <= within < 1:
        yield f"within = {within} is no share that a plan may lack: give 0 or more, below 1."
    if not 1 <= least_moved <= max(1, problem.count):
        yield (
            f"least_moved = {least_moved}, but {counted(problem.count, 'site')} may open: "
            f"give a number from 1 to {problem.count}."
        )
    if not 0 < alike <= 1:
        yield f"alike = {alike} is no share of reach: give more than 0, at most 1."


def _places(problem: SitingProblem, plan: Indices, alike: float) -> Flags:
    """Sites that are the same place as one of the plan's, by the Jaccard share of their reach."""
    rows = np.repeat(np.arange(problem.site_count), np.diff(problem.indptr))
    entry_weight = problem.weight[problem.demand]
    reach = np.bincount(rows, entry_weight, minlength=problem.site_count)
    places = np.zeros(problem.site_count, dtype=np.bool_)
    for site in plan:
        both = entry_weight * problem.covered_by([site])[problem.demand]
        common = np.bincount(rows, both, minlength=problem.site_count)
        either = reach + reach[site] - common
        places |= (either > 0) & (common >= (alike - ROUNDING) * either)
        places[site] = True
    return places


def _next_plan(
    proof: Proof,
    model: DistinctCovering,
    known: list[Indices],
    seed: int,
    backend: Callable[[], Backend],
) -> str | None:
    """Look for the best plan that is new enough; the methods needed, None if there is none."""
    if model.clashes(proof.problem):
        return None
    rng = np.random.default_rng(seed)
    idle = 0
    while idle < TRIES:
        if proof.is_good() or proof.out_of_time():
            return SEARCH
        before = proof.value
        _try(proof, model, known, rng)
        idle = 0 if proof.value > before else idle + 1
    proof.say(SEARCH)
    if proof.is_good() or proof.out_of_time() or len(proof.problem.demand) > SOLVER_ENTRIES:
        return SEARCH
    try:
        return f"{SEARCH}, {solve_formulation(proof, seed, backend())}"
    except InfeasibleError:
        return SEARCH if proof.out_of_time() else None


def _try(
    proof: Proof, model: DistinctCovering, known: list[Indices], rng: np.random.Generator
) -> None:
    """Forbid all but enough places of each known plan, so that any plan is new; search there.

    Sites of the best plan so far are more likely to stay.
    """
    problem = proof.problem
    forbidden = problem.forbidden.copy()
    for plan, places in zip(known, model.places, strict=True):
        stay = rng.permutation(plan[~problem.keep[plan] & ~forbidden[plan]])
        used = np.isin(stay, proof.sites) & (rng.random(len(stay)) < FAITHFUL)
        stay = np.concatenate([stay[used], stay[~used]])
        kept = int((places & problem.keep).sum())
        stay = stay[: problem.count - model.least_new - kept]
        closed = places & ~problem.keep
        closed[stay] = False
        forbidden |= closed
    left = problem.replace(forbidden=forbidden)
    if rule_clashes(left):
        return
    rest = remainder_of(left)
    rules = rules_of(rest.problem)
    plan = greedy(rest.cover, rules)
    if len(plan):
        plan = improve(
            rest.cover,
            rules,
            plan,
            seed=int(rng.integers(2**31)),
            work=SEARCH_WORK,
            out_of_time=proof.out_of_time,
        )
    sites = completed(left, np.concatenate([rest.opened, rest.sites[plan]]), problem.budgets)
    if not model.broken_rules(problem, sites):
        proof.offer(sites)
