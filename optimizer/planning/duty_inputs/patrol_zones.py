"""Whether [patrol_zones] can be met at all, and whether the calls have the categories it names."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.demand.settings import DAY_MINUTES
from optimizer.planning.duty_inputs.categories import category_faults
from optimizer.planning.source import Source
from optimizer.study import Study


def zone_faults(study: Study, source: Source | None) -> Iterator[str]:
    """Tell what is wrong with [patrol_zones], each fault with the nearest value that would do.

    Parameters
    ----------
    source
        Whose categories are asked for; None: it could not be read.
    """
    zones, patrols = study.settings.patrol_zones, study.settings.patrols
    if zones is None:
        return
    dwell, every = patrols.dwell_minutes, patrols.every_minutes
    least = DAY_MINUTES / every * dwell / 60
    if zones.hours_per_day is not None and zones.hours_per_day < least:
        yield (
            f"[patrol_zones] hours_per_day = {zones.hours_per_day:g} is too little for a single "
            f"hotspot: {dwell:g} minutes every {every:g} take {least:g} hours a day; give at least "
            f"{least:g}"
        )
    if zones.preventable is not None and source is not None:
        yield from category_faults(
            "[patrol_zones] preventable", zones.preventable, study, source, instead="leave it out"
        )
