"""Sites taken out because others of their region cover all that they still could.

A plan that opens such a site does no worse when it opens the other instead. Hence the other must be
allowed wherever the one is: in the same region, not closed, and on the same side of every branch.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from optimizer.verification.certificate import Array, Certificate
from optimizer.verification.covering import covered_by, least_kept_previous
from optimizer.verification.tree import CLOSED, OPEN, Branch, Status, Tree

NOBODY = -1


class Removals:
    """Checks removals in the order in which they are claimed.

    Parameters
    ----------
    claim, tree
        The certificate and its tree.
    reach
        Site by point matrix of ones over the points that count [m, n].
    """

    def __init__(self, claim: Certificate, tree: Tree, reach: sparse.csr_matrix) -> None:
        self._claim, self._tree, self._reach = claim, tree, reach
        self._removed_below: set[int] = set()

    def fault(self, number: int, node: int) -> str | None:
        """Say why removal `number`, at a node, is not allowed, or None."""
        sites = self._claim.row("removed_sites", number)
        start = self._claim["removed_sites_start"]
        by = self._claim["removed_by"][start[number] : start[number + 1]]
        m = len(self._claim.site_ids)
        if ((sites < 0) | (sites >= m) | (by < NOBODY) | (by >= m)).any():
            return f"removal {number} names a site that does not exist"
        if len(np.unique(sites)) < len(sites):
            return f"removal {number} takes a site out twice"
        if node in self._removed_below:
            return f"removal {number} at node {node} comes after one below that node"
        status = self._tree.status(node)
        fault = (
            self._status_fault(sites, by, status)
            or self._branch_fault(sites, by, node)
            or self._reach_fault(sites, by, status)
        )
        if fault:
            return f"removal {number} at node {node}: {fault}"
        self._removed_below.update({0, *self._tree.path(node)[:-1]} if node else ())
        return None

    def _status_fault(self, sites: Array, by: Array, status: Status) -> str | None:
        claim = self._claim
        for i in sites[status[sites] == OPEN][:1]:
            return f"site {claim.site_ids[i]!r} is open there and cannot be taken out"
        has_other = by != NOBODY
        there, other = sites[has_other], by[has_other]
        for i in there[claim["region"][there] != claim["region"][other]][:1]:
            return (
                f"site {claim.site_ids[i]!r} lies in another region than the one that replaces it"
            )
        kept = int((claim["previous"] & (status == OPEN)).sum())
        if kept < least_kept_previous(claim):
            for i in sites[claim["previous"][sites]][:1]:
                return f"previous site {claim.site_ids[i]!r} may be needed to keep max_moves"
        for i in there[_ends(sites, by, status)[has_other]][:1]:
            return f"what replaces site {claim.site_ids[i]!r} is closed or taken out itself"
        return None

    def _branch_fault(self, sites: Array, by: Array, node: int) -> str | None:
        for child in self._tree.path(node):
            wrong = _crosses(self._tree.branch(child), sites, by, len(self._claim.site_ids))
            for i in sites[wrong][:1]:
                return (
                    f"site {self._claim.site_ids[i]!r} and the one that replaces it are not alike "
                    f"in the branch to node {child}"
                )
        return None

    def _reach_fault(self, sites: Array, by: Array, status: Status) -> str | None:
        left = ~covered_by(self._claim, np.flatnonzero(status == OPEN))
        mine = self._reach[sites].multiply(left).tocsr()
        has_other = by != NOBODY
        both = mine[has_other].multiply(self._reach[by[has_other]])
        missing = np.asarray(mine.sum(axis=1)).ravel()
        missing[has_other] -= np.asarray(both.sum(axis=1)).ravel()
        for a in np.flatnonzero(missing)[:1]:
            site = self._claim.site_ids[sites[a]]
            if by[a] == NOBODY:
                return f"site {site!r} still covers {missing[a]} demand points"
            other = self._claim.site_ids[by[a]]
            return f"site {site!r} covers {missing[a]} demand points that {other!r} does not"
        return None


def _ends(sites: Array, by: Array, status: Status) -> Array:
    """For each site, whether following `by` ends at a closed one, or never ends."""
    m = len(status)
    after = np.arange(m + 1)
    after[sites] = np.where(by == NOBODY, m, by)
    for _ in range(len(sites).bit_length() + 1):
        after = after[after]
    gone = np.append(status == CLOSED, False)
    gone[sites] = True
    ended: Array = gone[after[sites]]
    return ended


def _crosses(branch: Branch, sites: Array, by: Array, m: int) -> Array:
    """For each site, whether replacing it could break the rule of a branch."""
    inside = np.zeros(m + 1, dtype=np.bool_)
    inside[branch.sites] = True
    if not branch.is_upper:
        return inside[sites]
    return inside[by] & ~inside[sites]
