"""Whether a single stop of [patrols] fits into a round."""

from __future__ import annotations

import math
from collections.abc import Iterator

from optimizer.demand.settings import DAY_MINUTES
from optimizer.study import Study


def round_faults(study: Study) -> Iterator[str]:
    """Tell if a stop is longer than a round may be, with the nearest values that would do."""
    settings, patrols = study.settings, study.settings.patrols
    stops = (
        patrols.hotspots or (patrols.key_sites and settings.key_sites) or patrols.points is not None
    )
    dwell, every, share = patrols.dwell_minutes, patrols.every_minutes, patrols.patrol_share
    room = every * share
    if dwell > room and (stops or settings.patrol_zones is not None):
        yield (
            f"[patrols]: one stop of dwell_minutes = {dwell:g} is longer than a round may be "
            f"(every_minutes = {every:g} x patrol_share = {share:g}, {room:g} minutes); "
            f"{_advice(dwell, every, share)}"
        )


def _advice(dwell: float, every: float, share: float) -> str:
    """Name every single change that the bounds of the settings allow, rounded to what will do."""
    longer = math.ceil(10 * dwell / share) / 10
    shorter = math.floor(10 * every * share) / 10
    larger = math.ceil(100 * dwell / every) / 100
    changes = []
    if longer <= DAY_MINUTES:
        changes.append(f"raise every_minutes to {longer:g}")
    if larger <= 1:
        changes.append(f"raise patrol_share to {larger:g}")
    if shorter >= 1:
        changes.append(f"stand for {shorter:g} minutes")
    return " or ".join(changes) or f"raise every_minutes to {dwell:g} and patrol_share to 1"
