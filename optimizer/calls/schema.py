"""What a call is, once nothing but place, time and category is left of it; and how to find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from optimizer.places import Datum, nearest

NO_CATEGORY = "(none)"
"""The category of calls that name none."""

_Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Years = Annotated[float, Field(ge=0.083, allow_inf_nan=False)]  # a month, as people round it


class CallsSettings(BaseModel):
    """The `[calls]` table of a study.

    Columns left out are looked for under their usual names; a file of points needs none. `offsets`
    says what a stamp's own `Z` or `+08:00` means where `timezone` is set: honour it, ignore it, or
    ("auto") believe a `Z` only if the calls then rest at night.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    path: tuple[str, ...] = Field(min_length=1)
    time: str
    longitude: str | None = None
    latitude: str | None = None
    x: str | None = None
    y: str | None = None
    node: str | None = None
    crs: str | None = None
    datum: Datum = "wgs84"
    timezone: str | None = None
    time_format: str | None = None
    offsets: Literal["auto", "honour", "ignore"] = "auto"
    category: str | None = None
    id: str | None = None
    encoding: str = "auto"
    sheet: str | None = None
    years: _Years = 3.0
    half_life_days: _Positive | None = None
    exclude: tuple[str, ...] = ()
    weights: dict[str, _Weight] = Field(default_factory=dict)
    repeat_minutes: _Weight = 0.0
    repeat_metres: _Positive = 50.0

    @field_validator("path", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                close = nearest(value, available_timezones())
                advice = (
                    f'did you mean "{close}"?' if close else 'write one such as "Asia/Shanghai"'
                )
                raise ValueError(f'"{value}" is not a time zone; {advice}') from None
        return value

    @model_validator(mode="after")
    def _one_way_to_say_where(self) -> Self:
        if (self.longitude is None) != (self.latitude is None):
            raise ValueError("longitude and latitude go together: name both columns")
        if (self.x is None) != (self.y is None):
            raise ValueError("x and y go together: name both columns")
        ways = [self.longitude, self.x, self.node]
        if sum(way is not None for way in ways) > 1:
            raise ValueError(
                "name one of longitude and latitude, x and y, or node: a call has one place"
            )
        if self.datum != "wgs84" and (self.x is not None or self.node is not None):
            raise ValueError(
                f'datum "{self.datum}" is for longitude and latitude; leave it out with x and y'
            )
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Calls:
    """Calls for help, one element per call in the order of the files.

    Parameters
    ----------
    x_m, y_m
        float64[n], metres in the study's planar CRS.
    time
        datetime64[m][n], local wall clock; midnight where only the day is known.
    has_time
        bool[n], False where only the day is known.
    category
        int32[n], index into `categories`.
    categories
        Names, sorted.

    Raises
    ------
    ValueError
        If lengths differ, a place is not finite, a time is missing or a category has no name.
    """

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    time: NDArray[np.datetime64]
    has_time: NDArray[np.bool_]
    category: NDArray[np.int32]
    categories: tuple[str, ...]

    def __post_init__(self) -> None:
        kinds = {"x_m": "f8", "y_m": "f8", "time": "M8[m]", "has_time": "?", "category": "i4"}
        for name, kind in kinds.items():
            array = np.array(getattr(self, name), dtype=kind)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        arrays = (self.x_m, self.y_m, self.time, self.has_time, self.category)
        if any(array.shape != (len(self.x_m),) for array in arrays):
            raise ValueError(f"calls: columns of different length {[a.shape for a in arrays]}")
        if not (np.isfinite(self.x_m).all() and np.isfinite(self.y_m).all()):
            raise ValueError("calls: every call needs a finite place")
        if np.isnat(self.time).any():
            raise ValueError("calls: every call needs a time, or at least a day")
        if len(self) and not 0 <= self.category.min() <= self.category.max() < len(self.categories):
            raise ValueError("calls: a category has no name")

    def __len__(self) -> int:
        return len(self.x_m)

    def take(self, which: NDArray[np.bool_] | NDArray[np.integer]) -> Calls:
        """Keep some calls, by mask or by index; the category names stay."""
        return Calls(
            self.x_m[which],
            self.y_m[which],
            self.time[which],
            self.has_time[which],
            self.category[which],
            self.categories,
        )

    def between(self, start: np.datetime64, end: np.datetime64) -> Calls:
        """Keep the calls with start <= time < end."""
        return self.take((self.time >= start) & (self.time < end))
