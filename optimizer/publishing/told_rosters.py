"""Rosters as they are published: silent about work that comes from too few calls."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence

from optimizer.deployment import PlatformRoster
from optimizer.publishing.suppression import Threshold


def told_rosters(
    rosters: Sequence[PlatformRoster], threshold: Threshold
) -> Iterator[PlatformRoster]:
    """Give the rosters, with NaN for hours of work and utilisation where calls are too few.

    Neither a shift, nor what its platform's other shifts leave of the whole, nor the platform that
    the others leave of the city tells a small number.
    """
    calls = [[need.calls_per_year for need in roster.needs] for roster in rosters]
    whole = threshold.told([sum(each) for each in calls])
    for roster, own, is_told in zip(rosters, calls, whole, strict=True):
        told = [is_told and each for each in threshold.told(own)]
        needs = tuple(
            need if each else dataclasses.replace(need, hours=math.nan, utilisation=math.nan)
            for need, each in zip(roster.needs, told, strict=True)
        )
        busiest = max(range(len(own)), key=lambda at: roster.needs[at].utilisation)
        yield dataclasses.replace(
            roster,
            needs=needs,
            utilisation=roster.utilisation if is_told else math.nan,
            busiest=roster.busiest if told[busiest] else math.nan,
        )
