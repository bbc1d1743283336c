"""Tables open in a spreadsheet as what they are."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.publishing.tables import csv_text, harmless, write_csv


@pytest.mark.parametrize(
    "text", ["=1+1", "+49", "-cmd", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]
)
def test_formulas_are_made_harmless(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize(
    "value", [-93.27, np.float64(-1), -3, "Nicollet Mall", "", "O'Neill", "a=b"]
)
def test_numbers_and_plain_text_stay(value: object) -> None:
    assert harmless(value) == value


def test_cells_by_kind() -> None:
    row = {
        "a": None,
        "b": float("nan"),
        "c": np.int32(3),
        "d": True,
        "e": -0.5,
        "f": 'say "hi", ok',
    }
    assert csv_text(row, [row]) == 'a,b,c,d,e,f\r\n,,3,1,-0.5,"say ""hi"", ok"\r\n'


def test_a_column_nobody_announced_is_refused() -> None:
    with pytest.raises(ValueError, match="surprise"):
        csv_text(["a"], [{"a": 1, "surprise": 2}])


def test_file_has_a_byte_order_mark(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", ["名称"], [{"名称": "解放路"}])
    assert (tmp_path / "t.csv").read_bytes() == "\ufeff名称\r\n解放路\r\n".encode()


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        min_size=1,
    )
)
def test_reading_gives_back_what_was_written(texts: list[str]) -> None:
    rows = list(
        csv.reader(io.StringIO(csv_text(["t", "n"], [{"t": t, "n": 1} for t in texts]), newline=""))
    )
    assert [row[0] for row in rows[1:]] == [harmless(text) for text in texts]
