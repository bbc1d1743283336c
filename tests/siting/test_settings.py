"""The planner counts platforms in exactly one way, and typing errors are told."""

import pydantic
import pytest

from optimizer.siting import (
    BackupCovering,
    ExpectedCovering,
    MaximalCovering,
    SitingSettings,
)


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
        {"count": 3, "model": "lscp"},
        {"count": 3, "model": "mexclp", "busy_share": 1.0},
        {"count": 3, "model": "backup", "first_share": 1.5},
        {"count": 3, "model": "backup", "backup_kind": "bacop3"},
    ],
)
def test_anything_else_is_refused(asked):
    with pytest.raises(pydantic.ValidationError):
        SitingSettings(**asked)


@pytest.mark.parametrize(
    ("asked", "model"),
    [
        ({}, MaximalCovering()),
        ({"model": "backup"}, BackupCovering("bacop2", 0.5)),
        ({"model": "backup", "backup_kind": "bacop1"}, BackupCovering("bacop1")),
        ({"model": "mexclp", "busy_share": 0.3}, ExpectedCovering(0.3, units_per_site=1)),
        ({"model": "mexclp", "busy_share": 0}, ExpectedCovering(0, units_per_site=1)),
        (
            {"model": "mexclp", "busy_share": [[0.5, 0.2], [0.5, 0.4]]},
            ExpectedCovering(((0.5, 0.2), (0.5, 0.4)), units_per_site=1),
        ),
    ],
)
def test_the_model_is_the_one_asked_for(asked, model):
    assert SitingSettings(count=3, **asked).location_model() == model


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"model": "mexclp"}, "mexclp needs busy_share"),
        ({"busy_share": 0.3}, "busy_share is not read by model = 'mclp'.*model = 'mexclp'"),
        ({"model": "mexclp", "busy_share": 0.3, "first_share": 0.7}, "first_share is not read"),
        ({"model": "mexclp", "busy_share": [[0.5, 0.2]]}, "add up to 1"),
    ],
)
def test_parameters_of_another_model_are_refused(asked, sentence):
    with pytest.raises(pydantic.ValidationError, match=sentence):
        SitingSettings(count=3, **asked)
