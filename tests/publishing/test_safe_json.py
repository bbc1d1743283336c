"""The data block says what it was given, and no reader of the page takes it for anything else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from branca.element import Element
from hypothesis import given
from hypothesis import strategies as st

from optimizer.publishing.safe_json import script_json

HARMFUL = ("<", ">", "&", "{{", "{%", "{#", "\u2028", "\u2029")

texts = st.text(alphabet=st.one_of(st.sampled_from("{%#}<>/&!-\\\"'\u2028\u2029"), st.characters()))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_reading_gives_the_value_back_and_nothing_harmful_is_written(value: Any) -> None:
    written = script_json(value)
    assert json.loads(written) == value
    assert not [mark for mark in HARMFUL if mark in written]


@given(values)
def test_a_template_engine_passes_it_through(value: Any) -> None:
    written = script_json(value)
    assert Element(written).render() == written


def test_half_a_character_is_written_so_that_utf_8_can_hold_it() -> None:
    written = script_json("\ud83d")
    assert written.encode("utf-8") == b'"\\ud83d"'


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        script_json([number])
