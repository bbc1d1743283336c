"""The p-median: search, bound and decide, then branch on what is still open.

Interchange finds a plan; a Lagrangian bound decides most sites and drops the ways that no better
plan uses; the rest is settled by branch and bound on sites, least bound first, each node with the
same bound from its parent's prices.

Sources: Beasley 1993, EJOR 65, 383-399; Avella, Sassano & Vasil'ev 2007,
doi:10.1007/s10107-005-0700-6 (pricing out sites and ways).
"""

from __future__ import annotations

import dataclasses
import heapq
import itertools
import math
from collections.abc import Callable

import numpy as np

from optimizer.siting.cover import Rules, rules_of
from optimizer.siting.covering.reduce import completed
from optimizer.siting.problem import Indices
from optimizer.siting.proof import Proof
from optimizer.siting.solution import TOLERANCE
from optimizer.siting.travel.interchange import exchange
from optimizer.siting.travel.median_bound import (
    CLOSED,
    FREE,
    OPEN,
    Decided,
    MedianBound,
    bound_at,
    dearest_ways,
    decide,
    first_prices,
    tighten,
)
from optimizer.siting.travel.reach_all import plan_reaching_all
from optimizer.siting.travel.ways import Ways, cut, ways_of
from optimizer.siting.wording import counted
from optimizer.solvers import Backend

SEARCH = "interchange and Lagrangian bound"
TREE = f"{SEARCH}, branch and bound"
ROOT_ROUNDS, ROOT_ITERATIONS = 20, 100
NODE_ITERATIONS, NODE_STRIDE = 60, 0.3
WORTH_WHILE = 0.02
WORK = 1e8


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Node:
    """A part of all plans: which sites are decided there, and its bound."""

    decided: Decided
    bound: MedianBound


def travel_least(proof: Proof, seed: int, backend: Callable[[], Backend]) -> str:
    """Prove as much as time allows; return the names of the methods that were needed.

    Parameters
    ----------
    proof
        Of a p-median problem.
    seed
        Of the search.
    backend
        Makes an empty model, where it takes a solver to find any plan that reaches everybody.

    Raises
    ------
    InfeasibleError
        If no plan reaches everybody.
    """
    problem, rules = proof.problem, rules_of(proof.problem)
    ways = ways_of(problem, problem.weight[problem.demand] * problem.travel_s)
    plan = _searched(proof, ways, rules, seed, backend)
    proof.offer(plan)
    proof.limit(0.0)
    proof.say("search")
    decided = np.where(problem.keep, OPEN, np.where(problem.forbidden, CLOSED, FREE))
    decided = decided.astype(np.int8)
    root = _Node(decided, bound_at(ways, rules, decided, first_prices(ways, plan)))
    rest, ways = _bounded(proof, ways, rules, root)
    if rest is None or proof.is_good() or proof.out_of_time():
        return SEARCH
    _branch(proof, ways, rules, rest)
    return TREE


def _searched(
    proof: Proof, ways: Ways, rules: Rules, seed: int, backend: Callable[[], Backend]
) -> Indices:
    """Find a good plan that reaches everybody."""
    problem = proof.problem
    plan = completed(problem, np.flatnonzero(problem.keep), problem.budgets)
    for attempt in range(2):
        plan = exchange(
            ways,
            rules,
            problem.keep | problem.forbidden,
            plan,
            seed=seed,
            work=WORK,
            out_of_time=proof.out_of_time,
        )
        if attempt or not proof.model.broken_rules(problem, plan):
            break
        plan = plan_reaching_all(proof, seed, backend)
    return plan


def _bounded(proof: Proof, ways: Ways, rules: Rules, node: _Node) -> tuple[_Node | None, Ways]:
    """Raise the bound and decide sites in turn as long as that is worth while."""
    for _ in range(ROOT_ROUNDS):
        gap, size = proof.gap, len(ways.point_sites)
        rest = _evaluated(proof, ways, rules, node, ROOT_ITERATIONS)
        smaller = None if rest is None else _narrowed(proof, ways, rest)
        if rest is None or smaller is None:
            proof.settle()
            return None, ways
        proof.limit(rest.bound.value)
        proof.say(f"bound, {counted(int((rest.decided == FREE).sum()), 'site')} still open")
        node, ways = rest, smaller
        shrunk = len(ways.point_sites) < (1 - WORTH_WHILE) * size
        idle = not shrunk and proof.gap > (1 - WORTH_WHILE) * gap
        if idle or proof.is_good() or proof.out_of_time():
            break
    return node, ways


def _evaluated(
    proof: Proof, ways: Ways, rules: Rules, node: _Node, iterations: int
) -> _Node | None:
    """Bound a part of all plans and decide sites in it; None: it holds no better plan."""
    bound = tighten(
        ways,
        rules,
        node.decided,
        node.bound.prices,
        proof.value,
        proof.better,
        iterations,
        node.bound.stride,
        out_of_time=proof.out_of_time,
    )
    _offer(proof, ways, rules, node, bound)
    if bound.value >= proof.better:
        return None
    decided, free = decide(rules, node.decided, bound, proof.better)
    return _Node(decided, bound) if free else None


def _offer(proof: Proof, ways: Ways, rules: Rules, node: _Node, bound: MedianBound) -> None:
    """Offer what swaps make of the sites that the relaxed problem opens."""
    plan = np.flatnonzero(bound.chosen)
    if not math.isfinite(bound.value) or proof.problem.broken_rules(plan):
        return
    plan = exchange(ways, rules, node.decided != FREE, plan, seed=0, work=0)
    if not proof.model.broken_rules(proof.problem, plan):
        proof.offer(plan)


def _narrowed(proof: Proof, ways: Ways, node: _Node) -> Ways | None:
    """Drop the ways that no better plan of this part uses; None: somebody is left without any."""
    room = proof.better - node.bound.value
    most = dearest_ways(ways, node.decided, node.bound.prices, room)
    narrow = cut(ways, most, node.decided == CLOSED)
    stranded = (np.diff(narrow.point_ptr) == 0) & (np.diff(ways.point_ptr) > 0)
    return None if stranded.any() else narrow


def _branch(proof: Proof, ways: Ways, rules: Rules, root: _Node) -> None:
    """Split the plans at one site after the other, always where the bound is least."""
    order = itertools.count(0, -1)  # of equal bounds the latest, deepest node first
    nodes = [(root.bound.value, next(order), root)]
    while nodes and nodes[0][0] < proof.better:
        proof.limit(nodes[0][0])
        if proof.is_good() or proof.out_of_time():
            return
        node = heapq.heappop(nodes)[2]
        narrow = _narrowed(proof, ways, node)
        if narrow is None:
            continue
        for side in (OPEN, CLOSED):
            part = _evaluated(proof, narrow, rules, _split(node, side), NODE_ITERATIONS)
            if part is not None:
                heapq.heappush(nodes, (_rounded(proof, part.bound.value), next(order), part))
    proof.settle()


def _split(node: _Node, side: int) -> _Node:
    """Decide the site that relaxed plans open most nearly half of the time."""
    degree, stride = node.bound.degree, max(node.bound.stride, NODE_STRIDE)
    doubt = np.where(node.decided == FREE, np.minimum(degree, 1 - degree), -1.0)
    decided = node.decided.copy()
    decided[np.argmax(doubt)] = side
    return _Node(decided, node.bound._replace(stride=stride))


def _rounded(proof: Proof, bound: float) -> float:
    """Round a bound up where every plan has a whole cost, so that equal ones are seen as equal."""
    return math.ceil(bound - TOLERANCE) if proof.whole else bound
