"""[checkpoints]: which rings, where posts may stand, and against what kind of flight."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    field_validator,
    model_validator,
)

from optimizer.places import PlaceSource, one_line

At = Literal["junction", "road"]
Direction = Literal["out", "in", "both"]

LONGEST_NAME = 60
"""Of a ring or a kind of post: it heads tables and legends."""

LEAST_COST, MOST_COST = 1e-6, 1e6
"""Of a post: costs count to a millionth, and their sums must stay exact."""

MOST_UNITS = 1000
"""Units of one platform, standing units or next gates; more are a slip of the pen."""


class _Settings(BaseModel):
    """Frozen, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


def _is_a_ring(distances: tuple[float, float]) -> tuple[float, float]:
    inner, outer = distances
    if not (0 <= inner < outer < math.inf):
        message = (
            f"a ring lies between an inner and a longer outer distance, in metres from 0 up, not "
            f"between {inner:g} and {outer:g}; write [inner, outer], such as [1500, 3000]"
        )
        raise ValueError(message)
    return distances


Distances = Annotated[tuple[float, float], AfterValidator(_is_a_ring)]
"""Inner and outer distance of a ring, metres."""


class RingPolygons(_Settings):
    """A ring of posts between two files of polygons: inside the inner, outside of the outer."""

    name: str
    inner: str
    outer: str


class PostSource(PlaceSource):
    """A table of places for posts, with columns of its own for what holds there.

    Columns that are not named are looked for as ``kind``, ``cost``, ``rule`` and ``at``.
    """

    kind: str | None = None
    cost: str | None = None
    rule: str | None = None
    at: str | None = None


class PostKind(_Settings):
    """A kind of post: what one costs, and where such a post stands.

    With `classes`, every site on a road of these classes is of this kind; with `places`, the
    sites at these places are, and posts of this kind stand nowhere else.
    """

    name: str
    cost: float = Field(default=1.0, ge=LEAST_COST, le=MOST_COST)
    classes: tuple[str, ...] = ()
    places: PlaceSource | None = None

    @model_validator(mode="after")
    def _stands_somewhere(self) -> PostKind:
        if self.classes and self.places is not None:
            message = "has both classes and places; give one of them"
            raise ValueError(message)
        return self


class WaterSettings(_Settings):
    """[checkpoints.water]: waterways, and the quays at which they meet the roads."""

    path: str
    quays: PlaceSource
    layer: str | None = None
    name: str | None = None
    oneway: str | None = None
    speed_kph: float = Field(default=25.0, gt=0, allow_inf_nan=False)
    police_speed_kph: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    landing_minutes: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    posts: bool = True


class CheckpointSettings(_Settings):
    """[checkpoints]: rings, sites of posts, exits, the fugitive and the force."""

    centre: tuple[FiniteFloat, FiniteFloat] | None = None
    rings_m: dict[str, Distances] = {}
    rings_road_m: dict[str, Distances] = {}
    rings: tuple[RingPolygons, ...] = ()
    direction: Direction = "out"

    posts_at: Literal["junctions", "roads", "both"] = "both"
    sites: PostSource | None = None
    kinds: tuple[PostKind, ...] = ()
    most_posts: dict[str, Annotated[int, Field(ge=1)]] = {}
    detour_tolerance: float = Field(default=0.5, ge=0)

    exits: PlaceSource | None = None
    edge_of_data: Literal["open", "closed"] | None = None
    water: WaterSettings | None = None

    contain_minutes: tuple[Annotated[float, Field(gt=0, allow_inf_nan=False)], ...] = (5, 10, 30)
    report_delay_minutes: float = Field(default=3, ge=0, allow_inf_nan=False)
    setup_minutes: float = Field(default=0, ge=0, allow_inf_nan=False)
    margin_minutes: float = Field(default=0, ge=0, allow_inf_nan=False)
    head_start_minutes: float = Field(default=0, ge=0, allow_inf_nan=False)
    evader_speed_factor: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    evader_profile: tuple[tuple[float, float], ...] = ()

    units_per_platform: int | None = Field(default=None, ge=1, le=MOST_UNITS)
    units: PlaceSource | None = None
    standing_units: int = Field(default=0, ge=0, le=MOST_UNITS)
    standing_minutes: float = Field(default=10, gt=0, allow_inf_nan=False)

    gates: PlaceSource | None = None
    next_gates: int = Field(default=5, ge=0, le=MOST_UNITS)
    time_limit_s: float = Field(default=20.0, gt=0, allow_inf_nan=False)

    @property
    def ring_names(self) -> tuple[str, ...]:
        """Names of all rings, in the order of the study."""
        return (*self.rings_m, *self.rings_road_m, *(ring.name for ring in self.rings))

    def files(self) -> Iterator[str]:
        """Name every file that this section asks for."""
        for ring in self.rings:
            yield from (ring.inner, ring.outer)
        water = self.water
        sources = [self.sites, self.exits, self.units, self.gates]
        sources += [kind.places for kind in self.kinds]
        if water is not None:
            yield water.path
            sources.append(water.quays)
        yield from (source.path for source in sources if source is not None)

    @field_validator("evader_profile")
    @classmethod
    def _is_a_profile(
        cls, profile: tuple[tuple[float, float], ...]
    ) -> tuple[tuple[float, float], ...]:
        minutes = [minute for minute, _ in profile]
        rising = all(before < after for before, after in itertools.pairwise(minutes))
        proper = all(0 < factor < math.inf for _, factor in profile)
        if profile and not (minutes[0] == 0 and rising and proper and math.isfinite(minutes[-1])):
            message = (
                "is a list of [minute, speed factor] with minutes rising from 0 and factors above "
                "0, such as [[0, 1.0], [5, 1.3]]"
            )
            raise ValueError(message)
        return profile

    @model_validator(mode="after")
    def _is_whole(self) -> CheckpointSettings:
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        if (self.rings_m or self.rings_road_m) and self.centre is None:
            yield (
                "rings_m and rings_road_m are measured from a centre; write centre = [lon, lat], "
                "or x and y where the roads lie nowhere on Earth"
            )
        yield from _name_faults(self.ring_names, "rings")
        yield from _name_faults([kind.name for kind in self.kinds], "kinds of post")
        for name in self.most_posts:
            if name not in self.ring_names:
                known = ", ".join(self.ring_names) or "none"
                yield f'most_posts names a ring "{name}" that is not there; the rings are {known}'
        if self.evader_profile and self.evader_speed_factor != 1:
            yield "evader_speed_factor and evader_profile say the same thing; give one of them"


def _name_faults(names: Sequence[str], of: str) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f'the name "{name}" is given to {count} {of}; give each its own'
        if one_line(name) != name or not 0 < len(name) <= LONGEST_NAME:
            yield (
                f"{name[:LONGEST_NAME]!r} is no name for {of}; write 1 to {LONGEST_NAME} signs in "
                "one line, no blanks around them"
            )
