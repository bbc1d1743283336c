"""Maximal covering: reduce, search, bound and fix in turn, then split what is left until it closes.

Points that the same sites cover are merged and useless sites removed; a local search finds a plan;
Lagrangian prices and the linear relaxation bound all others, fix sites, and the rest is reduced
again; a tree search closes what gap remains. Each stage may end the proof.
"""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from optimizer.siting.by_formulation import read_answer
from optimizer.siting.cover import rules_of
from optimizer.siting.covering.bounds import first_prices, tighten
from optimizer.siting.covering.ledger import ROOT, Ledger
from optimizer.siting.covering.local_search import extend_greedily, greedy, improve
from optimizer.siting.covering.reduce import Remainder, completed, fix_sites, reduction_of
from optimizer.siting.covering.relaxation import Part
from optimizer.siting.covering.tree_search import WORKERS, Node, TreeSearch
from optimizer.siting.formulations.mclp import MCLP
from optimizer.siting.problem import Flags, Indices
from optimizer.siting.proof import Proof
from optimizer.siting.solution import TOLERANCE
from optimizer.siting.wording import counted
from optimizer.solvers import Backend, HighsBackend

SEARCH = "local search, relaxation and tree search"


@dataclasses.dataclass(frozen=True, slots=True)
class Effort:
    """How hard each stage tries: counted, not timed, so that a seed repeats the plan.

    Parameters
    ----------
    search_work
        Table entries that a local search touches.
    long_work
        Table entries that the one before plans are split touches.
    wide_gap
        Gap from which a search with a bound gets all of its work; a narrower one gets a share.
    price_steps
        Evaluations of the Lagrangian before the first relaxation.
    columns
        Sites with which the first relaxation begins.
    polish_work
        Table entries that the local search touches to round a relaxation off.
    worth_while
        Share of the sites that a round of fixing must take away for another to follow.
    sparse
        Sites that cover a point, on average, up to which a solver is asked before plans are split.
    """

    search_work: float = 8e7
    long_work: float = 8e8
    wide_gap: float = 0.004
    price_steps: int = 300
    columns: int = 300
    polish_work: float = 4e6
    worth_while: float = 0.2
    sparse: float = 4.0


DEFAULT_EFFORT = Effort()


def cover_most(proof: Proof, seed: int, effort: Effort = DEFAULT_EFFORT) -> str:
    """Prove as much as time allows; return the name of the method."""
    reduction = reduction_of(proof.problem)
    ledger = Ledger(proof.problem, *reduction, keep_tree=proof.certified)
    proof.tree = ledger.tree
    search = _Search(proof, reduction.rest, ledger, seed, effort)
    with ThreadPoolExecutor(WORKERS) as workers:
        try:
            search.run(workers)
        finally:
            workers.shutdown(cancel_futures=True)
    return search.methods


