"""[grids]: how the ground is divided among the platforms."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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
    cells, cell_id
        Polygons of a finer grid that is never split, and the column with their ids.
    time_limit_s
        After this a division is improved no further.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    plan: Literal["balanced", "nearest"] = "balanced"
    tolerance: Share | None = None
    keep: Literal["none", "districts"] = "none"
    cells: str | None = None
    cell_id: str | None = None
    time_limit_s: float = Field(default=20.0, gt=0, allow_inf_nan=False)
