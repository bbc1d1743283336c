"""Calls of the invented city: where, when and about what, drawn at random by seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.example.addresses import ERAS, Addresses, find_addresses, pick
from optimizer.example.city import City
from optimizer.example.fabric import Floats, Ints
from optimizer.example.rhythm import category_shares, day_shares, era_shares, hour_shares

START = np.datetime64("2022-01-01")
YEARS = 3.5  # three to plan with, half a year to be judged by


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticCalls:
    """Calls in order of time.

    Parameters
    ----------
    x_m, y_m
        Planar coordinates, metres, shape (calls,).
    time
        Local wall clock, datetime64[s].
    category
        Index into `optimizer.example.rhythm.CATEGORIES`.
    address
        Index of the address that called.
    """

    x_m: Floats
    y_m: Floats
    time: NDArray[np.datetime64]
    category: Ints
    address: Ints

    def __len__(self) -> int:
        return self.time.size


def synthetic_calls(
    city: City, n: int, seed: int = 0, years: float = YEARS, addresses: Addresses | None = None
) -> SyntheticCalls:
    """Draw ``n`` calls over ``years`` from 2022-01-01.

    Parameters
    ----------
    addresses
        Where calls come from; None: `find_addresses` of the same city and seed.
    """
    rng = np.random.default_rng([seed, 5])
    places = find_addresses(city, seed) if addresses is None else addresses
    days = START + np.arange(round(years * 365.25))
    day = np.repeat(np.arange(days.size), rng.multinomial(n, day_shares(days)))
    era = pick(era_shares(np.arange(days.size) / 365.25), day, rng)
    address = _pick_address(places, era, rng)
    category = pick(category_shares(), places.use[address], rng)
    weekend = ((days.astype(np.int64) + 3) % 7 >= 5)[day]
    hour = pick(hour_shares(), 2 * category + weekend, rng)
    second = hour * 3600 + rng.integers(0, 3600, n)
    order = np.argsort(day * 86400 + second, kind="stable")
    time = (days[day].astype("datetime64[s]") + second)[order]
    address = address[order]
    error_m = np.where(rng.random(n) < 0.3, 6.0, 0.0)  # most places are geocoded alike each time
    return SyntheticCalls(
        places.x_m[address] + error_m * rng.uniform(-1, 1, n),
        places.y_m[address] + error_m * rng.uniform(-1, 1, n),
        time, category[order], address,
    )  # fmt: skip


def _pick_address(places: Addresses, era: Ints, rng: np.random.Generator) -> Ints:
    """Draw an address of the given era, each by its share."""
    by_era = np.argsort(places.era, kind="stable")
    ends = np.cumsum(places.share[by_era])
    starts = np.concatenate([[0.0], ends])[
        np.searchsorted(places.era[by_era], np.arange(len(ERAS)))
    ]
    found = np.searchsorted(ends, starts[era] + rng.random(era.size), side="right")
    return np.asarray(by_era[np.minimum(found, ends.size - 1)])
