"""Maximal covering: reduce, search, bound and fix in turn, then search exactly.

Reduce; search; bound; fix the sites that no better plan uses and reduce again; hand what is then
still open to a mixed-integer solver with the plan as its start. Each stage may end the proof.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from optimizer.siting.bounds import excluded_sites, first_prices, tighten
from optimizer.siting.by_formulation import read_answer
from optimizer.siting.cover import rules_of
from optimizer.siting.formulations import MCLP
from optimizer.siting.local_search import extend_greedily, greedy, improve
from optimizer.siting.problem import Indices
from optimizer.siting.proof import Proof
from optimizer.siting.reduce import Remainder, added_up, completed, fix_sites, remainder_of
from optimizer.siting.solution import TOLERANCE
from optimizer.solvers import Backend

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


def cover_most(proof: Proof, seed: int, backend: Callable[[], Backend], effort: Effort) -> str:
    """Prove as much as time allows; return the names of the methods that were needed."""
    rest = remainder_of(proof.problem)
    if rest.is_settled():
        _offer(proof, rest, np.arange(0))
        proof.settle()
        return SEARCH
    plan = greedy(rest.cover, rules_of(rest.problem))
    _offer(proof, rest, plan)
    _offer(proof, rest, _searched(proof, rest, plan, seed, effort.search_work))
    proof.say("search")
    rest = _bounded(proof, rest, seed, effort)
    if proof.is_good() or proof.out_of_time():
        return SEARCH
    return f"{SEARCH}, {_solve_remainder(proof, rest, seed, backend())}"


def _offer(proof: Proof, rest: Remainder, plan: Indices) -> None:
    sites = np.concatenate([rest.opened, rest.sites[plan]])
    proof.offer(completed(proof.problem, sites, proof.problem.budgets))


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
            proof.settle()
        proof.say(f"bound, {rest.problem.site_count} sites still open")
        if proof.is_good() or proof.out_of_time():
            break
        prices = added_up(bound.prices, labels, rest.problem.point_count)
        plan = extend_greedily(rest.cover, rules_of(rest.problem), _own_plan(proof, rest))
        plan = _searched(proof, rest, plan, seed + turn + 1, effort.search_work / 4)
        _offer(proof, rest, plan)
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

    def whole_plan(sites: Indices) -> Indices:
        opened = np.concatenate([rest.opened, rest.sites[sites]])
        return completed(proof.problem, opened, proof.problem.budgets)

    read_answer(proof, outcome, model, base=rest.base, whole_plan=whole_plan)
    proof.say(backend.name)
    return backend.name
