"""Call records as a control room exports them: text columns, one file a year, mixed habits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optimizer.example.dirt import FAULT_CODE, DirtyCalls
from optimizer.example.fabric import Ints
from optimizer.example.rhythm import CATEGORIES
from optimizer.example.terrain import to_lonlat
from optimizer.example.words import COLUMNS, DESCRIPTIONS, HOSTILE_DESCRIPTIONS, Language

HOSTILE = 0.0008  # share of descriptions that try to break whatever reads them
OUTSIDE = ((116.397, 39.908), (121.474, 31.23), (11.19, 27.9))  # other cities, a digit lost

# year of the file: name, encoding, and how it writes most of its times
FILES = {
    2022: ("calls_2022.csv.gz", "utf-8-sig", "iso"),
    2023: ("calls_2023.csv", "gb18030", "slashes"),
    2024: ("calls_2024_2025.csv.gz", "utf-8-sig", "iso_t"),
}
TIME_FORMATS = {
    "iso": "%Y-%m-%d %H:%M:%S",
    "slashes": "%Y/%m/%d %H:%M",
    "iso_t": "%Y-%m-%dT%H:%M:%S",
    "chinese": "%Y年%m月%d日 %H时%M分",
}
OTHER_FORMAT = 0.04  # share of times written unlike the rest of their file


@dataclass(frozen=True, slots=True, eq=False)
class CallFile:
    """One file of records.

    Parameters
    ----------
    name, encoding
        What it is called and how its text is encoded; a name ending in .gz is compressed.
    table
        Text columns; null is an empty cell.
    """

    name: str
    encoding: str
    table: pa.Table


def call_files(dirty: DirtyCalls, language: Language = "en", seed: int = 0) -> tuple[CallFile, ...]:
    """Write every row down as text and split the rows by year."""
    rng = np.random.default_rng([seed, 7])
    year = dirty.time.astype("datetime64[Y]").astype(np.int64) + 1970
    file_year = np.clip(year, min(FILES), max(FILES))
    longitude, latitude = _coordinates(dirty)
    table = pa.table(
        [
            pc.utf8_lpad(pa.array(dirty.number + 1).cast(pa.string()), 10, "0"),
            _times(dirty, file_year),
            longitude,
            latitude,
            _categories(dirty, language),
            _descriptions(dirty, rng),
        ],
        names=list(COLUMNS[language]),
    )
    return tuple(
        CallFile(name, encoding, table.filter(pa.array(file_year == of)))
        for of, (name, encoding, _) in FILES.items()
    )


def as_csv(file: CallFile) -> bytes:
    """Give the bytes of a file before compression; only cells that need quotes have them."""
    columns = [pc.fill_null(column.combine_chunks(), "") for column in file.table.columns]
    lines = pc.binary_join_element_wise(*columns, ",")
    heading = ",".join(file.table.column_names)
    text = "\r\n".join([heading, *lines.to_pylist(), ""])
    return text.encode(file.encoding)


def _times(dirty: DirtyCalls, file_year: Ints) -> pa.Array:
    """Write times in the habit of each file; a few rows have another one, some only the day."""
    habits = {of: habit for of, (_, _, habit) in FILES.items()}
    formats = list(TIME_FORMATS)
    usual = np.array([formats.index(habits[of]) for of in FILES])[file_year - min(FILES)]
    unlike = (dirty.number * 2654435761 % 10_000) < OTHER_FORMAT * 10_000
    style = np.where(unlike, (usual + 1 + dirty.number % 3) % len(formats), usual)
    day_only = dirty.fault == FAULT_CODE["date_only"]
    texts, places = [], []
    for code, pattern in enumerate(TIME_FORMATS.values()):
        for only_day in (False, True):
            rows = np.flatnonzero((style == code) & (day_only == only_day))
            shape = pattern.split("T")[0].split(" ")[0] if only_day else pattern
            texts.append(_unpadded(pc.strftime(pa.array(dirty.time[rows]), shape), shape))
            places.append(rows)
    order = np.argsort(np.concatenate(places), kind="stable")
    text = pa.concat_arrays(texts).take(pa.array(order))
    text = pc.if_else(pa.array(dirty.fault == FAULT_CODE["bad_time"]), "待补录", text)
    return pc.if_else(pa.array(dirty.fault == FAULT_CODE["no_time"]), None, text)


def _unpadded(text: pa.Array, pattern: str) -> pa.Array:
    """Drop leading zeros of months, days and hours where people write them by hand."""
    if "/" not in pattern and "年" not in pattern:
        return text
    return pc.replace_substring_regex(text, r"([/年月 日])0(\d)", r"\1\2")


def _coordinates(dirty: DirtyCalls) -> tuple[pa.Array, pa.Array]:
    lon, lat = to_lonlat(dirty.x_m, dirty.y_m)
    fault = dirty.fault
    swapped = fault == FAULT_CODE["swapped_coordinates"]
    lon, lat = np.where(swapped, lat, lon), np.where(swapped, lon, lat)
    away = fault == FAULT_CODE["out_of_area"]
    other = np.array(OUTSIDE)[dirty.number % len(OUTSIDE)]
    zero = fault == FAULT_CODE["zero_coordinates"]
    texts = []
    for values, foreign in ((lon, other[:, 0]), (lat, other[:, 1])):
        text = pa.array(np.where(zero, 0.0, np.where(away, foreign, values))).cast(pa.string())
        text = pc.if_else(pa.array(fault == FAULT_CODE["bad_coordinates"]), "未知", text)
        texts.append(pc.if_else(pa.array(fault == FAULT_CODE["no_coordinates"]), None, text))
    return texts[0], texts[1]


def _categories(dirty: DirtyCalls, language: Language) -> pa.Array:
    names = pa.array([getattr(category, language) for category in CATEGORIES])
    text = names.take(pa.array(dirty.category))
    return pc.if_else(pa.array(dirty.fault == FAULT_CODE["missing_category"]), None, text)


def _descriptions(dirty: DirtyCalls, rng: np.random.Generator) -> pa.Array:
    """Give every record a text, the same for a duplicate; commas, quotes and line ends included."""
    records = int(dirty.number[-1]) + 1
    by_category = [DESCRIPTIONS[category.en] for category in CATEGORIES]
    count = np.array([len(phrases) for phrases in by_category])
    first = np.cumsum(count) - count
    luck, hostile = rng.random(records)[dirty.number], rng.random(records)[dirty.number]
    usual = first[dirty.category] + (luck * count[dirty.category]).astype(np.int64)
    odd = count.sum() + (luck * len(HOSTILE_DESCRIPTIONS)).astype(np.int64)
    phrases = [phrase for phrases in by_category for phrase in phrases]
    texts = pa.array([_quoted(text) for text in (*phrases, *HOSTILE_DESCRIPTIONS)])
    return texts.take(pa.array(np.where(hostile < HOSTILE, odd, usual)))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text
