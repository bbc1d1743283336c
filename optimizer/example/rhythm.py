"""When people call, and about what: categories, hours, weekdays, seasons and slow change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.example.addresses import USES

Floats = NDArray[np.float64]

# Calls by hour of the day, any scale.
DAY = (3, 2, 1.5, 1, 1, 1.5, 3, 6, 8, 10, 10, 9, 7, 8, 9, 10, 10, 9, 8, 8, 7, 6, 5, 4)
RUSH = (2, 1.2, 0.8, 0.6, 0.7, 1.5, 5, 12, 13, 8, 7, 7, 7, 7, 7, 8, 10, 14, 13, 9, 7, 6, 4, 3)
EVENING = (9, 6, 3, 1.5, 1, 1, 1.5, 2.5, 3, 3.5, 3.5, 4, 4, 4, 4, 4, 4.5, 6, 8, 11, 14, 16, 16, 13)
NIGHT = (14, 11, 7, 3, 1.6, 1, 1, 1, 1.5, 2, 2.5, 3, 3.5, 3, 3, 3, 3.5, 4.5, 6, 8, 11, 14, 17, 17)
OFFICE = (
    0.6,
    0.4,
    0.3,
    0.2,
    0.3,
    0.5,
    1.5,
    5,
    11,
    14,
    14,
    11,
    7,
    9,
    12,
    12,
    11,
    9,
    7,
    6,
    5,
    4,
    2.5,
    1.2,
)

WEEKDAYS = (0.98, 0.95, 0.95, 0.97, 1.06, 1.1, 0.99)  # Monday first
MONTHS = (0.96, 1.02, 0.94, 0.95, 0.99, 1.05, 1.12, 1.12, 1.02, 1.01, 0.92, 0.9)
GROWTH_PER_YEAR = 0.025


@dataclass(frozen=True, slots=True)
class Category:
    """What a call is about.

    Parameters
    ----------
    en, zh
        Its name.
    share
        Relative number of calls at an ordinary address.
    hours
        Calls by hour of a working day.
    stronger
        Factor on the share by use of the address.
    weight
        What one call counts in the study.
    handling_minutes
        At the scene.
    preventable
        Share of these calls that would not have been made had police been in sight.
    """

    en: str
    zh: str
    share: float
    hours: tuple[float, ...]
    stronger: dict[str, float]
    weight: float = 1.0
    handling_minutes: float = 30.0
    preventable: float = 0.0


CATEGORIES = (
    Category(
        "traffic accident", "交通事故", 23, RUSH,
        {"road": 6, "night": 0.5, "village": 0.8}, handling_minutes=40, preventable=0.05,
    ),
    Category("dispute", "纠纷", 20, DAY, {"shop": 1.5, "hospital": 1.6, "village": 1.4}),
    Category("help", "群众求助", 16, DAY, {"transport": 2.0, "hospital": 2.0}),
    Category(
        "noise", "噪音扰民", 10, EVENING,
        {"night": 1.6, "home": 1.3, "road": 0.1}, 0.5, handling_minutes=15,
    ),
    Category(
        "theft", "盗窃", 8, DAY,
        {"shop": 2.0, "transport": 3.0, "night": 1.5}, 1.5, preventable=0.3,
    ),
    Category("fraud", "诈骗", 7, OFFICE, {"home": 1.2, "road": 0.1}, 0.5, handling_minutes=45),
    Category(
        "fight", "打架斗殴", 4.5, NIGHT,
        {"night": 6.0, "works": 1.6, "school": 1.5}, 3.0, handling_minutes=45, preventable=0.3,
    ),
    Category(
        "drunk person", "醉酒", 3, NIGHT,
        {"night": 5.0, "transport": 1.5}, handling_minutes=40, preventable=0.1,
    ),
    Category(
        "domestic violence", "家庭暴力", 2.5, EVENING,
        {"home": 1.5, "village": 1.5}, 2.0, handling_minutes=50,
    ),
    Category(
        "missing person", "走失", 1.8, DAY,
        {"hospital": 2.0, "transport": 2.0}, 2.0, handling_minutes=60,
    ),
    Category("fire or gas", "火灾燃气", 0.9, EVENING, {"works": 2.0}, 2.0, handling_minutes=60),
    Category(
        "robbery", "抢劫抢夺", 0.5, NIGHT,
        {"night": 3.0, "transport": 2.0}, 5.0, handling_minutes=90, preventable=0.4,
    ),
    Category("officer initiated", "巡逻发现", 5, OFFICE, {"transport": 2.0, "shop": 1.5}),
)  # fmt: skip
OFFICER_INITIATED = len(CATEGORIES) - 1


def category_shares() -> Floats:
    """Share of each category by use of the address, shape (uses, categories)."""
    table = [
        [category.share * category.stronger.get(use, 1.0) for category in CATEGORIES]
        for use in USES
    ]
    return np.array(table)


def hour_shares() -> Floats:
    """Share of each hour by category and kind of day, shape (2 * categories, 24).

    Row ``2 * category`` is a working day, the next one a weekend: later, with less of a rush.
    """
    hours = np.array([category.hours for category in CATEGORIES], dtype=float)
    lively = np.ones(24)
    lively[[0, 1, 2, 22, 23]] = 1.35
    lively[[7, 8, 17]] = 0.75
    return np.stack([hours, hours * lively], axis=1).reshape(-1, 24)


def day_shares(days: NDArray[np.datetime64]) -> Floats:
    """Share of each day: weekday, season, the days off at new year, slow growth."""
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    weekday = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    share = np.array(WEEKDAYS)[weekday] * np.array(MONTHS)[month]
    share *= 1 + GROWTH_PER_YEAR * np.arange(days.size) / 365.25
    return np.asarray(share / share.sum())


def era_shares(years: Floats) -> Floats:
    """Share of calls from steady, growing and fading places after so many years, shape (n, 3)."""
    growing = 0.05 + 0.16 / (1 + np.exp(-2.2 * (years - 1.9)))
    fading = 0.04 + 0.13 / (1 + np.exp(2.0 * (years - 1.4)))
    return np.column_stack([1 - growing - fading, growing, fading])
