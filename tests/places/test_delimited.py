"""CSV as people save it: every row is read or counted as broken, in any of their encodings."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.errors import InputError
from optimizer.places.delimited import read_delimited
from optimizer.places.source_table import SourceTable


def read(folder: Path, content: bytes, **options: str) -> SourceTable:
    path = folder / "calls.csv"
    path.write_bytes(content)
    return read_delimited(path, **options)


def rows(source: SourceTable) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in source.table.to_pylist()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_are_found(tmp_path: Path, encoding: str, end: str) -> None:
    text = end.join(["编号,地点", "0012,邵阳", "0013,𠮷"]) + end
    source = read(tmp_path, text.encode(encoding))
    assert source.table.column_names == ["编号", "地点"]
    assert rows(source) == [("0012", "邵阳"), ("0013", "𠮷")]
    assert source.broken_rows == 0


def test_gzip_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    assert rows(read(tmp_path, gzip.compress(b"a,b\n1,2\n"))) == [("1", "2")]
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path, b"\x1f\x8bbroken")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    source = read(tmp_path, f"a{delimiter}b\n1{delimiter}2\n".encode())
    assert rows(source) == [("1", "2")]


def test_text_stays_text(tmp_path: Path) -> None:
    """No cell is taken for "missing" but the empty one; nothing becomes a number or is run."""
    cells = ["NA", "null", "None", "nan", "0012", "1e5", "=1+1", "{{ x }}", "<b>", "🚓", "a\x00b"]
    source = read(tmp_path, "\n".join(["a,b", *(f"{cell}," for cell in cells)]).encode())
    assert rows(source) == [(cell, None) for cell in cells]


def test_rows_of_another_width_are_counted_and_cost_nobody_else(tmp_path: Path) -> None:
    source = read(tmp_path, b'a,b\n1,2\n3\n4,5,6\n\n"7\n8",9\n')
    assert rows(source) == [("1", "2"), ("7\n8", "9")]
    assert source.broken_rows == 2


@pytest.mark.parametrize(
    "content",
    [
        b'a,b\n1,"open\n3,4\n5,6\n',  # one mark, never closed
        b'a,b\n1,"open\n3,4\n5,6\n2,"open again\n',  # two, which swallow what is between
        b'a,b\n1,"open\n3,4\n5,6\n2,"x"\n',
    ],
)
def test_a_stray_quotation_mark_costs_only_its_own_row(tmp_path: Path, content: bytes) -> None:
    source = read(tmp_path, content)
    assert {("3", "4"), ("5", "6")} <= set(rows(source))
    assert source.table.num_rows + source.broken_rows == content.count(b"\n") - 1


def test_a_mark_inside_a_cell_is_text(tmp_path: Path) -> None:
    source = read(tmp_path, b'a,b\n5" pipe,1\n"say ""hi""",2\n')
    assert rows(source) == [('5" pipe', "1"), ('say "hi"', "2")]


def test_headers_are_trimmed_and_made_distinct(tmp_path: Path) -> None:
    source = read(tmp_path, b'\n\n a ,a,,"x\ny"\n1,2,3,4\n')
    assert source.table.column_names == ["a", "a_2", "column_3", "x\ny"]
    assert rows(source) == [("1", "2", "3", "4")]


def test_empty_and_header_only(tmp_path: Path) -> None:
    for content in (b"", b"\n\n", b"\xef\xbb\xbf"):
        with pytest.raises(InputError, match=r"calls\.csv: the file is empty"):
            read(tmp_path, content)
    for content in (b"a,b", b"a,b\n", b"\xef\xbb\xbfa,b\r\n\r\n"):
        source = read(tmp_path, content)
        assert (source.table.column_names, source.table.num_rows) == (["a", "b"], 0)


def test_bytes_of_no_encoding_are_replaced_with_a_note(tmp_path: Path) -> None:
    source = read(tmp_path, b"a,b\ncaf\xe9,1\n")
    assert rows(source) == [("caf\ufffd", "1")]
    assert "neither UTF-8 nor GB 18030" in source.notes[0]


def test_a_stated_encoding_is_the_only_one_tried(tmp_path: Path) -> None:
    gb = "a,b\n武,1\n".encode("gb18030")
    assert rows(read(tmp_path, gb, encoding="gb18030")) == [("武", "1")]
    with pytest.raises(InputError, match='not text in encoding "utf-8"'):
        read(tmp_path, gb, encoding="utf-8")
    with pytest.raises(InputError, match='"klingon" is not an encoding'):
        read(tmp_path, gb, encoding="klingon")


def test_chinese_text_far_down_the_file_decides_the_encoding(tmp_path: Path) -> None:
    """The first 256 KiB are plain ASCII; the file is GB 18030 all the same."""
    plain = b"a,b\n" + b"1,2\n" * 100_000
    source = read(tmp_path, plain + "武汉,3\n".encode("gb18030"))
    assert source.encoding == "gb18030"
    assert rows(source)[-1] == ("武汉", "3")


PIECES = st.sampled_from(
    [
        b",",
        b'"',
        b"\n",
        b"\r",
        b"a",
        b"1",
        b"\x00",
        b"\xff",
        b"\xe6",
        "武".encode(),
        "武".encode("gb18030"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(pieces=st.lists(PIECES, max_size=60))
def test_no_bytes_crash_the_reader(tmp_path: Path, pieces: list[bytes]) -> None:
    """Anything is a table, with broken rows perhaps, or a sentence."""
    outcome: SourceTable | InputError
    try:
        outcome = read(tmp_path, b"".join(pieces))
    except InputError as fault:
        outcome = fault
    assert "calls.csv" in str(outcome) if isinstance(outcome, InputError) else outcome.table.columns


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(table=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8))
def test_what_the_csv_module_writes_is_read_back(
    tmp_path: Path, table: list[tuple[str, ...]]
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("a", "b", "c"), *table])
    source = read(tmp_path, text.getvalue().encode())
    assert rows(source) == [tuple(cell or None for cell in row) for row in table]