class _Search:
    """The state of one proof: the remainder, and what was learnt about it."""

    def __init__(
        self, proof: Proof, rest: Remainder, ledger: Ledger, seed: int, effort: Effort
    ) -> None:
        self._proof, self._rest, self._ledger = proof, rest, ledger
        self._seed, self._effort = seed, effort
        self._fixed = False
        self.methods = SEARCH

    def run(self, workers: ThreadPoolExecutor) -> None:
        """Go through the stages until the proof is good or the time is up."""
        proof = self._proof
        if self._rest.is_settled():
            self._offer(np.arange(0))
            self._settle()
            return
        proof.limit(proof.problem.total_weight)
        plan = greedy(self._rest.cover, rules_of(self._rest.problem))
        self._offer(plan)
        self._offer(self._searched(plan, self._effort.search_work, workers))
        proof.say("search")
        if proof.out_of_time():
            return
        columns = self._first_columns()
        if proof.is_good() or proof.out_of_time():
            return
        root = self._relaxed(columns, workers)
        while not (proof.is_good() or proof.out_of_time() or self._rest.is_settled()):
            if not self._reduced(root):
                break
            root = self._relaxed(root.relaxed.columns[self._kept], workers)
        if self._rest.is_settled():
            self._settle()
        elif not (proof.is_good() or proof.out_of_time()):
            self._split(root, workers)

    def _split(self, root: Node, workers: ThreadPoolExecutor) -> None:
        proof = self._proof
        if self._suits_a_solver():
            self._hand_over(HighsBackend())
            if proof.is_good():
                return
        work = self._scaled(self._effort.long_work)
        self._offer(self._searched(self._own_plan(), work, workers))
        tree = self._tree()
        tree.add(root)
        while len(tree) and not proof.out_of_time():
            self._claim(max(tree.bound, self._limit()))
            if proof.is_good():
                return
            for node in tree.step(workers):
                self._round_off(node)
            proof.say(f"tree search, {counted(len(tree), 'part')} open")
        self._claim(max(tree.bound, self._limit()))

    def _suits_a_solver(self) -> bool:
        """Whether few sites cover each point.

        Then the gap is the sum of many small ones, each of which a solver's cuts close where it is,
        while splitting would have to close all of them in every part.
        """
        problem = self._rest.problem
        sparse = len(problem.demand) <= self._effort.sparse * problem.point_count
        return sparse and not self._proof.certified

    def _hand_over(self, backend: Backend) -> None:
        """Give what is left to a solver for half of the time, with the plan as its start."""
        proof, rest = self._proof, self._rest
        model = MCLP(rest.problem, rest.cover, backend)
        backend.start_from(model.start(self._own_plan()))
        allowed = proof.good_enough - proof.value
        outcome = backend.solve(
            gap=allowed / max(proof.value - rest.base, TOLERANCE),
            time_limit_s=proof.seconds_left() / 2,
            seed=self._seed,
        )
        read_answer(
            proof, outcome, model, base=rest.base, whole_plan=self._whole, claim=self._claim
        )
        self.methods = f"{SEARCH}, {backend.name}"
        proof.say(backend.name)

    def _whole(self, plan: Indices) -> Indices:
        """Make a plan of the whole problem of one of the rest."""
        sites = np.concatenate([self._rest.opened, self._rest.sites[plan]])
        return completed(self._proof.problem, sites, self._proof.problem.budgets)

    def _tree(self) -> TreeSearch:
        rest = self._rest
        return TreeSearch(rest.cover, rules_of(rest.problem), self._ledger, self._limit)

    def _limit(self) -> float:
        return self._proof.of_interest - self._rest.base

    def _settle(self) -> None:
        self._ledger.settled()
        self._claim(self._proof.value - self._rest.base)

    def _claim(self, bound: float) -> None:
        """Bound all plans by a bound on those of the rest.

        What was fixed excludes plans too, but none that covers more than the limit, which only
        rises.
        """
        if self._fixed:
            bound = max(bound, self._limit())
        self._proof.limit(self._rest.base + bound)

    def _first_columns(self) -> Flags:
        """Find the sites that are worth most at good prices, and bound all plans by these."""
        rest, rules, proof = self._rest, rules_of(self._rest.problem), self._proof
        bound = tighten(
            rest.cover,
            rules,
            first_prices(rest.cover, self._own_plan()),
            target=proof.value - rest.base,
            enough=self._limit(),
            iterations=self._effort.price_steps,
            out_of_time=proof.out_of_time,
        )
        if not proof.certified:  # these prices are not in the tree
            self._claim(bound.value)
        best = np.argsort(-bound.site_values, kind="stable")[: self._effort.columns]
        columns = np.isin(np.arange(len(rest.sites)), best)
        columns[self._own_plan()] = True
        return columns

    def _relaxed(self, columns: Flags, workers: ThreadPoolExecutor) -> Node:
        """Bound all plans, and search around the one that the relaxation suggests."""
        rest = self._rest
        nobody = np.zeros(len(rest.sites), dtype=np.bool_)
        part = Part(nobody, nobody, (), columns)
        room = self._proof.bound - self._proof.of_interest
        relaxed = self._tree().relaxed(part, min(room, 0.01 * self._proof.value))
        self._claim(relaxed.bound)
        self._ledger.bounded(ROOT, (), relaxed, nobody, nobody)
        node = Node(part, relaxed, relaxed.bound, 0, ROOT, ())
        for plan in (self._rounded(node), self._own_plan()):
            self._offer(self._searched(plan, self._scaled(self._effort.search_work), workers))
        self._proof.say(f"relaxation, {counted(rest.problem.site_count, 'site')}")
        return node

    def _reduced(self, root: Node) -> bool:
        """Fix what the root fixes and reduce the rest again, if that is worth while."""
        rest = self._rest
        opened, closed = root.relaxed.fixed(root.part, self._limit())
        mine = np.isin(rest.sites, self._proof.sites)
        opened, closed = opened & mine, closed & ~mine
        if opened.sum() + closed.sum() < self._effort.worth_while * len(mine):
            return False
        self._ledger.bounded(ROOT, (), root.relaxed, closed, opened)
        reduction = fix_sites(rest, opened, closed, mine)
        self._ledger.reduced(*reduction)
        self._rest, self._fixed = reduction.rest, True
        self._kept = np.flatnonzero(np.isin(rest.sites, self._rest.sites))
        return True

    def _rounded(self, node: Node) -> Indices:
        """Make a plan of the sites that the relaxation opens most, as far as the rules let it."""
        rest, rules = self._rest, rules_of(self._rest.problem)
        degrees = np.where(node.part.opened, 2.0, node.relaxed.degrees)
        left = rules.budgets.copy()
        start = []
        for site in np.argsort(-degrees, kind="stable")[: int(left.sum())]:
            if degrees[site] > 0 and left[rules.region[site]] > 0:
                left[rules.region[site]] -= 1
                start.append(site)
        plan = extend_greedily(rest.cover, rules, np.array(start, dtype=np.int64))
        return self._own_plan() if rest.problem.broken_rules(plan) else plan

    def _round_off(self, node: Node) -> None:
        """Search a little around the plan that the relaxation of a part suggests."""
        rest, work = self._rest, self._effort.polish_work
        plan = self._rounded(node)
        self._offer(improve(rest.cover, rules_of(rest.problem), plan, seed=self._seed, work=work))

    def _offer(self, plan: Indices) -> None:
        self._proof.offer(self._whole(plan))

    def _searched(self, plan: Indices, work: float, workers: ThreadPoolExecutor) -> Indices:
        """Search from a plan with as many seeds as there are workers; the best plan found."""
        rest, rules = self._rest, rules_of(self._rest.problem)

        def search(seed: int) -> Indices:
            out_of_time = self._proof.out_of_time
            return improve(rest.cover, rules, plan, seed=seed, work=work, out_of_time=out_of_time)

        self._seed += WORKERS
        plans = list(workers.map(search, range(self._seed - WORKERS, self._seed)))
        return max(plans, key=rest.problem.covered_weight)

    def _scaled(self, work: float) -> float:
        """Work that is worth while: the narrower the gap, the less there is to find."""
        share = min(1.0, self._proof.gap / self._effort.wide_gap)
        return max(self._effort.polish_work, share * work)

    def _own_plan(self) -> Indices:
        """Find the sites of the best plan that the remainder still has, and fill up."""
        rest = self._rest
        own = np.flatnonzero(np.isin(rest.sites, self._proof.sites))
        return extend_greedily(rest.cover, rules_of(rest.problem), own)
