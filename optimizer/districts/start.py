"""Where the search of one group begins: its ground in compiled form, and a division at prices."""

from __future__ import annotations

import numpy as np

from optimizer.districts.borders import Field
from optimizer.districts.connect import connected
from optimizer.districts.ground import Floats, Ground, Ints
from optimizer.districts.prices import Demand

LIGHT = 1e-6
"""Weight of a unit without calls, in mean calls: it goes where it is near."""


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
