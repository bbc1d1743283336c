"""A proof that a stranger can check: what the exact search has shown, written into one file.

The search splits the plans of a maximal covering problem into a tree and bounds each part by the
Lagrangian of `bounds`, with prices rounded to whole numbers so that the bound can be worked out
again without any rounding. `optimizer.verification` does that, and docs/formats.md says how.
"""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.siting.problem import Indices, SitingProblem, Weights
from optimizer.siting.solution import TOLERANCE, SitingSolution

PRICE_STEPS = 65535
LARGEST_TOTAL_BITS = 45
MANTISSA_BITS = 53
LARGEST_SCALE_BITS = 900
FORMAT = "optimizer-certificate"
VERSION = 1
LONG_AGO = (1980, 1, 1, 0, 0, 0)

Sites = npt.ArrayLike
Arrays = dict[str, npt.NDArray[Any]]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Removal:
    """Sites taken out at a node, each because of another, or of none (-1)."""

    node: int
    sites: Indices
    by: Indices


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Evaluation:
    """Prices at a node, and the sites that the bound they give fixes there."""

    node: int
    prices: npt.NDArray[np.uint16]
    budget_prices: Indices
    moves_price: int
    branch_prices: dict[int, int]
    closed: Indices
    opened: Indices


class ProofTree:
    """What an exact search has shown so far, in the order in which it was shown.

    Node 0 holds every plan; `branch` splits a node in two. Whatever is fixed at a node holds below
    it for all that is recorded later. A leaf's bound is the least of those on its path.

    Parameters
    ----------
    problem
        The whole problem; all sites below are its own numbers.
    group
        Price group of each demand point [n], from 0; -1: its price is always 0.
    """

    def __init__(self, problem: SitingProblem, group: npt.ArrayLike) -> None:
        self.group = np.asarray(group, dtype=np.int32)
        self.scale_bits = scale_bits(problem.weight)
        self._regions = len(problem.budgets)
        self._branches: list[tuple[int, Indices, int]] = []
        self._steps: list[_Removal | _Evaluation] = []

    @property
    def scale(self) -> float:
        """Budget, moves and branch prices are whole numbers of 1/scale of the weights' unit."""
        return PRICE_STEPS * 2.0**self.scale_bits

    def dominated(self, sites: Sites, by: Sites, node: int = 0) -> None:
        """Take sites out because others of their region cover all that they still could.

        `by` names the other for each, or -1 where a site can add nothing at all. Within one call
        the order does not matter, as long as following the names ends at a site that stays.
        """
        self._steps.append(_Removal(node, _numbers(sites), _numbers(by)))

    def branch(self, node: int, sites: Sites, k: int) -> tuple[int, int]:
        """Split a node: at most k of these sites open, or at least k + 1; return both children."""
        self._branches.append((node, _numbers(sites), k))
        count = len(self._branches)
        return 2 * count - 1, 2 * count

    def evaluate(
        self,
        node: int,
        prices: npt.NDArray[np.uint16],
        budget_prices: npt.ArrayLike,
        *,
        moves_price: int = 0,
        branch_prices: Mapping[int, int] | None = None,
        closed: Sites = (),
        opened: Sites = (),
    ) -> None:
        """Record a bound and the sites that it newly fixes.

        Parameters
        ----------
        node
            Where it holds.
        prices
            For each group, price of its points in 65535ths of their weight.
        budget_prices, moves_price, branch_prices
            Prices of one platform in each region [r], of the rule on previous sites, and of the
            branches on the path, by child; whole multiples of 1 / `scale`, at least 0.
        closed, opened
            Sites that no better plan below the node opens, and that every one opens.
        """
        evaluation = _Evaluation(
            node,
            np.array(prices, dtype=np.uint16),
            _numbers(budget_prices),
            int(moves_price),
            dict(branch_prices or {}),
            _numbers(closed),
            _numbers(opened),
        )
        self._steps.append(evaluation)

    def arrays(self) -> Arrays:
        """Lay the tree out as flat arrays, by the names they have in a certificate."""
        removals = [step for step in self._steps if isinstance(step, _Removal)]
        evaluations = [step for step in self._steps if isinstance(step, _Evaluation)]
        kinds = [isinstance(step, _Evaluation) for step in self._steps]
        rows = [step.prices for step in evaluations]
        groups = int(self.group.max(initial=-1)) + 1
        budgets = [step.budget_prices for step in evaluations]
        dues = [sorted(step.branch_prices.items()) for step in evaluations]
        return {
            "group": self.group,
            "branch_node": _numbers([node for node, _, _ in self._branches]),
            "branch_most": _numbers([k for _, _, k in self._branches]),
            **_ragged("branch_sites", [sites for _, sites, _ in self._branches]),
            "step_is_bound": np.array(kinds, dtype=np.bool_),
            "step_node": _numbers([step.node for step in self._steps]),
            **_ragged("removed_sites", [step.sites for step in removals]),
            "removed_by": _joined(step.by for step in removals),
            "prices": np.array(rows, dtype=np.uint16).reshape(len(rows), groups),
            "budget_prices": np.array(budgets, dtype=np.int64).reshape(len(rows), self._regions),
            "moves_price": _numbers([step.moves_price for step in evaluations]),
            **_ragged("price_branch", [_numbers([node for node, _ in due]) for due in dues]),
            "branch_price": _numbers([price for due in dues for _, price in due]),
            **_ragged("closed_sites", [step.closed for step in evaluations]),
            **_ragged("opened_sites", [step.opened for step in evaluations]),
        }


