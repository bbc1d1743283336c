"""Time `optimizer run` as a whole process: wall and CPU seconds, peak memory, seconds per stage.

Usage: python benchmarks/whole_run.py [STUDY ...] [--runs N]; without a study, Minneapolis where it
lies beside the checkout, and the embedded study. Prints a markdown table, medians of the runs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from rows import Run, run_command

MINNEAPOLIS = Path(__file__).resolve().parents[2] / "shared/data/minneapolis/study.toml"


def measure(study: Path, folder: Path) -> Run:
    """Run once."""
    command = [sys.executable, "-m", "optimizer", "run", str(study), "--out", str(folder)]
    return run_command([*command, "--overwrite", "-q"])


def report(study: Path, runs: int) -> None:
    """Measure a study after one run that compiles, and print its row."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "plan"
        measure(study, folder)
        rows = [measure(study, folder) for _ in range(runs)]
        wall_s, cpu_s, peak_mb = (statistics.median(column) for column in zip(*rows, strict=True))
        stages = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["seconds"]
        siting = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["siting"]
        map_kb = (folder / "map.html").stat().st_size / 1024
    by_stage = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items())
    name = study.resolve().parent.name
    print(
        f"| {name} | {wall_s:.1f} | {cpu_s:.1f} | {peak_mb:.0f} | {map_kb:.0f} | "
        f"{siting['status']}, {100 * siting['gap']:.3f} % | {by_stage} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print("| study | wall s | CPU s | peak MB | map KB | proof | stages, s |")
    print("|---|---|---|---|---|---|---|")
    if options.studies:
        for study in options.studies:
            report(study, options.runs)
        return
    if MINNEAPOLIS.is_file():
        report(MINNEAPOLIS, options.runs)
    with tempfile.TemporaryDirectory() as temporary:
        command = [sys.executable, "-m", "optimizer", "init", f"{temporary}/example", "-q"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        report(Path(temporary) / "example" / "study.toml", options.runs)


if __name__ == "__main__":
    main()
