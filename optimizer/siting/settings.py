"""How the planner asks for platforms: the siting part of `[platforms]`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from optimizer.siting import formulations
from optimizer.siting.model import Model

OF_ONE_MODEL = {"backup_kind": "backup", "first_share": "backup", "busy_share": "mexclp"}


class SitingSettings(BaseModel):
    """How many platforms, under which rules, and how hard to try.

    Exactly one of `count` and `per_district` is given. `count = "curve"` lets the curve of
    coverage against the number of platforms choose: it is drawn up to `curve_max` and the number
    after which one more platform adds less than `min_gain_share` of all demand is taken.

    `model` says what the sites are good for: cover as much as possible ("mclp"), cover twice
    ("backup", with `backup_kind` and `first_share`), or cover by a crew that is not out
    ("mexclp", with `busy_share`, a share or a pair of call share and busy share for each shift).
    A platform has one crew in all of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    model: Literal["mclp", "backup", "mexclp"] = "mclp"
    backup_kind: Literal["bacop1", "bacop2"] = "bacop2"
    first_share: float = Field(default=0.5, ge=0, le=1)
    busy_share: float | tuple[tuple[float, float], ...] | None = None
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

    @model_validator(mode="after")
    def _parameters_fit_the_model(self) -> SitingSettings:
        strange = [
            name
            for name, model in OF_ONE_MODEL.items()
            if model != self.model and getattr(self, name) != type(self).model_fields[name].default
        ]
        if strange:
            raise ValueError(
                f"{', '.join(strange)} is not read by model = {self.model!r}: take it out, or ask "
                f"for model = {OF_ONE_MODEL[strange[0]]!r}"
            )
        if self.model == "mexclp" and self.busy_share is None:
            raise ValueError(
                "mexclp needs busy_share, the share of its time that a crew is out on calls: "
                "give 0 to less than 1, or a pair [share of the calls, busy share] for each shift"
            )
        if self.busy_share is not None:
            faults = formulations.ExpectedCovering(self.busy_share).parameter_faults()
            if faults:
                raise ValueError(" ".join(faults).removesuffix("."))
        return self

    def location_model(self) -> Model:
        """Give the location model that is asked for."""
        if self.model == "backup":
            return formulations.BackupCovering(self.backup_kind, self.first_share)
        if self.busy_share is not None:
            return formulations.ExpectedCovering(self.busy_share, units_per_site=1)
        return formulations.MaximalCovering()
