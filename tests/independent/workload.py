"""The hours of work that calls make: who drives, how long it takes, in which shift it falls."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .city import FAR_M, City

DAYS = 1096
"""Of the three years that the study plans with."""
YEAR = 365.25
HANDLING_S = 1800
SHIFTS = {"night": (0, 8), "day": (8, 16), "evening": (16, 24)}


def read_work(town: City, window: pd.DataFrame) -> pd.DataFrame:
    """Give node, category, weekday (1: Monday) and parts by shift of every call near a road.

    A call whose stamp has no hour falls into the shifts as all the others do.
    """
    node, distance = town.snap(window["x"].to_numpy(), window["y"].to_numpy())
    hour = window["ReportedDate"].str.extract(r"T(\d\d):")[0].astype(float).to_numpy()
    parts = np.array([(begin <= hour) & (hour < end) for begin, end in SHIFTS.values()]).T
    usual = parts.sum(axis=0) / np.isfinite(hour).sum()
    shares = np.where(np.isfinite(hour)[:, None], parts, usual)
    work = pd.DataFrame(shares, columns=list(SHIFTS)).assign(
        node=node,
        category=window["Description"].to_numpy(),
        weekday=window["day"].dt.day_of_week.to_numpy() + 1,
        timed=np.isfinite(hour),
    )
    return work[distance <= FAR_M].reset_index(drop=True)


def hours_of(work: pd.DataFrame, owner: np.ndarray, away_s: np.ndarray) -> pd.Series:
    """Hours of each call, the platform of its grid driving."""
    node = work["node"].to_numpy()
    return pd.Series((HANDLING_S + away_s[owner[node], node]) / 3600, index=work.index)
