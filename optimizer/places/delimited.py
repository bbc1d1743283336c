"""Text tables (CSV, TSV, gzipped or not) in the encodings and states they really come in."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from optimizer.errors import InputError
from optimizer.places.quoting import mend_quotes, swallowed_rows
from optimizer.places.source_table import SourceTable

_SAMPLE_BYTES = 1 << 18
_BLOCK_BYTES = 1 << 22
_DELIMITERS = ",;\t|"
_UNMARKED = ("utf-8", "gb18030")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_delimited(path: Path, encoding: str = "auto") -> SourceTable:
    """Read a text table; every cell becomes text, an empty one null.

    Parameters
    ----------
    path
        A text file, gzipped or not; the delimiter is found in its first line.
    encoding
        A Python codec, or "auto": a byte-order mark, else UTF-8, else GB 18030, else UTF-8 with
        every unreadable byte replaced and a note.

    Raises
    ------
    InputError
        If the file is empty, is no text in the stated encoding, or is no table.
    """
    stated = () if encoding == "auto" else (_known_codec(encoding, path),)
    sample = _sample(path)
    marked = tuple(name for mark, name in _BYTE_ORDER_MARKS if sample.startswith(mark))
    for attempt in stated or marked[:1] or _UNMARKED:
        try:
            return _Dialect.of(path, sample, attempt).read()
        except UnicodeDecodeError:
            continue
    if stated:
        raise InputError(
            f'{path.name}: the file is not text in encoding "{encoding}"; '
            'write encoding = "auto" or the one it was saved in'
        )
    return _Dialect.of(path, sample, "utf-8", errors="replace").read()


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What one attempt gave: no table if the rows could not be told apart."""

    table: pa.Table | None
    broken_rows: int
    torn: bool


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one text file is written."""

    path: Path
    encoding: str
    errors: str
    blank_lines: int
    delimiter: str
    columns: tuple[str, ...]
    has_rows: bool

    @classmethod
    def of(cls, path: Path, sample: bytes, encoding: str, errors: str = "strict") -> _Dialect:
        """Read delimiter and columns off the first line that is not blank."""
        whole = len(sample) < _SAMPLE_BYTES
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        text = decoder.decode(sample, final=whole).removeprefix("\ufeff")
        lines = list(io.StringIO(text, newline=None))
        blank = next((i for i, line in enumerate(lines) if line.strip("\n")), None)
        if blank is None:
            raise InputError(f"{path.name}: the file is empty; it needs a line of column names")
        delimiter = max(_DELIMITERS, key=lines[blank].count)
        reader = csv.reader(lines[blank:], delimiter=delimiter)
        columns = distinct_names(next(reader))
        rest = lines[blank + reader.line_num :]
        has_rows = not whole or any(line.strip("\n") for line in rest)
        return cls(path, encoding, errors, blank, delimiter, columns, has_rows)

    def read(self) -> SourceTable:
        """Read all rows; where quotation marks do not pair up, mend them first."""
        if not self.has_rows:
            parsed = _Parsed(
                pa.table({name: pa.array([], pa.string()) for name in self.columns}), 0, torn=False
            )
        else:
            parsed = self._parse(self._stream(), self.blank_lines)
        given_up = 0
        if parsed.torn:
            text, given_up = self._mended()
            parsed = self._parse(pa.BufferReader(text.encode()), 0)
        if parsed.table is None:
            raise InputError(
                f"{self.path.name}: the rows cannot be told apart; "
                "open the file in a spreadsheet and save it as CSV again"
            )
        return SourceTable(
            self.path,
            parsed.table,
            encoding=self.encoding,
            broken_rows=parsed.broken_rows + given_up,
            notes=self._notes(),
        )

    def _stream(self) -> pa.NativeFile:
        """Open the file as UTF-8."""
        stream = _open(self.path)
        if self.encoding in {"utf-8", "utf-8-sig"} and self.errors == "strict":
            return stream
        decoder = codecs.getincrementaldecoder(self.encoding)(self.errors)

        def to_utf8(chunk: pa.Buffer) -> bytes:
            data = bytes(chunk)
            return decoder.decode(data, final=not data).encode()

        return pa.TransformInputStream(stream, to_utf8)

    def _parse(self, stream: pa.NativeFile, blank_lines: int) -> _Parsed:
        """Parse a stream of UTF-8, counting rows that do not fit and quotation marks."""
        torn_rows: list[bool] = []
        quotes: list[int] = []
        line_ends: list[int] = []

        def skip(row: arrow_csv.InvalidRow) -> str:
            torn_rows.append("\n" in row.text)
            return "skip"

        def count(chunk: pa.Buffer) -> bytes:
            data = bytes(chunk)
            quotes.append(data.count(b'"'))
            line_ends.append(data.count(b"\n"))
            return data

        try:
            with stream, pa.TransformInputStream(stream, count) as counted:
                table = self._read_csv(counted, blank_lines, skip)
        except pa.ArrowInvalid as error:
            if "UTF8" in str(error):
                raise UnicodeDecodeError(self.encoding, b"?", 0, 1, str(error)) from error
            return _Parsed(None, len(torn_rows), torn=True)
        unpaired = any(torn_rows) or sum(quotes) % 2 == 1
        some_cell_is_tall = sum(line_ends) > table.num_rows + len(torn_rows) + 1
        torn = unpaired or (some_cell_is_tall and swallowed_rows(table, self.delimiter))
        return _Parsed(table, len(torn_rows), torn)

    def _read_csv(
        self,
        stream: pa.NativeFile,
        blank_lines: int,
        skip: Callable[[arrow_csv.InvalidRow], str],
    ) -> pa.Table:
        return arrow_csv.read_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                skip_rows=blank_lines,
                column_names=self.columns,
                skip_rows_after_names=1,
                block_size=_BLOCK_BYTES,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=skip
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    def _mended(self) -> tuple[str, int]:
        with self._stream() as stream:
            text = stream.read().decode().removeprefix("\ufeff")
        lines = list(io.StringIO(text, newline=None))[self.blank_lines :]
        whole, given_up = mend_quotes(lines, self.delimiter, len(self.columns))
        return "".join(whole), given_up

    def _notes(self) -> tuple[str, ...]:
        if self.errors == "strict":
            return ()
        note = (
            f"{self.path.name}: some bytes are neither UTF-8 nor GB 18030 and were replaced; "
            "set encoding to the one the file was saved in"
        )
        return (note,)


def _open(path: Path) -> pa.NativeFile:
    with path.open("rb") as file:
        gzipped = file.read(2) == b"\x1f\x8b"
    return pa.input_stream(path, compression="gzip" if gzipped else None)


def _sample(path: Path) -> bytes:
    try:
        with _open(path) as stream:
            return bytes(stream.read(_SAMPLE_BYTES))
    except OSError as error:
        raise InputError(
            f"{path.name}: the file cannot be read ({error.strerror or 'damaged archive'}); "
            "check that it is whole"
        ) from error


def _known_codec(encoding: str, path: Path) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise InputError(
            f'{path.name}: "{encoding}" is not an encoding; '
            'write "auto", "utf-8", "utf-8-sig" or "gb18030"'
        ) from None


def distinct_names(header: list[str]) -> tuple[str, ...]:
    """Name every column: trimmed, a blank one by its number, a repeated one with a number."""
    names: list[str] = []
    for number, cell in enumerate(header, start=1):
        name = cell.strip().strip("\x00") or f"column_{number}"
        names.append(name if name not in names else f"{name}_{number}")
    return tuple(names)
