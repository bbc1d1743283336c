"""What a study may say about demand: [demand], [hotspots], [zones] and [standards]."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from optimizer.places import PlaceSource

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]

DAY_MINUTES = 24 * 60


class _Section(BaseModel):
    """A frozen table of study.toml that knows its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class LayerSettings(PlaceSource):
    """One further layer of demand: crowding, venues, population; points or polygons.

    Parameters
    ----------
    share
        Share of the total demand that the layer makes up; calls have what the layers leave.
    """

    share: float = Field(gt=0, lt=1)


class DemandSettings(_Section):
    """[demand]: counts per place instead of calls, layers to blend in, and the shifts of a day.

    Parameters
    ----------
    path
        Counts per place, where only counts may be shared; replaces [calls].
    x, y, longitude, latitude, node, id, weight, crs, datum, encoding
        Columns of that file and what their coordinates mean.
    layers
        Further demand with a stated share of the whole.
    shifts
        Name -> "HH:MM-HH:MM". Together they hold every minute of the day exactly once.
    shift_weights
        Shift -> weight of a call in it, default 1.
    """

    path: str | None = None
    x: str | None = None
    y: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    node: str | None = None
    id: str | None = None
    weight: str | None = None
    crs: str | None = None
    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    encoding: str = "auto"
    layers: tuple[LayerSettings, ...] = ()
    shifts: dict[str, str] = Field(
        default={"night": "00:00-08:00", "day": "08:00-16:00", "evening": "16:00-24:00"},
        min_length=1,
    )
    shift_weights: dict[str, NotNegative] = {}

    @field_validator("shifts")
    @classmethod
    def _fill_the_day(cls, shifts: dict[str, str]) -> dict[str, str]:
        held = [minute for hours in shifts.values() for minute in shift_minutes(hours)]
        if sorted(held) != list(range(DAY_MINUTES)):
            message = (
                "must hold every minute of the day exactly once, "
                f"but {_hours_at_fault(held)}; change where a shift begins or ends"
            )
            raise ValueError(message)
        return shifts

    @model_validator(mode="after")
    def _agree(self) -> DemandSettings:
        unknown = [name for name in self.shift_weights if name not in self.shifts]
        if unknown:
            message = (
                f"shift_weights names {', '.join(unknown)}, which is no shift; "
                f"shifts are {', '.join(self.shifts)}"
            )
            raise ValueError(message)
        shares = sum(layer.share for layer in self.layers)
        if shares >= 1:
            message = f"the layers' shares add up to {shares:g}; leave a part below 1 to the calls"
            raise ValueError(message)
        return self


class HotspotSettings(_Section):
    """[hotspots]: where calls crowd. What is left out is chosen from the data.

    Parameters
    ----------
    cell_m
        Edge of the square cells that calls are merged into, metres.
    max_hotspots
        Longest list; the heaviest are kept.
    min_calls
        Fewest calls of a hotspot; None: what the density cut makes of a disc of half the search
        radius, and more than chance would bring together anywhere.
    radius_m
        Search radius of the density, metres, as in a heat map; None: the one that foresees the
        window's last quarter best.
    times_mean
        A hotspot grows while the ground it takes in holds at least this many times the calls that
        such ground holds on average.
    """

    cell_m: float = Field(default=50, ge=5, le=1000)
    max_hotspots: int = Field(default=50, ge=1)
    min_calls: NotNegative | None = None
    radius_m: Positive | None = None
    times_mean: float = Field(default=5, gt=1, allow_inf_nan=False)


class ZonesSettings(_Section):
    """[zones]: polygons whose tier names the standard inside and whose district reports it.

    Parameters
    ----------
    path
        File of polygons.
    tier, district
        Columns; None: without one, the longest standard holds, or all polygons are one district.
    """

    path: str
    tier: str | None = None
    district: str | None = None


class StandardsSettings(BaseModel):
    """[standards]: minutes until help is there, one key per tier, and the turnout.

    Parameters
    ----------
    turnout_seconds
        From the alarm until the crew moves.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Positive]

    turnout_seconds: NotNegative = 0

    @model_validator(mode="before")
    @classmethod
    def _no_misspelt_turnout(cls, values: object) -> object:
        for name in values if isinstance(values, dict) else ():
            likeness = difflib.SequenceMatcher(None, str(name).lower(), "turnout_seconds").ratio()
            if 0.6 < likeness < 1:
                message = f"unknown key {name}; did you mean turnout_seconds?"
                raise ValueError(message)
        return values

    @model_validator(mode="after")
    def _name_a_tier(self) -> StandardsSettings:
        if not self.minutes:
            message = "needs minutes for at least one tier, such as urban = 5"
            raise ValueError(message)
        return self

    @property
    def minutes(self) -> dict[str, float]:
        """Minutes by tier, in the order of the file."""
        return dict(self.__pydantic_extra__)


def shift_minutes(hours: str) -> list[int]:
    """List the minutes of the day inside ``"HH:MM-HH:MM"``; an end before the start is tomorrow's.

    Raises
    ------
    ValueError
        The text has another shape.
    """
    match = re.fullmatch(r"\s*(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)\s*", hours)
    clock = [int(part) for part in match.groups()] if match else []
    if not clock or any(m > 59 for m in clock[1::2]):
        message = f"{hours!r} is no span of the day; write it like 22:00-06:00"
        raise ValueError(message)
    start, end = clock[0] * 60 + clock[1], clock[2] * 60 + clock[3]
    if start >= DAY_MINUTES or end > DAY_MINUTES:
        message = f"{hours!r} goes past 24:00; write it like 22:00-06:00"
        raise ValueError(message)
    length = end - start if end > start else end - start + DAY_MINUTES
    return [(start + minute) % DAY_MINUTES for minute in range(length)]


def _hours_at_fault(held: list[int]) -> str:
    times = Counter(held)
    missing = [minute for minute in range(DAY_MINUTES) if times[minute] == 0]
    twice = [minute for minute in range(DAY_MINUTES) if times[minute] > 1]
    fault = f"{_clock(missing[0])} is in none" if missing else ""
    if twice:
        fault += (" and " if fault else "") + f"{_clock(twice[0])} is in two"
    return fault


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
