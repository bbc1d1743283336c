"""Check a certificate from end to end; the first thing that does not hold ends it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from scipy import sparse

from optimizer.verification.bounding import Bounding, Scaled, scaled
from optimizer.verification.certificate import Certificate, read_certificate
from optimizer.verification.covering import are_below, are_rows, plan_fault, problem_fault
from optimizer.verification.removal import Removals
from optimizer.verification.tree import CLOSED, Tree

AT_ONCE = 64


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a certificate holds.

    Parameters
    ----------
    fault
        The first thing that does not hold; None: everything does.
    model, objective, bound, sites
        What was claimed.
    """

    fault: str | None
    model: str
    objective: float
    bound: float
    sites: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether plan and bound are as claimed."""
        return self.fault is None


def verify_certificate(path: Path) -> Verdict:
    """Check that the plan of a certificate is as good as it says, and that none passes its bound.

    Everything is counted in whole numbers; nothing is taken from the search that found it.

    Raises
    ------
    InputError
        If the file is no certificate, or damaged.
    """
    claim = read_certificate(path)
    fault = problem_fault(claim) or _tree_shape_fault(claim) or plan_fault(claim)
    return Verdict(
        fault=fault or _proof_fault(claim),
        model=claim.model,
        objective=claim.objective,
        bound=claim.bound,
        sites=claim.sites,
    )


def _tree_shape_fault(claim: Certificate) -> str | None:
    """Say which arrays of the tree do not fit each other, or None."""
    branches = len(claim["branch_node"])
    bounds = int(claim["step_is_bound"].sum())
    removals = len(claim["step_is_bound"]) - bounds
    rows = {
        "branch_sites": branches,
        "removed_sites": removals,
        "price_branch": bounds,
        "closed_sites": bounds,
        "opened_sites": bounds,
    }
    for name, count in rows.items():
        if not are_rows(claim[f"{name}_start"], len(claim[name]), count):
            return f"{name} is not divided into {count} rows"
    lengths = {
        "branch_most": branches,
        "step_node": bounds + removals,
        "removed_by": len(claim["removed_sites"]),
        "budget_prices": bounds,
        "moves_price": bounds,
        "branch_price": len(claim["price_branch"]),
    }
    for name, count in lengths.items():
        if len(claim[name]) != count:
            return f"{name} has {len(claim[name])} entries, not {count}"
    if claim.price_shape[0] != bounds or not are_below(claim["group"], claim.price_shape[1], -1):
        return "the prices do not fit the evaluations and groups"
    if claim["budget_prices"].shape[1] != len(claim["budgets"]):
        return "the budget prices do not fit the regions"
    if not are_below(claim["step_node"], 1 + 2 * branches):
        return "a step lies at a node that does not exist"
    return None


def _proof_fault(claim: Certificate) -> str | None:
    tree = Tree(claim)
    weights = scaled(claim)
    if isinstance(weights, str):
        return weights
    bounding = Bounding(claim, tree, weights)
    return tree.fault() or _step_fault(claim, tree, weights, bounding) or bounding.leaf_fault()


def _step_fault(claim: Certificate, tree: Tree, weights: Scaled, bounding: Bounding) -> str | None:
    """Go through removals and evaluations in their order; say which is the first that is wrong."""
    removals = Removals(claim, tree, _reach_of(claim, weights))
    prices = claim.price_rows(AT_ONCE)
    bounds = removed = 0
    for is_bound, node in zip(claim["step_is_bound"], claim["step_node"].tolist(), strict=True):
        if is_bound:
            k = bounds % AT_ONCE
            if k == 0:
                covered, all_points = bounding.covered_prices(next(prices))
            fault = bounding.fault(bounds, node, covered[:, k], int(all_points[k]))
            bounds += 1
        else:
            fault = removals.fault(removed, node)
            tree.fix(node, claim.row("removed_sites", removed), CLOSED)
            removed += 1
        if fault:
            return fault
    return None


def _reach_of(claim: Certificate, weights: Scaled) -> sparse.csr_matrix:
    """Site by point matrix of ones, over the points that count."""
    shape = (len(claim.site_ids), len(claim.demand_ids))
    counts = (weights.weight[claim["demand"]] > 0).astype(np.int32)
    reach = sparse.csr_matrix((counts, claim["demand"], claim["indptr"]), shape=shape, copy=True)
    reach.eliminate_zeros()
    return reach
