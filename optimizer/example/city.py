"""The invented prefecture as a road network: a river city, two county towns, villages, roads."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from optimizer.example.country import (
    Anchors,
    country_roads,
    expressway,
    scatter_villages,
    village_lanes,
)
from optimizer.example.fabric import CODE, Floats, Ints, Streets, lay_streets
from optimizer.example.layout import Layout, city_plan, draw_layout, town_plan
from optimizer.example.terrain import RIVER_HALF_WIDTH_M, Terrain

PARTS = ("city", "town_a", "town_b", "village", "country", "expressway")
TOWN_AT = ((-1.95, 2.2), (2.0, -2.25))  # of the county towns, in half sides of the city
LAND_REACH = 4.0  # radius of the prefecture in half sides of the city

SPEED_KPH = np.array([100, 40, 70, 60, 50, 40, 30, 20, 40, 5], dtype=np.int64)
LANES = np.array([2, 1, 3, 3, 2, 1, 1, 1, 1, 0], dtype=np.int64)
COUNTRY_MAIN_KPH = 80
INTERCHANGES = 4


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """A road network in planar coordinates and the plan that it was drawn from.

    Parameters
    ----------
    x_m, y_m
        Nodes, metres in `optimizer.example.terrain.CRS`, shape (nodes,).
    tail, head
        Edges as node numbers, shape (edges,); the edges of one way follow one another.
    road_class
        Index into `optimizer.example.fabric.ROAD_CLASSES`, shape (edges,).
    oneway
        0 both ways, 1 from tail to head, -1 from head to tail, shape (edges,).
    speed_kph, lanes
        Speed limit and lanes per direction, shape (edges,).
    way
        Number of the named street that an edge belongs to, shape (edges,).
    part
        Index into `PARTS`, shape (edges,).
    bridge
        True where an edge crosses the river or stands in it, shape (edges,).
    villages
        Nodes in the middle of each village.
    terrain, layout, land, towns
        The ground, the flat plan, and in the frame of the river the prefecture and the ground
        that each county town covers.
    """

    x_m: Floats
    y_m: Floats
    tail: Ints
    head: Ints
    road_class: Ints
    oneway: Ints
    speed_kph: Ints
    lanes: Ints
    way: Ints
    part: Ints
    bridge: NDArray[np.bool_]
    villages: Ints
    terrain: Terrain
    layout: Layout
    land: shapely.Polygon
    towns: tuple[shapely.Polygon, shapely.Polygon]

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def length_m(self) -> Floats:
        """Length of every edge, metres."""
        return np.asarray(np.hypot(
            self.x_m[self.head] - self.x_m[self.tail], self.y_m[self.head] - self.y_m[self.tail]
        ))  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Town:
    """A county town in the frame of the river, with the ends of its main streets."""

    streets: Streets
    outline: shapely.Polygon
    gates: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """All streets in the frame of the river, before loose ends are cut off."""

    streets: Streets
    part: Ints
    oneway: Ints
    villages: Ints


def synthetic_city(seed: int = 0, scale: float = 1.0) -> City:
    """Invent a prefecture; ``scale`` 1 has about 10,000 nodes, and nodes grow in proportion.

    Parameters
    ----------
    seed
        Another seed, another city.
    scale
        Size of the city and its country, at least 0.1.
    """
    rng = np.random.default_rng([seed, 1])
    layout = draw_layout(scale, rng)
    city = layout.city
    terrain = Terrain.drawn(city.v1, -city.u0, city.u1, rng)
    land = _prefecture(layout.half_m, rng)
    flat = lay_streets(city_plan(layout, rng), rng)
    oneway = _oneways(flat, layout, rng)
    bent_u, bent_v = terrain.bent(flat.u, flat.v)
    bent = dataclasses.replace(flat, u=bent_u, v=bent_v)
    towns = [_town(scale, np.array(at) * layout.half_m, rng) for at in TOWN_AT]
    country = _Country(terrain, layout, land)
    draft = _join(bent, oneway, towns, country, rng)
    return _finish(draft, country, (towns[0].outline, towns[1].outline))


@dataclass(frozen=True, slots=True, eq=False)
class _Country:
    terrain: Terrain
    layout: Layout
    land: shapely.Polygon


def _prefecture(half_m: float, rng: np.random.Generator) -> shapely.Polygon:
    """Draw the border of the prefecture in the frame of the river."""
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    radius = np.ones(240)
    for wave in (2, 3, 5, 9, 17):
        radius += 0.06 / np.sqrt(wave) * np.sin(wave * angle + rng.uniform(0, 2 * np.pi))
    radius *= LAND_REACH * half_m
    return shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))


def _oneways(flat: Streets, layout: Layout, rng: np.random.Generator) -> Ints:
    """Make a third of the old lanes and pairs of secondary streets in the centre one-way."""
    u, v = (flat.u[flat.tail] + flat.u[flat.head]) / 2, (flat.v[flat.tail] + flat.v[flat.head]) / 2
    chosen = rng.random(flat.way.max() + 1)[flat.way]
    lane = layout.old_town.holds(u, v) & (flat.road_class >= CODE["tertiary"]) & (chosen < 0.33)
    pair = layout.centre.holds(u, v) & (flat.road_class == CODE["secondary"]) & (chosen < 0.6)
    return np.where(lane | pair, np.where(flat.way // 2 % 2 == 0, 1, -1), 0)


def _town(scale: float, at: Floats, rng: np.random.Generator) -> _Town:
    """Lay a county town, turned and bowed, round a point."""
    plan = town_plan(scale, rng)
    flat = lay_streets(plan, rng)
    half = plan.u_lines[-1]
    bow = 0.07 * half * np.sin(2.4 * flat.v / half + rng.uniform(0, 2 * np.pi))
    u = flat.u * np.sqrt(1 - 0.3 * (flat.v / half) ** 2) + bow
    v = flat.v * np.sqrt(1 - 0.3 * (flat.u / half) ** 2)
    turn = rng.uniform(-0.5, 0.5)
    x = at[0] + np.cos(turn) * u - np.sin(turn) * v
    y = at[1] + np.sin(turn) * u + np.cos(turn) * v
    side = plan.u_lines.size
    corner = _corners(side, side)
    outline = shapely.MultiPoint(np.column_stack([x, y])[corner.ravel()]).convex_hull
    middle = side // 2
    gates = corner[[middle, middle, 0, -1], [0, -1, middle, middle]]
    return _Town(Streets(x, y, flat.tail, flat.head, flat.road_class, flat.way), outline, gates)


def _corners(along_u: int, along_v: int) -> Ints:
    return np.arange(along_u * along_v).reshape(along_u, along_v)


def _city_gates(layout: Layout) -> Ints:
    """List the corners of blocks where every other arterial leaves the city."""
    corner = _corners(layout.u_lines.size, layout.v_lines.size)
    along_u = corner[layout.river % 2 :: 2, :][:, [0, -1]]
    along_v = corner[[0, -1], :][:, 2:-2:2]
    return np.unique(np.concatenate([along_u.ravel(), along_v.ravel()]))


def _join(
    city: Streets, oneway: Ints, towns: list[_Town], country: _Country, rng: np.random.Generator
) -> _Draft:
    """Put the expressway, villages and country roads round the city and the towns."""
    terrain, land = country.terrain, country.land
    fast = expressway(terrain, land, INTERCHANGES)
    outer = shapely.Polygon(np.column_stack(terrain.bent(*country.layout.city.outline())))
    built_up = shapely.union_all([outer, *(town.outline for town in towns)])
    passing = shapely.MultiPoint(np.column_stack([fast.u, fast.v]))
    avoid = [built_up.buffer(700), terrain.water().buffer(520), passing.buffer(700)]
    well_x, well_y = scatter_villages(land.buffer(-1200), shapely.union_all(avoid), rng)
    villages = village_lanes(well_x, well_y, rng)

    placed = [city, *(town.streets for town in towns), fast, villages]
    first = np.cumsum([0, *(streets.u.size for streets in placed)])
    gates = [
        _city_gates(country.layout), *(first[i + 1] + town.gates for i, town in enumerate(towns)),
        first[4] - np.arange(INTERCHANGES, 0, -1), first[4] + np.arange(well_x.size),
    ]  # fmt: skip
    settlement = np.repeat(np.arange(5), [gate.size for gate in gates])
    gate = np.concatenate(gates)
    around = Streets.joined(*placed)
    anchors = Anchors(around.u[gate], around.v[gate], settlement)
    roads = country_roads(anchors, built_up.buffer(-60), terrain, rng)
    streets = Streets.joined(around, roads)
    known = np.arange(streets.u.size)
    known[around.u.size + np.arange(gate.size)] = gate  # an anchor is the node it stands for
    streets = dataclasses.replace(streets, tail=known[streets.tail], head=known[streets.head])
    part = np.repeat([0, 1, 2, 5, 3, 4], [*(each.tail.size for each in placed), roads.tail.size])
    directions = np.zeros(streets.tail.size, dtype=np.int64)
    directions[: oneway.size] = oneway
    directions[streets.road_class == CODE["motorway"]] = 1
    return _Draft(streets, part, directions, gates[4])


def _finish(
    draft: _Draft, country: _Country, towns: tuple[shapely.Polygon, shapely.Polygon]
) -> City:
    """Cut off what hangs loose, turn dead one-ways into two-ways and say how fast each road is."""
    streets = draft.streets
    label = _components(streets.u.size, streets.tail, streets.head, directed=False)
    main = label == np.bincount(label).argmax()
    edge = np.flatnonzero(main[streets.tail])
    number = np.cumsum(main) - 1
    tail, head = number[streets.tail[edge]], number[streets.head[edge]]
    oneway = _passable(int(main.sum()), tail, head, draft.oneway[edge])
    x, y = streets.u[main], streets.v[main]
    road_class, part = streets.road_class[edge], draft.part[edge]
    x_m, y_m = country.terrain.turned(x, y)
    in_country = (part == PARTS.index("country")) & (road_class == CODE["primary"])
    return City(
        x_m=x_m, y_m=y_m, tail=tail, head=head, road_class=road_class, oneway=oneway,
        speed_kph=np.where(in_country, COUNTRY_MAIN_KPH, SPEED_KPH[road_class]),
        lanes=np.where(in_country, 1, LANES[road_class]),
        way=np.unique(streets.way[edge], return_inverse=True)[1], part=part,
        bridge=_over_water(x - country.terrain.river(y), tail, head),
        villages=number[draft.villages[main[draft.villages]]],
        terrain=country.terrain, layout=country.layout, land=country.land, towns=towns,
    )  # fmt: skip


def _over_water(off_m: Floats, tail: Ints, head: Ints) -> NDArray[np.bool_]:
    wet = np.abs(off_m) < RIVER_HALF_WIDTH_M + 20
    return np.asarray((off_m[tail] * off_m[head] < 0) | wet[tail] | wet[head])


def _passable(nodes: int, tail: Ints, head: Ints, oneway: Ints) -> Ints:
    """Open one-ways that would leave somebody unable to get in or out."""
    start = np.concatenate([tail[oneway >= 0], head[oneway <= 0]])
    stop = np.concatenate([head[oneway >= 0], tail[oneway <= 0]])
    label = _components(nodes, start, stop, directed=True)
    main = label == np.bincount(label).argmax()
    return np.where(main[tail] & main[head], oneway, 0)


def _components(nodes: int, tail: Ints, head: Ints, *, directed: bool) -> Ints:
    graph = coo_array((np.ones(tail.size, dtype=np.int8), (tail, head)), (nodes, nodes)).tocsr()
    label = connected_components(graph, directed=directed, connection="strong")[1]
    return np.asarray(label, dtype=np.int64)
