"""The front door: from a siting problem to a plan with a proof.

Reduce; search; bound; fix the sites that no better plan uses and reduce again; hand what is then
still open to a mixed-integer solver with the plan as its start. Each stage may end the proof.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from optimizer.errors import SolverError
from optimizer.siting.bounds import excluded_sites, first_prices, tighten
from optimizer.siting.cover import rules_of
from optimizer.siting.feasibility import check_feasible
from optimizer.siting.formulations import MCLP
from optimizer.siting.local_search import extend_greedily, greedy, improve
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.proof import Progress, Proof
from optimizer.siting.reduce import Remainder, added_up, fix_sites, remainder_of
from optimizer.siting.solution import TOLERANCE, SitingSolution
from optimizer.solvers import Backend, HighsBackend, Outcome, Status

SEARCH = "local search and Lagrangian bound"


@dataclasses.dataclass(frozen=True, slots=True)
class Effort:
    """How hard each stage tries: counted, not timed, so that a seed repeats the plan.

    Parameters
    ----------
    search_work
        Table entries the first local search touches; each later one has a quarter.
    rounds, iterations
        Rounds of bounding and fixing, and evaluations of the bound in each.
    worth_while
        Share of the reach or of the gap that a round must take away for another to follow.
    """

    search_work: float = 1e9
    rounds: int = 8
    iterations: int = 400
    worth_while: float = 0.1


DEFAULT_EFFORT = Effort()


def solve(
    problem: SitingProblem,
    *,
    gap: float = 0.001,
    time_limit_s: float = 120.0,
    seed: int = 0,
    progress: Progress | None = None,
    backend: Callable[[], Backend] = HighsBackend,
    effort: Effort = DEFAULT_EFFORT,
) -> SitingSolution:
    """Choose the sites that cover most, and prove how good that is.

    The same problem and seed give the same plan on every machine, unless the time limit cuts in.

    Parameters
    ----------
    problem
        What to decide.
    gap
        Relative gap between plan and bound at which to stop.
    time_limit_s
        Wall seconds; a plan is returned in any case.
    seed
        Of the search and of the solver.
    progress
        Told one sentence after each stage.
    backend
        Makes an empty model of the mixed-integer solver.
    effort
        How hard each stage tries.

    Raises
    ------
    InfeasibleError
        If no plan keeps every rule, naming those that clash.
    SolverError
        If the solver fails or contradicts the data.
    """
    check_feasible(problem)
    proof = Proof(problem, gap, time_limit_s, progress)
    rest = remainder_of(problem)
    solver = SEARCH
    if rest.is_settled():
        proof.offer(rest, np.arange(0))
        proof.limit(proof.value)
    else:
        plan = greedy(rest.cover, rules_of(rest.problem))
        proof.offer(rest, plan)
        proof.offer(rest, _searched(proof, rest, plan, seed, effort.search_work))
        proof.say("search")
        rest = _bounded(proof, rest, seed, effort)
        if not proof.is_good() and not proof.out_of_time():
            solver = f"{SEARCH}, {_solve_remainder(proof, rest, seed, backend())}"
    return proof.solution(seed, solver)


def _searched(proof: Proof, rest: Remainder, plan: Indices, seed: int, work: float) -> Indices:
    return improve(
        rest.cover,
        rules_of(rest.problem),
        plan,
        seed=seed,
        work=work,
        out_of_time=proof.out_of_time,
    )


def _own_plan(proof: Proof, rest: Remainder) -> Indices:
    """Find the sites of the best plan that a remainder still has."""
    return np.flatnonzero(np.isin(rest.sites, proof.sites))


def _bounded(proof: Proof, rest: Remainder, seed: int, effort: Effort) -> Remainder:
    """Lower the bound and fix sites, in turn, as long as that is worth while."""
    prices = first_prices(rest.cover, _own_plan(proof, rest))
    for turn in range(effort.rounds):
        size, gap = len(rest.problem.demand), proof.gap
        bound = tighten(
            rest.cover,
            rules_of(rest.problem),
            prices,
            target=proof.value - rest.base,
            enough=proof.good_enough - rest.base,
            iterations=effort.iterations,
            out_of_time=proof.out_of_time,
        )
        proof.limit(rest.base + bound.value)
        mine = np.isin(rest.sites, proof.sites)
        opened, closed = excluded_sites(rules_of(rest.problem), bound, proof.better - rest.base)
        rest, labels = fix_sites(rest, opened & mine, closed & ~mine, mine)
        if rest.is_settled():
            proof.limit(proof.value)
        proof.say(f"bound, {rest.problem.site_count} sites still open")
        if proof.is_good() or proof.out_of_time():
            break
        prices = added_up(bound.prices, labels, rest.problem.point_count)
        plan = extend_greedily(rest.cover, rules_of(rest.problem), _own_plan(proof, rest))
        plan = _searched(proof, rest, plan, seed + turn + 1, effort.search_work / 4)
        proof.offer(rest, plan)
        shrunk = len(rest.problem.demand) <= (1 - effort.worth_while) * size
        if not shrunk and proof.gap > (1 - effort.worth_while) * gap:
            break
    return rest


def _solve_remainder(proof: Proof, rest: Remainder, seed: int, backend: Backend) -> str:
    """Hand the remainder to a solver, check its answer against the data, return its name."""
    model = MCLP(rest.problem, rest.cover, backend)
    plan = extend_greedily(rest.cover, rules_of(rest.problem), _own_plan(proof, rest))
    backend.start_from(model.start(plan))
    allowed = proof.good_enough - proof.value
    outcome = backend.solve(
        gap=allowed / max(proof.value - rest.base, TOLERANCE),
        time_limit_s=proof.seconds_left(),
        seed=seed,
    )
    _check(outcome, rest, model, proof)
    if outcome.values:
        proof.offer(rest, model.sites(outcome.values))
    if outcome.bound is not None:
        proof.limit(rest.base + outcome.bound)
    proof.say(backend.name)
    return backend.name


def _check(outcome: Outcome, rest: Remainder, model: MCLP, proof: Proof) -> None:
    """Believe nothing that the data contradict.

    Raises
    ------
    SolverError
        If the solver denies a plan that is at hand, or its own values do not add up.
    """
    slack = TOLERANCE * max(1.0, proof.problem.total_weight)
    if outcome.status is Status.INFEASIBLE:
        raise SolverError("The solver calls a problem infeasible for which a plan is at hand.")
    if outcome.bound is not None and rest.base + outcome.bound < proof.value - slack:
        raise SolverError(
            f"The solver says that no plan covers more than {rest.base + outcome.bound}, "
            f"but one that covers {proof.value} is at hand."
        )
    if not outcome.values or outcome.objective is None:
        return
    sites = model.sites(outcome.values)
    broken = rest.problem.broken_rules(sites)
    if broken:
        raise SolverError(f"The solver's plan breaks the rules: {'; '.join(broken)}.")
    value = rest.problem.covered_weight(sites)
    if outcome.objective > value + slack:
        raise SolverError(
            f"The solver claims to cover {outcome.objective} of the remaining demand, "
            f"but its sites cover {value}."
        )
