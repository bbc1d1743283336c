"""Which files a study was planned from, by content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from optimizer.places import PlaceSource, expand_paths
from optimizer.study import PlacePoint, Study


def input_hashes(study: Study) -> dict[str, str]:
    """Give the SHA-256 of every input file, by its path relative to the study where it can be."""
    return file_hashes(_named_paths(study), study.root)


def file_hashes(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """Give the SHA-256 of files, by their paths relative to a folder where they lie in it."""
    return {
        _label(path, root): _sha256(path) for named in paths for path in _with_companions(named)
    }


def _named_paths(study: Study) -> Iterator[Path]:
    settings = study.settings
    if settings.calls is not None:
        yield from expand_paths(settings.calls.path, study.root)
    roads = settings.roads
    names = [settings.demand.path, roads.path, roads.nodes, roads.edges]
    names += [layer.path for layer in settings.demand.layers]
    names += [site.path for site in settings.key_sites if not isinstance(site, PlacePoint)]
    if settings.zones is not None:
        names.append(settings.zones.path)
    if settings.platforms is not None:
        names.append(settings.platforms.forbid)
        if settings.platforms.existing is not None:
            names.append(settings.platforms.existing.path)
        candidates = settings.platforms.candidates
        if candidates != "junctions":
            names.append(candidates if isinstance(candidates, str) else candidates.path)
    names += [settings.grids.cells, settings.patrols.lines]
    names += [section.path for section in (settings.patrols.points, settings.villages)
              if section is not None]  # fmt: skip
    points = settings.quick_response
    if points is not None and isinstance(points.candidates, PlaceSource):
        names.append(points.candidates.path)
    if settings.checkpoints is not None:
        names += settings.checkpoints.files()
    yield from (study.root / name for name in names if name is not None)


def _with_companions(path: Path) -> list[Path]:
    """Add the files that a shapefile keeps its attributes and projection in."""
    if path.suffix.lower() != ".shp":
        return [path]
    return sorted(path.parent.glob(f"{path.stem}.*"))


def _label(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
