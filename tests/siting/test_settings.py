"""The planner counts platforms in exactly one way, and typing errors are told."""

import pydantic
import pytest

from optimizer.siting import SitingSettings


@pytest.mark.parametrize("asked", [{"count": 3}, {"count": "curve"}, {"per_district": {"A": 2}}])
def test_one_way_to_count_is_accepted(asked):
    assert SitingSettings(**asked).model == "mclp"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"count": 3, "per_district": {"A": 2}},
        {"count": 0},
        {"count": "many"},
        {"per_district": {"A": -1, "B": 2}},
        {"per_district": {"A": 0}},
        {"count": 3, "max_moves": -1},
        {"count": 3, "gap": 1.0},
        {"count": 3, "time_limit_s": 0},
        {"count": 3, "modell": "mclp"},
    ],
)
def test_anything_else_is_refused(asked):
    with pytest.raises(pydantic.ValidationError):
        SitingSettings(**asked)
