"""The sites of posts as a study's tables list them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial
from typing import cast

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import (
    PLAIN,
    RULES,
    At,
    CheckpointSettings,
    ListedSite,
    PostKind,
    Posts,
    PostSites,
    PostSource,
    Rule,
    nearest_roads,
    post_sites,
)
from optimizer.checkpoints.settings import LEAST_COST, MOST_COST
from optimizer.errors import InputError
from optimizer.places import (
    PlaceSource,
    SourceTable,
    missing_columns,
    nearest,
    numbers,
    read_places,
    read_source,
    texts,
)
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.faults import Faults, present
from optimizer.planning.near_roads import far_faults
from optimizer.roads import snap_places
from optimizer.study import Study

Ints = NDArray[np.int32]
Objects = NDArray[np.object_]

USUAL_COLUMNS = {
    "kind": ("kind", "type", "种类", "类型"),
    "cost": ("cost", "成本"),
    "rule": ("rule", "规则"),
    "at": ("at", "位置类型"),
}
MOST_NAMED = 5
"""Places that one fault names."""


def read_post_sites(study: Study, streets: Streets) -> PostSites:
    """Settle where posts may stand, by the kinds, the places and the table of a study.

    Raises
    ------
    InputError
        A file is missing or wrong, a kind or rule is unknown, a post that must stand may not, or a
        place lies too far from the roads: all faults.
    """
    settings = present(study.settings.checkpoints)
    faults = Faults()
    faults.of(partial(_check_classes, settings.kinds, streets))
    placed = {
        kind.name: faults.of(partial(_placed, kind.places, streets, settings, study))
        for kind in settings.kinds
        if kind.places is not None
    }
    listed = faults.of(partial(_listed, settings, streets, study))
    faults.raise_any()
    return post_sites(
        streets.ways,
        kinds=settings.kinds,
        placed={name: present(posts) for name, posts in placed.items()},
        listed=present(listed),
        posts_at=settings.posts_at,
        on_water=settings.water is None or settings.water.posts,
    )


def _check_classes(kinds: Iterable[PostKind], streets: Streets) -> None:
    """Raise the classes that no road has."""
    known = {str(name).casefold() for name in np.unique(streets.ways.classes.astype(str))} - {""}
    faults = []
    for kind in kinds:
        for name in kind.classes:
            if name.casefold() not in known:
                close = nearest(name, known)
                listed = ", ".join(sorted(known)[:12])
                advice = f"did you mean {close}?" if close else (
                    f"the classes are {listed}" if known
                    else "the roads have no classes: name the column as road_class in [roads]"
                )  # fmt: skip
                faults.append(
                    f'[checkpoints] kinds, {kind.name}: no road is of the class "{name}"; {advice}'
                )
    if faults:
        raise InputError(faults)


def _placed(
    source: PlaceSource, streets: Streets, settings: CheckpointSettings, study: Study
) -> Posts:
    """Find the sites at the places of a kind: roads if posts stand on roads only."""
    places = read_places(source, streets.whole.crs, study.root)
    at: At = "road" if settings.posts_at == "roads" else "junction"
    site = sites_at(places, np.full(len(places), at, dtype=object), source.path, streets)
    none = np.empty(0, np.int32)
    return Posts(none, site) if at == "road" else Posts(site, none)


def _listed(settings: CheckpointSettings, streets: Streets, study: Study) -> list[ListedSite]:
    """Read the table of sites."""
    source = settings.sites
    if source is None:
        return []
    faults = Faults()
    table = read_source(study.root / source.path, encoding=source.encoding)
    faults.of(partial(_check_columns, source, table))
    places = faults.of(lambda: read_places(source, streets.whole.crs, study.root))
    kinds = faults.of(partial(_kind_column, source, table, settings))
    rules = faults.of(partial(_rule_column, source, table))
    costs = faults.of(partial(_cost_column, source, table))
    at = faults.of(partial(_at_column, source, table, settings))
    faults.raise_any()
    ids, where = present(places)["place_id"].tolist(), present(at)
    site = sites_at(present(places), where, source.path, streets)
    rows = [
        ListedSite(ids[row], where[row], int(site[row]), present(kinds)[row], cost, rule)
        for row, (cost, rule) in enumerate(zip(present(costs), present(rules), strict=True))
    ]
    _check_rules(rows, settings, source.path)
    return rows


def _check_columns(source: PostSource, table: SourceTable) -> None:
    named = [name for name in (source.kind, source.cost, source.rule, source.at) if name]
    missing = missing_columns(named, table.table.column_names, table.path.name)
    if missing:
        raise InputError(missing)


def _column(source: PostSource, table: SourceTable, role: str) -> str | None:
    named: str | None = getattr(source, role)
    if named is not None:
        return named if named in table.table.column_names else None
    by_folded = {name.strip().casefold(): name for name in table.table.column_names}
    return next((by_folded[name] for name in USUAL_COLUMNS[role] if name in by_folded), None)


def _words(source: PostSource, table: SourceTable, role: str) -> list[str]:
    column = _column(source, table, role)
    if column is None:
        return [""] * table.table.num_rows
    return [word or "" for word in texts(table.table[column])]


def _kind_column(source: PostSource, table: SourceTable, settings: CheckpointSettings) -> list[str]:
    known = {name.casefold(): name for name in (PLAIN, *(kind.name for kind in settings.kinds))}
    words = _words(source, table, "kind")
    _refuse(table, words, [word.casefold() in known or not word for word in words], "kind of post",
            list(known.values()), "name it in [[checkpoints.kinds]]")  # fmt: skip
    return [known.get(word.casefold(), "") for word in words]


def _rule_column(source: PostSource, table: SourceTable) -> list[Rule]:
    words = [word.casefold() for word in _words(source, table, "rule")]
    _refuse(table, words, [word in RULES for word in words], "rule",
            [rule for rule in RULES if rule], "write allowed, forbidden or must")  # fmt: skip
    return cast("list[Rule]", words)


def _at_column(source: PostSource, table: SourceTable, settings: CheckpointSettings) -> Objects:
    words = [word.casefold() for word in _words(source, table, "at")]
    _refuse(table, words, [word in ("", "junction", "road") for word in words], "place of a post",
            ["junction", "road"], "write junction or road")  # fmt: skip
    usual = "road" if settings.posts_at == "roads" else "junction"
    return np.array([word or usual for word in words], dtype=object)


def _cost_column(source: PostSource, table: SourceTable) -> list[float | None]:
    column = _column(source, table, "cost")
    if column is None:
        return [None] * table.table.num_rows
    read = numbers(table.table[column])
    wrong = np.flatnonzero(read.bad | (read.values < LEAST_COST) | (read.values > MOST_COST))
    if len(wrong):
        cells = ", ".join(f'"{table.table[column][row].as_py()}" in data row {row + 1}'
                          for row in wrong[:MOST_NAMED].tolist())  # fmt: skip
        raise InputError(
            f'{table.path.name}: the column "{column}" has {cells}; write a number from '
            f"{LEAST_COST:f} to {MOST_COST:.0f}"
        )
    return [None if math.isnan(value) else value for value in read.values.tolist()]


def _refuse(
    table: SourceTable,
    words: Sequence[str],
    fine: Sequence[bool],
    what: str,
    known: list[str],
    advice: str,
) -> None:
    """Raise one fault for each word that is not known."""
    rows: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        if not fine[row]:
            rows.setdefault(word, []).append(row + 1)
    faults = []
    for word, where in rows.items():
        close = nearest(word, known)
        meant = f"did you mean {close}?" if close else advice
        listed = ", ".join(map(str, where[:MOST_NAMED]))
        faults.append(f'{table.path.name}: data row {listed} has no {what} but "{word}"; {meant}')
    if faults:
        raise InputError(faults)


def sites_at(places: gpd.GeoDataFrame, at: Objects, file: str, streets: Streets) -> Ints:
    """Put each place on the junction or the road that is nearest, shape (k,)."""
    ways, site = streets.ways, np.empty(len(places), np.int32)
    way_m = np.zeros(len(places))
    on_road = at == "road"
    by_node = on_road & places["node"].notna().to_numpy()
    if by_node.any():
        raise InputError(
            f"{file}: a post on a road is given by a place on it, not by a node: "
            f"{', '.join(places['place_id'][by_node][:MOST_NAMED])}; give lon and lat, or x and y"
        )
    if on_road.any():
        points = places.geometry[on_road]
        site[on_road], way_m[on_road] = nearest_roads(
            ways, points.x.to_numpy(), points.y.to_numpy()
        )
    snapped = snap_places(streets.whole, places[~on_road], file)
    site[~on_road], way_m[~on_road] = snapped.node, snapped.distance_m
    far = far_faults(file, "place", places, way_m, streets.max_snap_m, ground="road")
    if faults := list(far):
        raise InputError(faults)
    return site


def _check_rules(rows: Sequence[ListedSite], settings: CheckpointSettings, file: str) -> None:
    """Raise the rules that contradict each other or the study."""
    faults, said = [], dict[tuple[At, int], ListedSite]()
    for row in rows:
        first = said.setdefault((row.at, row.site), row)
        if {first.rule, row.rule} == {"must", "forbidden"}:
            faults.append(
                f"{file}: {first.place_id} ({first.rule}) and {row.place_id} ({row.rule}) are one "
                f"{row.at}; a post cannot both be there and not: take one out"
            )
        elif row is not first and (first.kind, first.cost) != (row.kind, row.cost):
            faults.append(
                f"{file}: {first.place_id} and {row.place_id} are one {row.at} with two kinds or "
                "costs; keep one of them"
            )
    other: At = "road" if settings.posts_at == "junctions" else "junction"
    wrong = [row.place_id for row in rows if row.rule in ("must", "allowed") and row.at == other]
    if settings.posts_at != "both" and wrong:
        faults.append(
            f"{file}: {', '.join(wrong[:MOST_NAMED])} ask for a post at a {other}, but posts_at = "
            f'"{settings.posts_at}"; write posts_at = "both"'
        )
    if faults:
        raise InputError(faults)
