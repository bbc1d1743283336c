"""The nodes of a proof: how each came about, and which sites are fixed there so far."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from optimizer.verification.certificate import Array, Certificate

FREE, OPEN, CLOSED = 0, 1, -1

Status = npt.NDArray[np.int8]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """The rule that makes a child: at most, or at least, so many of these sites open."""

    sites: Array
    is_upper: bool
    limit: int


class Tree:
    """The branches of a certificate; branch b splits a node into 2b + 1 and 2b + 2.

    Call `fault` first: everything else relies on what it checks.
    """

    def __init__(self, claim: Certificate) -> None:
        self._claim = claim
        self._start: Status = np.zeros(len(claim.site_ids), dtype=np.int8)
        self._start[claim["keep"]] = OPEN
        self._start[claim["forbidden"]] = CLOSED
        self._fixed: dict[int, list[tuple[Array, int]]] = {}
        self.node_count = 1 + 2 * len(claim["branch_node"])

    def fault(self) -> str | None:
        """Say how the branches make no tree, or None."""
        split: set[int] = set()
        m = len(self._claim.site_ids)
        for b, node in enumerate(self._claim["branch_node"].tolist()):
            if not 0 <= node <= 2 * b:
                return f"branch {b} splits node {node}, which does not exist at that time"
            if node in split:
                return f"branch {b} splits node {node}, which is split already"
            split.add(node)
            sites = self._claim.row("branch_sites", b)
            if ((sites < 0) | (sites >= m)).any() or len(np.unique(sites)) < len(sites):
                return f"branch {b} names a site twice, or one that does not exist"
            if not 0 <= self._claim["branch_most"][b] < len(sites):
                return f"branch {b} limits {len(sites)} sites to {self._claim['branch_most'][b]}"
        return None

    def leaves(self) -> list[int]:
        """Nodes that no branch splits."""
        split = set(self._claim["branch_node"].tolist())
        return [node for node in range(self.node_count) if node not in split]

    def parent(self, node: int) -> int:
        """Node that was split to make this one."""
        return int(self._claim["branch_node"][(node - 1) // 2])

    def path(self, node: int) -> list[int]:
        """Nodes from below the root down to this one."""
        found = []
        while node:
            found.append(node)
            node = self.parent(node)
        return found[::-1]

    def branch(self, node: int) -> Branch:
        """Tell the rule of a child."""
        b = (node - 1) // 2
        most = int(self._claim["branch_most"][b])
        is_upper = node % 2 == 1
        return Branch(self._claim.row("branch_sites", b), is_upper, most if is_upper else most + 1)

    def fix(self, node: int, sites: Array, status: int) -> None:
        """Note that these sites are open, or closed, at a node and below it."""
        self._fixed.setdefault(node, []).append((sites, status))

    def status(self, node: int) -> Status:
        """FREE, OPEN or CLOSED: what is fixed at a node so far; the first word counts [m]."""
        status = self._start.copy()
        self._apply(status, 0)
        for child in self.path(node):
            rule = self.branch(child)
            if rule.is_upper and rule.limit == 0:
                _settle(status, rule.sites, CLOSED)
            elif not rule.is_upper and rule.limit == len(rule.sites):
                _settle(status, rule.sites, OPEN)
            self._apply(status, child)
        return status

    def _apply(self, status: Status, node: int) -> None:
        for sites, fixed in self._fixed.get(node, ()):
            _settle(status, sites, fixed)


def _settle(status: Status, sites: Array, fixed: int) -> None:
    status[sites[status[sites] == FREE]] = fixed
