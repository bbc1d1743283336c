"""Measure how fast millions of messy call records become calls.

Writes seeded CSV files to a temporary folder, reads, parses, de-duplicates and projects each in
a process of its own, and prints a table in Markdown::

    python benchmarks/calls.py [--rows 3000000]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

ENCODINGS = ("utf-8", "gb18030")
CRS = "EPSG:32649"
CENTRE = (111.47, 27.24)
SPREAD_DEGREES = 0.15
AS_OF = dt.date(2016, 1, 1)
CATEGORIES = (
    "盗窃",
    "打架斗殴",
    "交通事故",
    "求助",
    "噪音扰民",
    "诈骗",
    "走失",
    "火警",
    "其他",
    "",
)


def main() -> None:
    """Run the benchmark, or, with --measure, one reading of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure is not None:
        json.dump(measure(arguments.measure), sys.stdout)
        return
    print("| rows | encoding | MB | wall s | CPU s | peak MB | used | dropped |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for encoding in ENCODINGS:
            path = Path(folder) / f"calls_{encoding}.csv"
            write_messy_csv(path, arguments.rows, encoding)
            print(table_row(path, encoding))
            path.unlink()


def table_row(path: Path, encoding: str) -> str:
    """Measure one file in a fresh process and write its row of the table."""
    command = [sys.executable, __file__, "--measure", str(path)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result = json.loads(answer.stdout)
    return (
        f"| {result['read']:,} | {encoding} | {path.stat().st_size / 1e6:.0f} | "
        f"{result['wall_s']:.2f} | {result['cpu_s']:.2f} | {result['peak_mb']:.0f} | "
        f"{result['used']:,} | {result['dropped']} |"
    )


def measure(path: Path) -> dict[str, object]:
    """Read and clean one file; the account must be exact."""
    import pyproj  # noqa: PLC0415

    from optimizer.calls import Area, CallsSettings, clean_calls, read_calls  # noqa: PLC0415
    from optimizer.places import project  # noqa: PLC0415

    settings = CallsSettings(
        path=(path.name,), time="报警时间", longitude="经度", latitude="纬度", category="类别"
    )
    crs = pyproj.CRS(CRS)
    corners = [[c - SPREAD_DEGREES, c + SPREAD_DEGREES] for c in CENTRE]
    area = Area.around(*project(*corners, crs), margin_m=500.0)
    wall, cpu = time.perf_counter(), time.process_time()
    cleaned = clean_calls(
        read_calls(settings, path.parent), settings, crs=crs, area=area, as_of=AS_OF
    )
    return {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "read": cleaned.quality.read,
        "used": cleaned.quality.used,
        "dropped": dict(cleaned.quality.dropped),
    }


def write_messy_csv(path: Path, rows: int, encoding: str, seed: int = 0) -> None:
    """Write records with every dirt the cleaning knows, a few per cent of each."""
    rng = np.random.default_rng(seed)
    table = pa.table(
        {
            "编号": pc.utf8_lpad(pa.array(np.arange(rows)).cast("string"), 9, "0"),
            "地址": _text(rng, rows, "人民路{}号, 第{}栋"),
            "报警时间": _stamps(rng, rows),
            "类别": pa.array(CATEGORIES).take(pa.array(rng.integers(0, len(CATEGORIES), rows))),
            "经度": pa.nulls(rows, pa.string()),
            "纬度": pa.nulls(rows, pa.string()),
            "内容": _text(rng, rows, "报警人称{}楼有人吵架, 手机尾号{}"),
        }
    )
    lon, lat = _places(rng, rows)
    table = table.set_column(4, "经度", lon).set_column(5, "纬度", lat)
    copies = rng.integers(0, rows, rows // 200)
    table = pa.concat_tables([table, table.take(pa.array(copies))])
    plain = path.with_suffix(".utf8")
    arrow_csv.write_csv(table, plain)
    with plain.open(encoding="utf-8") as source, path.open("w", encoding=encoding) as target:
        for number, line in enumerate(source):
            target.write(line)
            if number % 5000 == 4999:
                target.write("少了几列,1\n")
    plain.unlink()


def _text(rng: np.random.Generator, rows: int, template: str) -> pa.Array:
    variants = [template.format(n, 7 * n % 97) for n in range(5000)]
    return pa.array(variants).take(pa.array(rng.integers(0, len(variants), rows)))


def _stamps(rng: np.random.Generator, rows: int) -> pa.Array:
    """Stamps of four years in six formats, row by row; some empty, some impossible."""
    start = np.datetime64("2012-06-01", "s")
    moments = pa.array(start + rng.integers(0, 4 * 365 * 86400, rows).astype("m8[s]"))
    formats = (
        "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M",
        "%m/%d/%Y %H:%M", "%Y年%m月%d日 %H时%M分", "%Y-%m-%d",
    )  # fmt: skip
    choice = pa.array(rng.choice(len(formats), rows, p=[0.4, 0.25, 0.15, 0.1, 0.05, 0.05]))
    written = pc.choose(choice, *(pc.strftime(moments, format=one) for one in formats))
    dirt = pa.array(rng.random(rows))
    written = pc.if_else(pc.less(dirt, 0.005), pa.scalar(""), written)
    return pc.if_else(pc.greater(dirt, 0.995), pa.scalar("2015-02-30 10:00:00"), written)


def _places(rng: np.random.Generator, rows: int) -> tuple[pa.Array, pa.Array]:
    """Addresses of which many call often; some blank, zero, swapped or far away."""
    addresses = max(1, rows // 10)
    which = rng.integers(0, addresses, rows)
    lon, lat = (
        pa.array(np.round(rng.uniform(c - SPREAD_DEGREES, c + SPREAD_DEGREES, addresses), 6))
        .cast(pa.string())
        .take(pa.array(which))
        for c in CENTRE
    )
    dirt = pa.array(rng.random(rows))
    swapped = pc.less(dirt, 0.01)
    lon, lat = pc.if_else(swapped, lat, lon), pc.if_else(swapped, lon, lat)
    for threshold, value in ((0.99, ""), (0.993, "0"), (0.996, "89.5"), (0.998, "不详")):
        dirty = pc.greater(dirt, threshold)
        lon = pc.if_else(dirty, pa.scalar(value), lon)
        lat = pc.if_else(dirty, pa.scalar(value), lat)
    return lon, lat


if __name__ == "__main__":
    main()
