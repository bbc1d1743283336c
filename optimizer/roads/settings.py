"""[roads] and the candidates of [platforms]: which file, which columns, which speeds."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from optimizer.places import Datum, PlaceSource

CLASS_SPEEDS_KPH: dict[str, float] = {
    "motorway": 100, "motorway_link": 60, "trunk": 80, "trunk_link": 50,
    "primary": 60, "primary_link": 45, "secondary": 50, "secondary_link": 40,
    "tertiary": 40, "tertiary_link": 35, "unclassified": 40, "residential": 30,
    "living_street": 15, "service": 20, "road": 30, "track": 20,
}  # fmt: skip
"""Speeds of OpenStreetMap's road classes in a town, where a road does not state its own."""

DROPPED_CLASSES: tuple[str, ...] = (
    "footway", "path", "steps", "cycleway", "pedestrian", "bridleway", "corridor", "elevator",
    "escalator", "platform", "proposed", "construction", "planned", "abandoned", "razed",
    "disused", "raceway", "bus_guideway", "via_ferrata", "rest_area", "services",
    "S1710", "S1720", "S1820", "S1830", "A71", "A72",
)  # fmt: skip
"""No road for a car: OpenStreetMap's names, and the US Census' walkways, stairs and trails."""


class OnewayValues(BaseModel):
    """What the texts of a one-way column mean, beside those that are known already."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    both: tuple[str, ...] = ()
    forward: tuple[str, ...] = ()
    backward: tuple[str, ...] = ()


class RoadsSettings(BaseModel):
    """Where the roads are and how to read them.

    Columns that are not named are looked for under their usual names; an empty text ("") says that
    there is none. Speeds come from the speed column, else from the class table, else the default.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    path: str | None = None
    nodes: str | None = None
    edges: str | None = None
    layer: str | None = None
    crs: str | None = None
    datum: Datum = "wgs84"
    encoding: str = "auto"

    oneway: str | None = None
    oneway_values: OnewayValues = OnewayValues()
    speed: str | None = None
    speed_unit: Literal["kph", "mph", "mps"] = "kph"
    length: str | None = None
    name: str | None = None
    road_class: str | None = None
    u: str | None = None
    v: str | None = None

    class_speeds: dict[str, float] = Field(default_factory=dict)
    drop_classes: tuple[str, ...] = DROPPED_CLASSES
    default_speed_kph: float = Field(default=40.0, gt=0)
    speed_factor: float = Field(default=1.0, gt=0)
    split: Literal["auto", "always", "never"] = "auto"
    max_snap_m: float = Field(default=500.0, gt=0)

    @field_validator("class_speeds")
    @classmethod
    def _are_speeds(cls, speeds: dict[str, float]) -> dict[str, float]:
        slow = {name: kph for name, kph in speeds.items() if not kph > 0}
        if slow:
            message = f"has classes without a speed above 0 kph: {slow}; give one, or drop_classes"
            raise ValueError(message)
        return speeds

    @model_validator(mode="after")
    def _has_one_source(self) -> RoadsSettings:
        pair = (self.nodes is not None, self.edges is not None)
        if (self.path is None) != all(pair) or (self.path is not None and any(pair)):
            message = "needs either path (a road file), or both nodes and edges (two tables)"
            raise ValueError(message)
        if (self.u is None) != (self.v is None):
            message = "u and v name the nodes at both ends of a line: give both, or neither"
            raise ValueError(message)
        return self

    def class_speeds_kph(self) -> dict[str, float]:
        """Return the class table: the usual speeds, overridden by the study's."""
        own = {name.casefold(): kph for name, kph in self.class_speeds.items()}
        return CLASS_SPEEDS_KPH | own


class CandidateSettings(BaseModel):
    """Where platforms may stand: at junctions with good access, or at the places of a file."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    candidates: str | PlaceSource = "junctions"
    spacing_m: float = Field(default=0.0, ge=0)
    min_legs: int = Field(default=3, ge=1)
    classes: tuple[str, ...] = ()
    forbid: str | None = None
