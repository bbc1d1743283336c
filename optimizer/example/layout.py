"""The flat plan of the city: arterials, ring roads, the river and the quarters they bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.example.fabric import CODE, BlockPlan, Floats, Ints
from optimizer.example.terrain import BANK_M


@dataclass(frozen=True, slots=True)
class Quarter:
    """A rectangle of the flat plan, metres."""

    u0: float
    v0: float
    u1: float
    v1: float

    def holds(self, u: Floats, v: Floats) -> NDArray[np.bool_]:
        """Tell which points lie inside."""
        return (u >= self.u0) & (u <= self.u1) & (v >= self.v0) & (v <= self.v1)

    def outline(self, step_m: float = 60.0) -> tuple[Floats, Floats]:
        """Walk round the rectangle in short steps, so that it can be bent."""
        ring = shapely.segmentize(shapely.box(self.u0, self.v0, self.u1, self.v1).exterior, step_m)
        u, v = shapely.get_coordinates(ring).T
        return u, v


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The city on the flat plan.

    Parameters
    ----------
    u_lines, v_lines
        Arterials, metres; the river flows between two of the former, along ``u = 0``.
    river
        Column of blocks that the river fills.
    inner_ring
        The ring road round the centre: first and last arterial along u, then along v.
    city, centre, old_town, new_zone, works
        Quarters: all that is built up, inside the inner ring, the dense old streets, the growing
        development zone and the fading mills.
    lakes
        Blocks (p, q) that are water.
    """

    u_lines: Floats
    v_lines: Floats
    river: int
    inner_ring: tuple[int, int, int, int]
    city: Quarter
    centre: Quarter
    old_town: Quarter
    new_zone: Quarter
    works: Quarter
    lakes: tuple[tuple[int, int], ...]

    @property
    def half_m(self) -> float:
        """Half the side of the city, metres."""
        return float(self.v_lines[-1])

    def lake(self, block: tuple[int, int]) -> Quarter:
        """Bound the water inside a block."""
        p, q = block
        shore = 70.0
        return Quarter(
            self.u_lines[p] + shore, self.v_lines[q] + shore,
            self.u_lines[p + 1] - shore, self.v_lines[q + 1] - shore,
        )  # fmt: skip


