"""What a study may say about demand, and the sentences that refuse the rest."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from optimizer.demand import DemandSettings, HotspotSettings, StandardsSettings
from optimizer.demand.settings import shift_minutes


def test_the_default_shifts_fill_the_day():
    assert list(DemandSettings().shifts) == ["night", "day", "evening"]


def test_a_shift_may_pass_midnight():
    assert shift_minutes("22:00-06:00") == [*range(22 * 60, 24 * 60), *range(6 * 60)]
    assert len(shift_minutes("00:00-24:00")) == len(shift_minutes("08:00-08:00")) == 24 * 60


@pytest.mark.parametrize(
    ("shifts", "sentence"),
    [
        ({"day": "08:00-20:00", "night": "20:00-07:00"}, "07:00 is in none"),
        ({"day": "08:00-20:00", "night": "19:30-08:00"}, "19:30 is in two"),
        ({"day": "8 to 20"}, "write it like 22:00-06:00"),
        ({"day": "08:61-20:00"}, "write it like 22:00-06:00"),
        ({"day": "08:00-25:00"}, "goes past 24:00"),
        ({}, "at least 1"),
    ],
)
def test_shifts_that_do_not_make_a_day_are_refused(shifts, sentence):
    with pytest.raises(ValidationError, match=sentence):
        DemandSettings(shifts=shifts)


def test_weights_of_unknown_shifts_are_refused():
    with pytest.raises(ValidationError, match="names dusk, which is no shift"):
        DemandSettings(shift_weights={"dusk": 2})


def test_layers_leave_a_part_to_the_calls():
    layers = [{"path": "a.csv", "share": 0.5}, {"path": "b.csv", "share": 0.5}]
    with pytest.raises(ValidationError, match="add up to 1; leave a part"):
        DemandSettings(layers=layers)
    assert DemandSettings(layers=layers[:1]).layers[0].share == 0.5


def test_standards_keep_any_tier_in_the_order_of_the_file():
    standards = StandardsSettings.model_validate({"key": 1, "village": 10, "turnout_seconds": 30})
    assert standards.minutes == {"key": 1, "village": 10}
    assert standards.turnout_seconds == 30


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"key": 0}, "greater than 0"),
        ({"key": "soon"}, "valid number"),
        ({"urban": 5, "turnout_seconds": -1}, "greater than or equal to 0"),
        ({"urban": 5, "turnout_second": 30}, "did you mean turnout_seconds"),
        ({"turnout_seconds": 30}, "at least one tier"),
        ({"urban": float("inf")}, "finite"),
    ],
)
def test_standards_that_cannot_be_kept_are_refused(table, sentence):
    with pytest.raises(ValidationError, match=sentence):
        StandardsSettings.model_validate(table)


def test_settings_are_frozen_and_know_their_keys():
    with pytest.raises(ValidationError, match="frozen"):
        HotspotSettings().cell_m = 10
    with pytest.raises(ValidationError, match="Extra inputs"):
        HotspotSettings.model_validate({"cells": 10})
