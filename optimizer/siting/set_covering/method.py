"""Set covering: reduce, split, search, bound, fix, and let a solver settle what is then open."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import numpy as np
from scipy import sparse

from optimizer.siting.by_formulation import solve_formulation
from optimizer.siting.cover import Cover, cover_of
from optimizer.siting.formulations.lscp import SetCovering
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.proof import Proof
from optimizer.siting.set_covering.bounds import LeastSites, least_sites, nothing_known
from optimizer.siting.set_covering.reduction import Rest, reduced
from optimizer.siting.set_covering.search import fewer_sites, greedy_cover
from optimizer.solvers import Backend, HighsBackend

SEARCH = "reduction, local search and Lagrangian bound"
SEARCH_WORK = 2e7
WORK_PER_ENTRY = 2e3
LONG_SEARCH_WORK = 3e8
ENTRIES_FOR_LONG_SEARCH = 20_000
ITERATIONS = 600


def fewest_sites(
    cover: Cover,
    *,
    at_most: int | None = None,
    seed: int = 0,
    time_limit_s: float = 60.0,
    backend: Callable[[], Backend] = HighsBackend,
) -> tuple[Indices | None, int]:
    """Cover every point with the fewest sites, or decide whether `at_most` sites can.

    Parameters
    ----------
    cover
        Who covers whom; its weights are not read.
    at_most
        Stop as soon as it is known whether so many sites suffice; None: find the fewest.
    seed
        Of the search and of the solver.
    time_limit_s
        Wall seconds.
    backend
        Makes an empty model of the mixed-integer solver.

    Returns
    -------
    A cover, ascending, of at most `at_most` sites, or None where none was found; and a number of
    sites that every cover needs. So (None, k) with k > `at_most` says that there is none, and with
    k <= `at_most` that time ran out. Where some point has no site, no cover exists, and the number
    is one more than there are sites.

    Raises
    ------
    SolverError
        If the solver fails or contradicts the data.
    """
    if (np.diff(cover.point_ptr) == 0).any():
        return None, len(cover.site_ptr)
    search = _Search(cover, at_most, seed, time.perf_counter() + time_limit_s, backend)
    search.run()
    sites = search.sites()
    return (sites if at_most is None or len(sites) <= at_most else None), search.least


def fewest_beside_kept(
    problem: SitingProblem,
    *,
    at_most: int | None = None,
    seed: int = 0,
    time_limit_s: float = 60.0,
    backend: Callable[[], Backend] = HighsBackend,
) -> tuple[Indices | None, int]:
    """Ask `fewest_sites` of a problem with its kept and forbidden sites; both numbers count all."""
    kept = np.flatnonzero(problem.keep)
    free = None if at_most is None else at_most - len(kept)
    sites, least = fewest_sites(
        _cover_left(problem), at_most=free, seed=seed, time_limit_s=time_limit_s, backend=backend
    )
    return (None if sites is None else np.union1d(kept, sites)), len(kept) + least


def cover_all(proof: Proof, seed: int, backend: Callable[[], Backend]) -> str:
    """Prove as much as time allows; return the names of the methods that were needed."""
    problem = proof.problem
    kept = np.flatnonzero(problem.keep)
    asked = _cover_left(problem)
    ends = time.perf_counter() + proof.seconds_left()
    search = _Search(asked, None, seed, ends, backend)
    search.run()
    sites = _with_previous(problem, np.union1d(kept, search.sites()))
    proof.offer(sites)
    proof.limit(len(kept) + search.least)
    proof.say("search and bound")
    if proof.is_good() or proof.out_of_time() or not problem.least_kept_previous:
        return ", ".join([SEARCH, *search.solvers])
    return f"{SEARCH}, {solve_formulation(proof, seed, backend())}"


def _cover_left(problem: SitingProblem) -> Cover:
    """Lay out who may cover what the kept sites leave; rows of closed sites are empty."""
    rows = sparse.csr_matrix(
        (np.ones(len(problem.demand), dtype=np.int8), problem.demand, problem.indptr),
        shape=(problem.site_count, problem.point_count),
    ).T.tocsr()
    covered = problem.covered_by(np.flatnonzero(problem.keep))
    rows = rows[~covered & (problem.weight > 0)]
    may_open = sparse.diags(~(problem.forbidden | problem.keep), dtype=np.int8)
    rows = (rows @ may_open).tocsr()
    rows.eliminate_zeros()
    return _cover_of_rows(rows)


def _with_previous(problem: SitingProblem, sites: Indices) -> Indices:
    """Add previous sites until enough of them stay open."""
    lacking = problem.least_kept_previous - int(problem.previous[sites].sum())
    spare = np.setdiff1d(np.flatnonzero(problem.previous & ~problem.forbidden), sites)
    return np.union1d(sites, spare[: max(0, lacking)])


def _cover_of_rows(rows: sparse.csr_matrix) -> Cover:
    columns = rows.tocsc()
    return Cover(
        columns.indptr.astype(np.int64),
        columns.indices.astype(np.int32),
        rows.indptr.astype(np.int64),
        rows.indices.astype(np.int32),
        np.ones(rows.shape[0]),
    )


@dataclasses.dataclass(slots=True, eq=False)
class _Part:
    """A part that shares no site with the others: the cover at hand and what any cover needs."""

    rest: Rest
    cover: Cover
    plan: Indices
    bound: LeastSites
    least: int = 1

    def is_settled(self) -> bool:
        return self.least >= len(self.plan)


class _Search:
    """The covering of all points under way: parts, and what is known of each."""

    def __init__(
        self,
        cover: Cover,
        at_most: int | None,
        seed: int,
        ends: float,
        backend: Callable[[], Backend],
    ) -> None:
        self.solvers: list[str] = []
        self._at_most, self._seed, self._ends, self._backend = at_most, seed, ends, backend
        points, sites = len(cover.point_ptr) - 1, len(cover.site_ptr) - 1
        ones = np.ones(len(cover.point_sites), dtype=np.int8)
        rows = sparse.csr_matrix(
            (ones, cover.point_sites.astype(np.int32), cover.point_ptr), shape=(points, sites)
        )
        whole = reduced(rows, np.arange(sites))
        self._opened = whole.opened
        self._parts: list[_Part] = []
        for rest in whole.parts() if whole.rows.shape[0] else []:
            own = _cover_of_rows(rest.rows)
            self._parts.append(_Part(rest, own, greedy_cover(own), nothing_known(own)))
        self._parts.sort(key=lambda part: part.rest.rows.nnz)

    @property
    def least(self) -> int:
        """Number of sites that every cover needs."""
        return len(self._opened) + sum(part.least for part in self._parts)

    def sites(self) -> Indices:
        """Give the best cover at hand."""
        return np.sort(
            np.concatenate([self._opened, *(part.rest.sites[part.plan] for part in self._parts)])
        )

    def run(self) -> None:
        """Search each part, then solve each, until what was asked is decided."""
        for work in (self._bound, self._look, self._look_longer, self._solve):
            for part in self._parts:
                if self._is_decided() or time.perf_counter() >= self._ends:
                    return
                if not part.is_settled():
                    work(part)

    def _is_decided(self) -> bool:
        have = len(self._opened) + sum(len(part.plan) for part in self._parts)
        if self._at_most is None:
            return have <= self.least
        return have <= self._at_most or self.least > self._at_most

    def _bound(self, part: _Part) -> None:
        known = len(part.plan)
        enough = known if self._at_most is None else min(known, self._at_most + 1)
        part.bound = least_sites(part.cover, known=known, enough=enough, iterations=ITERATIONS)
        part.least = max(1, part.bound.sites)

    def _look(self, part: _Part) -> None:
        self._search(part, min(SEARCH_WORK, WORK_PER_ENTRY * part.rest.rows.nnz))

    def _look_longer(self, part: _Part) -> None:
        """Search on where a solver would take longer still."""
        if part.rest.rows.nnz > ENTRIES_FOR_LONG_SEARCH:
            self._search(part, LONG_SEARCH_WORK)

    def _search(self, part: _Part, work: float) -> None:
        part.plan = fewer_sites(
            part.cover, part.plan, target=part.least, seed=self._seed, work=work
        )

    def _solve(self, part: _Part) -> None:
        """Fix what no smaller cover opens or closes, and hand the remainder to a solver."""
        opened, closed = part.bound.fixed(len(part.plan) - 1)
        rows = part.rest.rows[part.rest.rows[:, opened].getnnz(axis=1) == 0]
        rows = rows[:, ~(opened | closed)]
        smaller = len(part.plan)
        if (rows.getnnz(axis=1) > 0).all():
            rest = reduced(rows, np.flatnonzero(~(opened | closed)))
            fixed = np.concatenate([np.flatnonzero(opened), rest.opened])
            found, least = self._solved(rest)
            if len(fixed) + len(found) < len(part.plan):
                part.plan = np.sort(np.concatenate([fixed, found]))
            smaller = len(fixed) + least
        part.least = max(part.least, min(len(part.plan), smaller))

    def _solved(self, rest: Rest) -> tuple[Indices, int]:
        """Cover a remainder through its formulation: sites, and the least number of them."""
        if not rest.rows.shape[0]:
            return rest.sites[:0], 0
        problem = _problem_of(rest)
        proof = Proof(problem, SetCovering(), 0.0, max(0.0, self._ends - time.perf_counter()), None)
        proof.offer(greedy_cover(cover_of(problem)))
        name = solve_formulation(proof, self._seed, self._backend())
        self.solvers = [*dict.fromkeys([*self.solvers, name])]
        return rest.sites[proof.sites], max(0, int(proof.bound)) if proof.bound > 0 else 0


def _problem_of(rest: Rest) -> SitingProblem:
    """Write a remainder as a problem of its own."""
    by_site = rest.rows.T.tocsr()
    by_site.sort_indices()
    points, sites = rest.rows.shape
    return SitingProblem(
        indptr=by_site.indptr,
        demand=by_site.indices,
        weight=np.ones(points),
        site_ids=np.arange(sites).astype(object),
        demand_ids=np.arange(points).astype(object),
        count=0,
    )
