"""Whole numbers without overflow: what floating point would round, these do not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
HALF_BITS = 32


def whole_weights(weight: npt.NDArray[np.float64], bits: int) -> npt.NDArray[np.float64]:
    """Weights in units of 2^-bits, rounded up, as whole numbers in double precision."""
    with np.errstate(over="ignore", under="ignore"):
        return np.maximum(np.ceil(np.ldexp(weight, bits)), weight > 0)


def exact_sum(values: Whole) -> int:
    """Add up whole numbers, however large the sum."""
    high, low = values >> HALF_BITS, values & (2**HALF_BITS - 1)
    return (int(high.sum()) << HALF_BITS) + int(low.sum())


def power_of_two(bits: int) -> Fraction:
    """2^bits, also below 1."""
    return Fraction(2) ** bits
