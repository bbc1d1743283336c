"""The last resort on small crossings: the fewest posts that can be manned, as an integer program.

With y_c = 1 where a post stands, x_gc = 1 where group g mans it, and r_v = 1 where the fugitive
gets past v:

min sum_c y_c, such that r_w >= r_v - y_w for every arc v -> w, r_source = 1, r_sink = 0,
y_c <= sum_g x_gc over the groups in time at c, sum_c x_gc <= capacity_g, sum_c y_c <= most.

Only y need be whole: for whole y the rest is a matching and a search, which are so by themselves.
"""

from __future__ import annotations

from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.containment.crossing import Crossing
from optimizer.errors import SolverError

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Entries = tuple[NDArray[np.integer], NDArray[np.integer], Floats]
Outcome = Literal["yes", "no", "unknown"]

LESS_THAN_A_POST = 0.999


def manned_cut(
    crossing: Crossing, timely: Mask, capacity: Longs, most: int, time_limit_s: float
) -> tuple[Outcome, Ints]:
    """Find a cut that can be manned, with the fewest posts if time allows, or that there is none.

    Parameters
    ----------
    timely
        Which group is in time at which node of the crossing, shape (g, m).
    capacity, most
        Units of each group, shape (g,), and of all that may be sent.
    """
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_abs_gap", LESS_THAN_A_POST)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("time_limit", max(time_limit_s, 0.01))
    sites = np.flatnonzero(crossing.site).astype(np.int32)
    if (
        highs.passModel(_model(crossing, sites, timely, capacity, most))
        == highspy.HighsStatus.kError
    ):
        raise SolverError("HiGHS refused the program of a net.")
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return "no", sites[:0]
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return "unknown", sites[:0]
    return "yes", sites[np.array(highs.getSolution().col_value[: len(sites)]) > 0.5]


def _model(
    crossing: Crossing, sites: Ints, timely: Mask, capacity: Longs, most: int
) -> highspy.HighsLp:
    """Lay out columns y, r, x and rows: arcs, posts, groups, all posts."""
    web, m, k = crossing.web, len(crossing.chain), len(sites)
    arcs = np.flatnonzero(web.head < m)
    group, site = np.nonzero(timely[:, sites])
    first = {"r": k, "x": k + m, "posts": len(arcs), "groups": len(arcs) + k}
    columns, rows = k + m + len(group), len(arcs) + k + len(capacity) + 1
    entries = _arc_entries(crossing, sites, arcs)
    pair = first["x"] + np.arange(len(group))
    for at, of, sign in (
        (first["posts"] + np.arange(k), np.arange(k), -1.0),
        (first["posts"] + site, pair, 1.0),
        (first["groups"] + group, pair, 1.0),
        (np.full(k, rows - 1), np.arange(k), 1.0),
    ):
        entries.append((at, of, np.full(len(at), sign)))
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    order = np.argsort(row, kind="stable")
    upper = np.ones(columns)
    upper[first["r"] + web.tail[web.head == m + 1]] = 0.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = (np.arange(columns) < k).astype(np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), upper
    endless = highspy.kHighsInf
    lp.row_lower_ = np.concatenate([np.where(web.tail[arcs] < m, 0.0, 1.0), np.zeros(k),
                                    np.full(len(capacity) + 1, -endless)])  # fmt: skip
    lp.row_upper_ = np.concatenate([np.full(len(arcs) + k, endless), capacity, [most]])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(row[order], np.arange(rows + 1))
    lp.a_matrix_.index_, lp.a_matrix_.value_ = column[order], value[order]
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * k + [kinds.kContinuous] * (columns - k)
    return lp


def _arc_entries(crossing: Crossing, sites: Ints, arcs: NDArray[np.intp]) -> list[Entries]:
    """Write r_w + y_w - r_v for every arc v -> w that does not lead to the sink."""
    web, m, k = crossing.web, len(crossing.chain), len(sites)
    column = np.full(m, -1)
    column[sites] = np.arange(k)
    tail, head, row = web.tail[arcs], web.head[arcs], np.arange(len(arcs))
    inner, closable = tail < m, column[head] >= 0
    return [
        (row, k + head, np.ones(len(arcs))),
        (row[inner], k + tail[inner], -np.ones(int(inner.sum()))),
        (row[closable], column[head[closable]], np.ones(int(closable.sum()))),
    ]
