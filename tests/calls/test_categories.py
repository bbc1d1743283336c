"""Categories are coded by name, the same for every order of rows and files."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from optimizer.calls import NO_CATEGORY
from optimizer.calls.categories import Categories

NAMES = st.lists(st.one_of(st.none(), st.sampled_from(["theft", " theft ", "盗窃", "", "NA", "7"])))


def read(names: list[str | None]) -> Categories:
    return Categories.read(pa.chunked_array([pa.array(names, pa.string())]))


def spelled(categories: Categories) -> list[str]:
    return [categories.names[code] for code in categories.codes]


@given(NAMES, NAMES)
def test_codes_spell_the_trimmed_names(first: list[str | None], second: list[str | None]) -> None:
    want = [(name or "").strip() or NO_CATEGORY for name in first + second]
    joined = Categories.join([read(first), read(second)])
    assert spelled(joined) == want
    assert joined.names == tuple(sorted(set(want)))


def test_files_without_categories_join_those_with() -> None:
    joined = Categories.join([Categories.none(2), read(["b", "a"])])
    assert spelled(joined) == [NO_CATEGORY, NO_CATEGORY, "b", "a"]
    assert joined.among(["a", "zzz"]).tolist() == [False, False, False, True]
    assert joined.among([]).tolist() == [False] * 4


def test_numbers_are_names() -> None:
    column = pa.chunked_array([pa.array([554, 321, None])])
    assert spelled(Categories.read(column)) == ["554", "321", NO_CATEGORY]
