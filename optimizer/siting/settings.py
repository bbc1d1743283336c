"""How the planner asks for platforms: the siting part of `[platforms]`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class SitingSettings(BaseModel):
    """How many platforms, under which rules, and how hard to try.

    Exactly one of `count` and `per_district` is given. `count = "curve"` lets the curve of
    coverage against the number of platforms choose: it is drawn up to `curve_max` and the number
    after which one more platform adds less than `min_gain_share` of all demand is taken.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    model: Literal["mclp"] = "mclp"
    count: int | Literal["curve"] | None = Field(default=None)
    per_district: dict[str, int] = Field(default_factory=dict)
    keep: tuple[str, ...] = ()
    max_moves: int | None = Field(default=None, ge=0)
    gap: float = Field(default=0.001, ge=0, lt=1)
    time_limit_s: float = Field(default=120.0, gt=0)
    curve_max: int = Field(default=30, ge=1)
    min_gain_share: float = Field(default=0.01, ge=0, le=1)

    @model_validator(mode="after")
    def _one_way_to_count(self) -> SitingSettings:
        if (self.count is None) == (not self.per_district):
            raise ValueError(
                'platforms are counted either by `count` (a whole number or "curve") or by '
                "`per_district`: give exactly one of the two"
            )
        if isinstance(self.count, int) and self.count < 1:
            raise ValueError(f"count = {self.count} is no number of platforms: give 1 or more")
        below = {name: number for name, number in self.per_district.items() if number < 0}
        if below:
            raise ValueError(f"per_district has budgets below zero: {below}; give 0 or more")
        if self.per_district and not sum(self.per_district.values()):
            raise ValueError("per_district asks for no platform at all: give at least one")
        return self
