"""The names that [platforms] and [grids] use, checked as soon as their layers are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.demand import district_advice
from optimizer.districts import GridSettings
from optimizer.places import nearest
from optimizer.study import PlatformSettings


def district_faults(settings: PlatformSettings, districts: Iterable[str]) -> Iterator[str]:
    """Tell which budgeted districts do not exist."""
    known = list(districts)
    for name in settings.per_district:
        if name not in known:
            yield (
                f'[platforms] per_district: there is no district "{name}"; '
                + district_advice(name, known)
            )


def area_faults(settings: GridSettings, districts: Iterable[str]) -> Iterator[str]:
    """Tell which districts of areas do not exist, and which areas have the name of another one."""
    known = list(districts)
    for area, members in settings.areas.items():
        for name in members:
            if name not in known:
                yield (
                    f'[grids] areas.{area}: there is no district "{name}"; '
                    + district_advice(name, known)
                )
        if area in known and area not in members:
            yield (
                f"[grids] areas.{area}: a district that is not in the area has the same name; "
                "give the area another one"
            )


def keep_faults(
    settings: PlatformSettings, existing: Iterable[str], sites: Iterable[str]
) -> Iterator[str]:
    """Tell which platforms to keep are neither present platforms nor sites."""
    known = [*existing, *sites]
    found = set(known)
    for name in settings.keep:
        if name not in found:
            close = nearest(name, known) if len(known) < 100_000 else None
            advice = "use an id of the present layout or of a candidate site"
            yield (
                f"[platforms] keep: there is no platform or site {name!r}; "
                + (advice if close is None else f"did you mean {close}?")
            )