def scale_bits(weight: Weights) -> int:
    """Find s so that weights are summed exactly as whole numbers of 2^-s, or as nearly as fits.

    Whole weights have s = 0. The sum of all, each rounded up, stays within 45 bits, so that 65535
    times that fits a 64-bit number with room to spare.
    """
    positive = weight[weight > 0]
    if not len(positive):
        return 0
    mantissa, exponent = np.frexp(positive)
    digits = np.ldexp(mantissa, MANTISSA_BITS).astype(np.int64)
    lowest = np.frexp((digits & -digits).astype(np.float64))[1] - 1
    total_bits = int(np.frexp(positive.sum() * (1 + 2.0**-40))[1])
    exact = max(0, int((MANTISSA_BITS - exponent - lowest).max()))
    rounded = LARGEST_TOTAL_BITS - 1 - total_bits
    return min(exact if exact + total_bits <= LARGEST_TOTAL_BITS else rounded, LARGEST_SCALE_BITS)


def certificate_of(solution: SitingSolution, tree: ProofTree) -> bytes:
    """Write problem, plan, bound and tree as one zip file; equal input gives equal bytes.

    Where weights have fractions, a bound is proven to a millionth and to what the checker adds by
    rounding each weight up, and so claimed.
    """
    problem = solution.problem
    bound = solution.bound
    if not problem.has_whole_weights:
        bound += TOLERANCE * bound + problem.point_count * 2.0**-tree.scale_bits
    arrays: Arrays = {
        "indptr": problem.indptr,
        "demand": problem.demand,
        "weight": problem.weight,
        "region": problem.region,
        "budgets": problem.budgets,
        "keep": problem.keep,
        "forbidden": problem.forbidden,
        "previous": problem.previous,
        "plan": solution.sites,
        **tree.arrays(),
    }
    document = {
        "format": FORMAT,
        "version": VERSION,
        "model": solution.model.name,
        "statement": "The plan keeps every rule and covers `objective`; no plan that keeps them "
        "covers more than `bound`.",
        "objective": solution.objective,
        "bound": bound,
        "scale_bits": tree.scale_bits,
        "max_moves": problem.max_moves,
        "region_names": list(problem.region_names),
        "sites": [str(problem.site_ids[i]) for i in solution.sites],
        "site_ids": [str(site) for site in problem.site_ids],
        "demand_ids": [str(point) for point in problem.demand_ids],
    }
    return _zipped(document, arrays)


def _zipped(document: Mapping[str, Any], arrays: Arrays) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
        archive.writestr(_member("certificate.json"), text)
        for name, array in arrays.items():
            with archive.open(_member(f"{name}.npy"), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    return packed.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _numbers(values: npt.ArrayLike) -> Indices:
    return np.array(values, dtype=np.int64)


def _joined(arrays: Iterable[Indices]) -> Indices:
    return np.concatenate([np.zeros(0, dtype=np.int64), *arrays])


def _ragged(name: str, rows: Sequence[Indices]) -> Arrays:
    """One array of all rows, and where each begins."""
    ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
    return {f"{name}_start": np.concatenate([_numbers([0]), ends]), name: _joined(rows)}
