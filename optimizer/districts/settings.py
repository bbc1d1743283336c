"""[grids]: how the ground is divided among the platforms."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class GridSettings(BaseModel):
    """[grids]: main grids, one around each platform.

    Parameters
    ----------
    plan
        Which variant is the plan's: equal loads, or each node to its nearest platform. Both are
        worked out and compared.
    tolerance
        Loads may differ from their mean by this share of it. None: 0.1, loosened as far as needed
        and said so; a tolerance that is written must be met.
    keep
        Boundaries that no grid crosses: none, or those of the districts, whose platforms then share
        the district's load.
    areas
        Name -> districts that are one: their platforms share the load of all of them, and only the
        borders around them are kept.
    cells, cell_id
        Polygons of a finer grid that is never split, and the column with their ids.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    plan: Literal["balanced", "nearest"] = "balanced"
    tolerance: Share | None = None
    keep: Literal["none", "districts"] = "none"
    areas: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(default_factory=dict)
    cells: str | None = None
    cell_id: str | None = None

    @model_validator(mode="after")
    def _has_each_district_once(self) -> GridSettings:
        if self.areas and self.keep != "districts":
            message = (
                'areas join districts that are kept; write keep = "districts" or take areas out'
            )
            raise ValueError(message)
        areas_of = defaultdict(list)
        for area, districts in self.areas.items():
            for district in districts:
                areas_of[district].append(area)
        shared = [
            f"{district} ({', '.join(areas)})"
            for district, areas in areas_of.items()
            if len(areas) > 1
        ]
        if shared:
            message = f"areas: a district belongs to one area, once; take out {'; '.join(shared)}"
            raise ValueError(message)
        return self
