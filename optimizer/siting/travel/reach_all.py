"""Can the platforms reach everybody? A plan that does and keeps the rules, or none.

One region and free moves: the question is whether a set covering needs more than the budget
(`set_covering`). Under other rules the covering model goes to a mixed-integer solver.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from optimizer.errors import InfeasibleError, SolverError
from optimizer.siting.cover import Cover
from optimizer.siting.covering.reduce import completed
from optimizer.siting.formulations.choice import SiteChoice
from optimizer.siting.problem import Flags, Indices, SitingProblem
from optimizer.siting.proof import Proof
from optimizer.siting.set_covering.method import fewest_sites
from optimizer.siting.wording import counted
from optimizer.solvers import Backend, Status


class Answer(NamedTuple):
    """A plan, or None; and whether None means that there is none (else time ran out)."""

    plan: Indices | None
    decided: bool


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Who reaches whom under the rules of a problem.

    Parameters
    ----------
    problem
        Holds the rules; its own reach is not read.
    points
        Point by site matrix of ones: a row for each point to be reached.
    """

    problem: SitingProblem
    points: sparse.csr_matrix

    def plan(self, *, seed: int, time_limit_s: float, backend: Callable[[], Backend]) -> Answer:
        """Find a plan that reaches every point, or show that there is none.

        Raises
        ------
        SolverError
            If the solver fails or its plan does not hold.
        """
        if (np.diff(self.points.indptr) == 0).any():
            return Answer(None, decided=True)
        problem = self.problem
        if len(problem.budgets) == 1 and not problem.least_kept_previous:
            return self._by_covering(seed, time_limit_s, backend)
        return self._by_solver(seed, time_limit_s, backend())

    def fewest(self, *, seed: int, time_limit_s: float, backend: Callable[[], Backend]) -> int:
        """Count the platforms that it takes at least, kept ones among them."""
        kept = int(self.problem.keep.sum())
        cover = self._left_to_cover()
        return kept + fewest_sites(cover, seed=seed, time_limit_s=time_limit_s, backend=backend)[1]

    def _by_covering(
        self, seed: int, time_limit_s: float, backend: Callable[[], Backend]
    ) -> Answer:
        kept = np.flatnonzero(self.problem.keep)
        at_most = self.problem.count - len(kept)
        sites, least = fewest_sites(
            self._left_to_cover(),
            at_most=at_most,
            seed=seed,
            time_limit_s=time_limit_s,
            backend=backend,
        )
        if sites is None:
            return Answer(None, decided=least > at_most)
        return Answer(self._doubted(np.union1d(kept, sites)), decided=True)

    def _left_to_cover(self) -> Cover:
        """Lay out who reaches what the kept sites do not."""
        rows = self.points[self.points @ self.problem.keep.astype(np.int8) == 0]
        columns = rows.tocsc()
        return Cover(
            columns.indptr.astype(np.int64),
            columns.indices.astype(np.int32),
            rows.indptr.astype(np.int64),
            rows.indices.astype(np.int32),
            np.ones(rows.shape[0]),
        )

    def _by_solver(self, seed: int, time_limit_s: float, backend: Backend) -> Answer:
        choice = SiteChoice(self.problem, backend)
        rows = self.points
        for j in range(rows.shape[0]):
            near = rows.indices[rows.indptr[j] : rows.indptr[j + 1]]
            backend.require(choice.among(near) >= 1)
        backend.minimize(backend.sum(choice.variables))
        outcome = backend.solve(gap=1.0, time_limit_s=time_limit_s, seed=seed)
        if not outcome.values:
            return Answer(None, decided=outcome.status is Status.INFEASIBLE)
        return Answer(self._doubted(choice.sites(outcome.values)), decided=True)

    def _doubted(self, sites: Indices) -> Indices:
        """Complete a plan and count again whom it reaches."""
        opened: Flags = np.zeros(self.problem.site_count, dtype=np.bool_)
        plan = completed(self.problem, sites, self.problem.budgets)
        opened[plan] = True
        missed = int((self.points @ opened.astype(np.int32) == 0).sum())
        broken = self.problem.broken_rules(plan)
        if missed or broken:
            told = [*broken, *([f"{missed} points are not reached"] if missed else [])]
            raise SolverError(f"The solver's plan breaks the rules: {'; '.join(told)}.")
        return plan


def reach_of(problem: SitingProblem, limit_s: float = np.inf) -> Reach:
    """Take the ways of at most so many seconds from sites that may open to points with weight."""
    usable = np.repeat(~problem.forbidden, np.diff(problem.indptr))
    usable &= problem.weight[problem.demand] > 0
    if len(problem.travel_s):
        usable &= problem.travel_s <= limit_s
    before = np.concatenate(([0], np.cumsum(usable)))
    ones = np.ones(int(before[-1]), dtype=np.int8)
    shape = (problem.site_count, problem.point_count)
    by_site = sparse.csr_matrix((ones, problem.demand[usable], before[problem.indptr]), shape=shape)
    return Reach(problem, by_site.T.tocsr()[problem.weight > 0])


def plan_reaching_all(proof: Proof, seed: int, backend: Callable[[], Backend]) -> Indices:
    """Find any plan that reaches every point with weight.

    Raises
    ------
    InfeasibleError
        If there is none, with the number of platforms that it takes; or if none was found in time.
    """
    problem, reach = proof.problem, reach_of(proof.problem)
    answer = reach.plan(seed=seed, time_limit_s=proof.seconds_left(), backend=backend)
    if answer.plan is not None:
        return answer.plan
    points = int((problem.weight > 0).sum())
    if not answer.decided:
        raise InfeasibleError(
            f"No plan that reaches every demand point ({points} with weight) was found within the "
            "time limit, and none was shown not to exist: allow more time, more platforms or "
            "longer ways."
        )
    least = reach.fewest(seed=seed, time_limit_s=proof.seconds_left(), backend=backend)
    needed = (
        f"it takes at least {counted(least, 'platform')}"
        if least > problem.count
        else (f"{problem.count} could do without the budgets of regions and max_moves")
    )
    raise InfeasibleError(
        f"No plan of {counted(problem.count, 'platform')} that keeps the rules reaches every "
        f"demand point ({points} with weight): {needed}; or hand in longer ways."
    )
