"""From travel times to coverage: the standards of the zones, folded into who reaches whom."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def reach_within(
    indptr: npt.NDArray[np.integer],
    target: npt.NDArray[np.integer],
    travel_s: npt.NDArray[np.floating],
    standard_s: npt.NDArray[np.floating],
    turnout_s: float = 0.0,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Keep the pairs in which the site reaches the demand point within that point's standard.

    Every demand point carries the standard of its own zone, so one solve serves all tiers.
    A point exactly on its standard is covered: turnout_s + travel_s <= standard_s. Times in single
    precision stand for whole milliseconds and are compared so; in double precision a relative
    1e-9 is allowed for the rounding of sums.

    Parameters
    ----------
    indptr, target, travel_s
        CSR of travel times, site by demand point: indptr [m + 1], target and travel_s [nnz],
        seconds.
    standard_s
        Seconds allowed to each demand point [n].
    turnout_s
        Seconds from the alarm to wheels rolling.

    Returns
    -------
    indptr [m + 1] and demand [nnz'], in the order of the input.
    """
    times = np.asarray(travel_s)
    allowed = np.asarray(standard_s, dtype=np.float64)
    slack = 5e-4 if times.dtype == np.float32 else 1e-9 * np.abs(allowed)
    latest = allowed + slack - turnout_s
    inside = times <= latest[target]
    before = np.concatenate(([0], np.cumsum(inside, dtype=np.int64)))
    return before[np.asarray(indptr)], np.asarray(target)[inside].astype(np.int32)
