"""Where the search of one group begins: its ground in compiled form, and divisions at prices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimizer.districts.borders import Field
from optimizer.districts.connect import connected
from optimizer.districts.ground import Floats, Ground, Ints
from optimizer.districts.nearest import nearest_division
from optimizer.districts.prices import Demand, Prices

LIGHT = 1e-6
"""Weight of a unit without calls, in mean calls: it goes where it is near."""
SCALES = (0.3, 1.0, 3.0)
"""How far prices are drawn from the best ones, in seconds of travel for a second of work."""


def beginnings(ground: Ground, prices: Prices, draws: int) -> Iterator[Ints]:
    """Divide at the best prices, by who is nearest, then at prices drawn around the best."""
    yield priced_division(ground, prices.price)
    yield nearest_division(ground)
    random = np.random.default_rng(0)
    for number in range(draws):
        away: Floats = random.normal(0.0, SCALES[number % len(SCALES)], ground.platform_count)
        yield priced_division(ground, prices.price + away)


def priced_division(ground: Ground, price: Floats) -> Ints:
    """Give every unit to whom it costs least at the prices, then join what is cut off.

    Parameters
    ----------
    price
        Of a second of work of each platform, seconds of travel, shape (p,).
    """
    priced_s = ground.travel_s + price[:, None] * (ground.handling_s + ground.travel_s)
    labels = priced_s.argmin(axis=0).astype(np.int32)
    labels[ground.seed] = np.arange(ground.platform_count)
    return connected(ground, labels, priced_s)


def demand_of(ground: Ground) -> Demand:
    """Take the units with calls."""
    busy = ground.calls > 0
    travel_s = np.ascontiguousarray(ground.travel_s.T[busy])
    return Demand(travel_s, ground.calls[busy], ground.handling_s[busy])


def field_of(ground: Ground) -> Field:
    """Lay the ground out for compiled code, to which read-only arrays differ; borders are free."""
    is_seed = np.zeros(ground.unit_count, dtype=np.bool_)
    is_seed[ground.seed] = True
    light = LIGHT * ground.calls.mean()
    return Field(
        ground.indptr.copy(), ground.neighbour.copy(), np.ascontiguousarray(ground.travel_s.T),
        np.maximum(ground.calls, light), ground.calls.copy(), ground.handling_s.copy(), is_seed,
        np.zeros(ground.unit_count + 1, np.int64), np.empty(0, np.int32), np.empty(0),
    )  # fmt: skip
