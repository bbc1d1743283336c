"""What must be patrolled: points to stand at, lines to drive along."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.patrol_plan import TargetKind

HEAVIEST = 1000


@dataclasses.dataclass(frozen=True, slots=True)
class Visit:
    """One way to serve a target: stand at a junction, or drive along roads in one direction.

    Parameters
    ----------
    nodes
        The junction; of a line, its junctions in the order of driving.
    service_s
        Whole seconds that it takes.
    """

    nodes: tuple[int, ...]
    service_s: int


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """One must-patrol point or line.

    Parameters
    ----------
    target_id, name
        As the study has them.
    worth
        What having it on a beat counts, a whole number; see `worths`.
    visits
        The ways to serve it, one of which is taken: a line may be driven in either direction
        where no one-way street forbids it.
    """

    target_id: str
    name: str
    kind: TargetKind
    worth: int
    visits: tuple[Visit, ...]

    @property
    def node(self) -> int:
        """Where it is; of a line, where it begins."""
        return self.visits[0].nodes[0]


def worths(orders: Sequence[float], statistics: Sequence[float]) -> tuple[list[int], list[int]]:
    """Turn weights into worths: 1 to 1000 by weight, and any order above all statistics together.

    Whoever lists a point or line has decided that it must be patrolled; hotspots and key sites
    follow by their weight.
    """
    low = _ranks(statistics)
    step = 1 + sum(low)
    return [step * rank for rank in _ranks(orders)], low


def _ranks(weights: Sequence[float]) -> list[int]:
    heaviest = max(weights, default=0.0)
    if heaviest <= 0:
        return [HEAVIEST] * len(weights)
    return [max(1, round(HEAVIEST * weight / heaviest)) for weight in weights]


def at_one_stop(targets: Iterable[Target]) -> list[Target]:
    """Join the points that share a junction: who stands there stands at all of them."""
    joined: dict[tuple[str, object], Target] = {}
    for target in targets:
        key = (target.kind, target.node if target.kind == "point" else target.target_id)
        other = joined.get(key)
        joined[key] = target if other is None else _joined(other, target)
    return list(joined.values())


def _joined(first: Target, second: Target) -> Target:
    names = dict.fromkeys([*first.name.split(" / "), second.name])
    return dataclasses.replace(
        first,
        target_id=f"{first.target_id}+{second.target_id}",
        name=" / ".join(names),
        worth=first.worth + second.worth,
    )


def by_grid(targets: Iterable[Target], grid_of_node: NDArray[np.int32]) -> dict[int, list[Target]]:
    """Share targets out among the grids; a line goes to the grid that has most of its junctions."""
    shared: dict[int, list[Target]] = {}
    for target in targets:
        owners = [int(grid_of_node[node]) for node in target.visits[0].nodes]
        owner = max(dict.fromkeys(owners), key=owners.count)
        shared.setdefault(owner, []).append(target)
    return shared