def draw_layout(scale: float, rng: np.random.Generator) -> Layout:
    """Draw a city of about ``300 * scale`` big blocks astride the river, most of it to the east."""
    blocks = max(6, round(17 * np.sqrt(scale)))
    west = max(2, round(0.36 * blocks))
    east = blocks - west
    u_lines = np.concatenate(
        [(-BANK_M - _spaced(west, rng))[::-1], [-BANK_M, BANK_M], BANK_M + _spaced(east, rng)]
    )
    halves = [_spaced(blocks // 2, rng), _spaced(blocks - blocks // 2, rng)]
    v_lines = np.concatenate([-halves[0][::-1], [0.0], halves[1]])
    v_lines *= v_lines[-1] * 2 / (v_lines[-1] - v_lines[0])
    v_lines -= (v_lines[0] + v_lines[-1]) / 2
    ring = (
        west - max(1, round(0.5 * west)), west + 1 + round(0.5 * east),
        round(0.27 * blocks), round(0.73 * blocks),
    )  # fmt: skip

    def quarter(p0: float, q0: float, p1: float, q1: float) -> Quarter:
        p, q = (
            (round(west + 1 + share * east) for share in (p0, p1)),
            (round(share * blocks) for share in (q0, q1)),
        )
        (a, b), (c, d) = p, q
        return Quarter(*(float(x) for x in (u_lines[a], v_lines[c], u_lines[b], v_lines[d])))

    u0, u1, v0, v1 = (float(x) for x in (*u_lines[list(ring[:2])], *v_lines[list(ring[2:])]))
    last_u, last_v = float(u_lines[-1]), float(v_lines[-1])
    return Layout(
        u_lines=u_lines,
        v_lines=v_lines,
        river=west,
        inner_ring=ring,
        city=Quarter(float(u_lines[0]), float(v_lines[0]), last_u, last_v),
        centre=Quarter(u0, v0, u1, v1),
        old_town=quarter(0.0, 0.36, 0.34, 0.66),
        new_zone=quarter(0.45, 0.0, 1.0, 0.3),
        works=Quarter(float(u_lines[0]), float(v_lines[round(0.6 * blocks)]), -BANK_M, last_v),
        lakes=((west + 1 + round(0.4 * east), round(0.6 * blocks)), (blocks - 2, 2)),
    )


def city_plan(layout: Layout, rng: np.random.Generator) -> BlockPlan:
    """Decide what every block and every piece of arterial of the city is."""
    u, v = _middles(layout.u_lines), _middles(layout.v_lines)
    u, v = np.broadcast_arrays(u[:, None], v[None, :])
    city = layout.city
    reach = np.where(u > 0, u / city.u1, u / city.u0) ** 2.6 + np.abs(v / city.v1) ** 2.6
    fringe = reach ** (1 / 2.6)
    old, new = layout.old_town.holds(u, v), layout.new_zone.holds(u, v)
    gap = np.select([old, new, fringe < 0.55], [70.0, 138.0, 93.0], 93 + 150 * (fringe - 0.55))
    gap = gap * rng.uniform(0.85, 1.3, u.shape)
    empty = fringe + rng.normal(0, 0.09, u.shape) > np.where(new, 1.05, 0.9)
    walled = ~old & (rng.random(u.shape) < 0.07)
    water = np.zeros(u.shape, dtype=bool)
    water[tuple(zip(*layout.lakes, strict=True))] = True
    water[layout.river] = True
    columns = _lanes(np.diff(layout.u_lines)[:, None], gap, empty, walled, water)
    rows = _lanes(np.diff(layout.v_lines)[None, :], gap, empty, walled, water)
    empty |= water & (np.arange(u.shape[0])[:, None] == layout.river)
    upright, level = _arterial_classes(layout, empty)
    for pieces in (upright, level):  # some streets stop at the wall of a big compound
        pieces[(pieces == CODE["secondary"]) & (rng.random(pieces.shape) < 0.1)] = -1
    narrow = old & (rng.random(u.shape) < 0.6)
    return BlockPlan(
        layout.u_lines, layout.v_lines, columns, rows,
        disorder=np.select([old, new], [1.0, 0.15], 0.6),
        loss=np.select([old, new], [0.24, 0.1], 0.2),
        lane_class=np.where(narrow, CODE["living_street"], CODE["residential"]),
        upright_class=upright, level_class=level,
    )  # fmt: skip


def town_plan(scale: float, rng: np.random.Generator) -> BlockPlan:
    """Plan a county town: a few blocks round a crossing of two main streets."""
    blocks = max(4, round(5 * np.sqrt(scale)))
    shape = (blocks, blocks)
    lines = np.concatenate([[0.0], np.cumsum(rng.uniform(300, 430, blocks))])
    upright = np.full((blocks + 1, blocks), CODE["secondary"])
    upright[[0, -1]] = CODE["tertiary"]
    upright[blocks // 2] = CODE["primary"]
    middle = np.abs(np.arange(blocks) - (blocks - 1) / 2)
    corner = middle[:, None] + middle[None, :] > blocks - 1.6
    count = np.where(corner, 0, rng.integers(2, 5, shape))
    return BlockPlan(
        lines - lines[-1] / 2, lines - lines[-1] / 2, count, np.roll(count, 1),
        disorder=np.full(shape, 0.8), loss=np.full(shape, 0.22),
        lane_class=np.full(shape, CODE["residential"]),
        upright_class=upright, level_class=upright.T.copy(),
    )  # fmt: skip


def _spaced(count: int, rng: np.random.Generator) -> Floats:
    """Space arterials, closer in the centre than at the edge."""
    step = np.linspace(470, 900, count) * rng.uniform(0.85, 1.15, count)
    return np.asarray(np.cumsum(step))


def _middles(lines: Floats) -> Floats:
    return np.asarray((lines[:-1] + lines[1:]) / 2)


def _lanes(
    side_m: Floats, gap_m: Floats, empty: NDArray[np.bool_], walled: NDArray[np.bool_],
    water: NDArray[np.bool_],
) -> Ints:  # fmt: skip
    count = np.clip(np.round(side_m / gap_m) - 1, 1, 8)
    return np.asarray(np.select([empty | water, walled], [0, 1], count), dtype=np.int64)


def _arterial_classes(layout: Layout, empty: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Rank the arterials: rings are trunks, every other line is primary; fields have none."""
    count_p, count_q = empty.shape
    open_p = np.pad(empty, ((1, 1), (0, 0)), constant_values=True)
    open_q = np.pad(empty, ((0, 0), (1, 1)), constant_values=True)
    west, east, south, north = layout.inner_ring
    rank = (CODE["primary"], CODE["secondary"])
    upright = np.where(np.arange(count_p + 1) % 2 == layout.river % 2, *rank)[:, None]
    upright = np.repeat(upright, count_q, axis=1)
    level = np.repeat(np.where(np.arange(count_q + 1) % 2 == 0, *rank)[None, :], count_p, axis=0)
    upright[(open_p[:-1] & open_p[1:]) & (upright == CODE["secondary"])] = -1
    level[(open_q[:, :-1] & open_q[:, 1:]) & (level == CODE["secondary"])] = -1
    axis = int(np.argmin(np.abs(layout.v_lines)))
    level[layout.river] = -1
    level[layout.river, axis] = CODE["primary"]
    upright[[0, -1]] = CODE["trunk"]
    level[:, [0, -1]] = CODE["trunk"]
    upright[west, south:north] = upright[east, south:north] = CODE["trunk"]
    level[west:east, south] = level[west:east, north] = CODE["trunk"]
    return upright, level
