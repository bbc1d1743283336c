"""Which standard holds where, and which district reports it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from optimizer.demand.settings import StandardsSettings, ZonesSettings
from optimizer.errors import InputError
from optimizer.places import nearest, read_polygons

KEY = "key"
OUTSIDE = "outside"
EVERYWHERE = "all"


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ZoneCodes:
    """Tier and district of n places, as codes into the names that `Zones` holds."""

    tier: NDArray[np.int32]
    district: NDArray[np.int32]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Ground divided into tiers and districts.

    Parameters
    ----------
    tier_names
        Tiers, shortest standard first.
    standard_s
        Seconds until help must be there, by tier, shape (t,).
    district_names
        Districts in the order of the file; ground outside every polygon comes last.
    polygons
        The p polygons in the study's CRS, object array; none: the last tier holds everywhere.
    polygon_tier, polygon_district
        Codes of the polygons, shape (p,).
    crs
        The study's planar CRS.
    warnings
        Sentences on the file that a planner should read.
    """

    tier_names: tuple[str, ...]
    standard_s: NDArray[np.float64]
    district_names: tuple[str, ...]
    polygons: NDArray[np.object_]
    polygon_tier: NDArray[np.int32]
    polygon_district: NDArray[np.int32]
    crs: pyproj.CRS
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("standard_s", "polygons", "polygon_tier", "polygon_district"):
            frozen = getattr(self, name).copy()
            frozen.flags.writeable = False
            object.__setattr__(self, name, frozen)

    @property
    def key_tier(self) -> int:
        """Code of the tier of key sites; a study with one standard has it hold there as well."""
        return self.tier_names.index(KEY) if KEY in self.tier_names else 0

    def assign(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> ZoneCodes:
        """Find tier and district of places.

        A place on a boundary belongs to the first of its polygons in file order; a place outside
        all has the longest standard and the last district.

        Parameters
        ----------
        x_m, y_m
            Places in the study's CRS, metres, shape (n,).
        """
        first = np.full(len(x_m), len(self.polygons))
        tree = shapely.STRtree(self.polygons)
        place, polygon = tree.query(shapely.points(x_m, y_m), predicate="intersects")
        np.minimum.at(first, place, polygon)
        tier = np.append(self.polygon_tier, len(self.tier_names) - 1)
        district = np.append(self.polygon_district, len(self.district_names) - 1)
        return ZoneCodes(tier[first].astype(np.int32), district[first].astype(np.int32))

    def outlines(self) -> gpd.GeoDataFrame:
        """Dissolve the polygons by ``district``, in the order of the file; a row each."""
        present = np.unique(self.polygon_district)
        shapes = [shapely.union_all(self.polygons[self.polygon_district == c]) for c in present]
        names = [self.district_names[code] for code in present]
        return gpd.GeoDataFrame({"district": names}, geometry=shapes, crs=self.crs)


def district_advice(name: str, districts: Sequence[str]) -> str:
    """Say what to write instead of the name of a district that does not exist."""
    if set(districts) <= {EVERYWHERE, OUTSIDE}:
        return "the study has no districts; name their column as [zones] district, or take it out"
    close = nearest(name, districts)
    return f"there are {', '.join(districts)}" if close is None else f'did you mean "{close}"?'


def read_zones(
    settings: ZonesSettings | None,
    standards: StandardsSettings,
    root: Path,
    crs: pyproj.CRS,
    *,
    has_key_sites: bool = False,
) -> Zones:
    """Read the zones of a study and give each its standard.

    Parameters
    ----------
    settings
        The section [zones]; None: the longest standard holds everywhere.
    standards
        Minutes by tier.
    root
        Folder that the path of the zones is relative to.
    crs
        Planar CRS of the study, metres.
    has_key_sites
        Whether the study names key sites, which need the standard ``key``.

    Raises
    ------
    InputError
        The file or a column is missing, or tiers have no standard; all faults at once.
    """
    minutes = dict(sorted(standards.minutes.items(), key=lambda item: item[1]))
    tiers, seconds = tuple(minutes), np.array([60.0 * m for m in minutes.values()])
    faults = []
    if has_key_sites and len(tiers) > 1 and KEY not in tiers:
        faults.append(
            f"[standards] has no minutes for the tier {KEY}, but the study names key sites; "
            f"add {KEY} = 1, say, or take the key sites out."
        )
    frame = None
    if settings is not None:
        columns = [column for column in (settings.tier, settings.district) if column is not None]
        frame = read_polygons(root / settings.path, crs, columns=columns)
        faults += _tiers_without_standard(frame, settings, tiers)
    if faults:
        raise InputError(faults)
    if settings is None or frame is None:
        none = np.empty(0, np.int32)
        return Zones(tiers, seconds, (EVERYWHERE,), np.empty(0, object), none, none, crs)
    return _zones_of(frame, settings, tiers, seconds)


def _tiers_without_standard(
    frame: Any, settings: ZonesSettings, tiers: tuple[str, ...]
) -> list[str]:
    if settings.tier is None or len(tiers) == 1:
        return []
    found = frame[settings.tier].astype(object)
    missing = found.isna()
    faults = [
        f"{settings.path}: {int((found == name).sum())} polygons have the tier {name!r} in column "
        f"{settings.tier}, which has no standard; add {name} to [standards] in minutes, "
        f"or use one of {', '.join(tiers)}."
        for name in dict.fromkeys(found[~missing])
        if str(name) not in tiers
    ]
    if missing.any():
        faults.append(
            f"{settings.path}: {int(missing.sum())} polygons have no tier in column "
            f"{settings.tier}, the first is number {int(np.argmax(missing)) + 1}; fill it in."
        )
    return faults


def _zones_of(
    frame: Any, settings: ZonesSettings, tiers: tuple[str, ...], seconds: NDArray[np.float64]
) -> Zones:
    tier = np.full(len(frame), len(tiers) - 1, np.int32)
    if settings.tier is not None and len(tiers) > 1:
        tier = np.array([tiers.index(str(name)) for name in frame[settings.tier]], np.int32)
    district = np.zeros(len(frame), np.int32)
    names: list[str] = [EVERYWHERE]
    if settings.district is not None:
        labels = frame[settings.district].astype(object)
        labels = [OUTSIDE if missing else str(label)
                  for label, missing in zip(labels, labels.isna(), strict=True)]  # fmt: skip
        names = list(dict.fromkeys(label for label in labels if label != OUTSIDE))
        code = {name: number for number, name in enumerate([*names, OUTSIDE])}
        district = np.array([code[label] for label in labels], np.int32)
    polygons = np.asarray(frame.geometry.array, dtype=object)
    return Zones(
        tiers, seconds, (*names, OUTSIDE), polygons, tier, district, frame.crs,
        warnings=frame.attrs["warnings"],
    )  # fmt: skip
