"""The last resort: the fewest posts that cut every way out and run into no known shortage.

With y_c = 1 where a post stands, and r_v = 1 where the fugitive gets past node v:

min sum_c y_c, such that r_w >= r_v - y_w for every arc v -> w, r_source = 1, r_sink = 0, and for
every known shortage S the sum of y_c over its sites is at most the number of its units; y is whole.
"""

from __future__ import annotations

from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.crossing import Crossing
from optimizer.errors import SolverError

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]
Outcome = Literal["optimal", "feasible", "infeasible", "unknown"]

GAP_BELOW_ONE_POST = 0.999


class NetProgram:
    """The integer program of one crossing; shortages are added as they are found.

    Columns are first y of the sites, then r of all nodes.
    """

    def __init__(self, crossing: Crossing) -> None:
        self._sites = np.flatnonzero(crossing.site)
        self._column = np.full(len(crossing.chain) + 2, -1)
        self._column[self._sites] = np.arange(len(self._sites))
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("mip_abs_gap", GAP_BELOW_ONE_POST)
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        if self._highs.passModel(self._model(crossing)) == highspy.HighsStatus.kError:
            raise SolverError("HiGHS refused the program of a net.")

    def add(self, members: Mask, room: int) -> None:
        """Let at most ``room`` of some sites be chosen; ``members`` has shape (m,)."""
        columns = self._column[np.flatnonzero(members)].astype(np.int32)
        self._highs.addRow(-highspy.kHighsInf, room, len(columns), columns, np.ones(len(columns)))

    def solve(self, seconds: float) -> tuple[Outcome, Ints]:
        """Choose sites; the clock of earlier calls does not count."""
        highs = self._highs
        highs.setOptionValue("time_limit", highs.getRunTime() + max(seconds, 0.01))
        highs.run()
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:
            return "optimal", np.empty(0, np.int32)
        if status == highspy.HighsModelStatus.kInfeasible:
            return "infeasible", np.empty(0, np.int32)
        feasible = highspy.SolutionStatus.kSolutionStatusFeasible
        if highs.getInfo().primal_solution_status != feasible:
            return "unknown", np.empty(0, np.int32)
        chosen = np.array(highs.getSolution().col_value[: len(self._sites)]) > 0.5
        proven = status == highspy.HighsModelStatus.kOptimal
        return "optimal" if proven else "feasible", self._sites[chosen].astype(np.int32)

    def _model(self, crossing: Crossing) -> highspy.HighsLp:
        web, m, k = crossing.web, len(crossing.chain), len(self._sites)
        rows = np.flatnonzero(web.head < m)
        tail, head = web.tail[rows], web.head[rows]
        row = np.arange(len(rows))
        inner, closable = tail < m, self._column[head] >= 0
        entry_row = np.concatenate([row, row[inner], row[closable]])
        entry_column = np.concatenate([k + head, k + tail[inner], self._column[head[closable]]])
        entry_value = np.concatenate([np.ones(len(row)), -np.ones(inner.sum()),
                                      np.ones(closable.sum())])  # fmt: skip
        order = np.argsort(entry_row, kind="stable")
        upper = np.ones(k + m)
        upper[k + web.tail[web.head == m + 1]] = 0.0
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = k + m, len(rows)
        lp.col_cost_ = np.concatenate([np.ones(k), np.zeros(m)])
        lp.col_lower_, lp.col_upper_ = np.zeros(k + m), upper
        lp.row_lower_ = np.where(inner, 0.0, 1.0)
        lp.row_upper_ = np.full(len(rows), highspy.kHighsInf)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.searchsorted(entry_row[order], np.arange(len(rows) + 1))
        lp.a_matrix_.index_, lp.a_matrix_.value_ = entry_column[order], entry_value[order]
        lp.integrality_ = [highspy.HighsVarType.kInteger] * k + [
            highspy.HighsVarType.kContinuous
        ] * m
        return lp
