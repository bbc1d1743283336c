"""Whether [patrol_zones] can be met at all, and whether the calls know the names it uses."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.calls import Calls
from optimizer.deployment import PatrolSettings, PatrolZoneSettings
from optimizer.places import nearest
from optimizer.planning.source import Source

MINUTES_PER_DAY = 24 * 60


def zone_faults(
    zones: PatrolZoneSettings, patrols: PatrolSettings, source: Source | None
) -> Iterator[str]:
    """Tell what is wrong with [patrol_zones], each fault with the nearest value that would do.

    Parameters
    ----------
    source
        Whose categories are asked for; None: it could not be read.
    """
    dwell, every = patrols.dwell_minutes, patrols.every_minutes
    room = every * patrols.patrol_share
    if dwell > room:
        yield (
            f"[patrol_zones]: one stop of [patrols] dwell_minutes = {dwell:g} is longer than a "
            f"round may be (every_minutes = {every:g} x patrol_share = "
            f"{patrols.patrol_share:g}, {room:g} minutes); raise every_minutes to "
            f"{dwell / patrols.patrol_share:g} or stand for {room:g} minutes"
        )
    least = MINUTES_PER_DAY / every * dwell / 60
    if zones.hours_per_day is not None and zones.hours_per_day < least:
        yield (
            f"[patrol_zones] hours_per_day = {zones.hours_per_day:g} is too little for a single "
            f"hotspot: {dwell:g} minutes every {every:g} take {least:g} hours a day; give at least "
            f"{least:g}"
        )
    if zones.preventable is not None and source is not None:
        yield from _unknown_categories(zones.preventable, source)


def _unknown_categories(preventable: dict[str, float], source: Source) -> Iterator[str]:
    if not isinstance(source.places, Calls):
        yield (
            "[patrol_zones] preventable: the study gives counts, which have no categories; leave "
            "it out"
        )
        return
    known = source.places.categories
    for name in preventable:
        if name not in known:
            close = nearest(name, known)
            advice = f"did you mean {close!r}?" if close else f"there are {', '.join(known)}"
            yield f"[patrol_zones] preventable: no call is of the category {name!r}; {advice}"
