"""The whole set of files of one plan, written together."""

from __future__ import annotations

from pathlib import Path

from optimizer.archive import MANIFEST, new_folder, write_file, write_json
from optimizer.places import is_local
from optimizer.plan import CityPlan
from optimizer.publishing.beat_geojson import beat_geojson
from optimizer.publishing.city_map import city_map
from optimizer.publishing.drill_map import plan_drills
from optimizer.publishing.drill_page import render_drill
from optimizer.publishing.geopackage import write_geopackage
from optimizer.publishing.manifest import manifest
from optimizer.publishing.maps import render_map
from optimizer.publishing.plan_tables import plan_tables
from optimizer.publishing.report import render_report
from optimizer.publishing.summary import summarise
from optimizer.publishing.tables import write_csv


def publish(plan: CityPlan, target: Path, *, overwrite: bool) -> None:
    """Write every file of a plan to ``target``: all of them, or none.

    Raises
    ------
    InputError
        ``target`` holds files that may not be replaced.
    """
    content, network = city_map(plan), plan.network
    with new_folder(target, overwrite=overwrite) as folder:
        write_file(folder / "map.html", render_map(content).encode())
        drills = plan_drills(plan)
        if drills:
            write_file(folder / "drill.html", render_drill(*drills).encode())
        write_file(folder / "report.html", render_report(plan).encode())
        for name, (columns, rows) in plan_tables(plan).items():
            write_csv(folder / name, columns, rows)
        if plan.duty.patrols is not None and not is_local(network.crs):
            beats = beat_geojson(plan.duty.patrols.beats, network.crs)
            write_file(folder / "patrols.geojson", beats.encode())
        write_geopackage(folder / "plan.gpkg", plan, content)
        if plan.quality is not None:
            write_json(folder / "quality.json", plan.quality.to_json())
        write_json(folder / "summary.json", summarise(plan))
        write_json(folder / MANIFEST, manifest(plan))
