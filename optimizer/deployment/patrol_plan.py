"""What the patrols of a force come to, ready to be published.

Places and times are those of :mod:`optimizer.deployment.duty_plan`.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import shapely

from optimizer.deployment.settings import Vehicle

TargetKind = Literal["point", "line"]
StopKind = Literal["start", "point", "line", "standby", "end"]
Reason = Literal["no_unit", "no_time", "cover", "far"]


@dataclasses.dataclass(frozen=True, slots=True)
class PatrolStop:
    """One stop of a beat, or one line that it drives along.

    Parameters
    ----------
    kind
        "start" and "end" at the platform; "point" or "line"; "standby" until the next round.
    target_id, name
        Of the point or line; "" at the platform.
    node
        Where it stands; of a line, where it begins.
    arrive_s, leave_s
        Seconds after midnight of the day on which the shift begins.
    travel_s
        From the stop before.
    way
        Road nodes from where the stop before was left to ``node``.
    along
        Road nodes of a line in the order of driving, from ``node`` on; of anything else, none.
    """

    kind: StopKind
    target_id: str
    name: str
    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    street: str
    arrive_s: float
    leave_s: float
    travel_s: float
    way: tuple[int, ...] = ()
    along: tuple[int, ...] = ()

    @property
    def end_node(self) -> int:
        """Where it is left: of a line, where it ends."""
        return self.along[-1] if self.along else self.node


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Beat:
    """The patrol of one unit in one shift.

    Parameters
    ----------
    beat_id
        Such as "P01-day-car1".
    stops
        In their order, all rounds of the shift.
    rounds
        How often the same round is driven.
    path
        The way of one round over the streets.
    driven_km, patrol_share
        Of the shift: way, and share of its time spent on driving and standing.
    round_s, round_bound_s
        One round from the platform to the platform, and what no round past the same targets is
        quicker than: whole seconds.
    """

    beat_id: str
    platform_id: str
    grid_id: str
    shift: str
    unit: str
    vehicle: Vehicle
    stops: tuple[PatrolStop, ...]
    rounds: int
    path: shapely.LineString
    driven_km: float
    patrol_share: float
    round_s: int
    round_bound_s: int

    @property
    def round_status(self) -> Literal["optimal", "feasible"]:
        """Whether the order of its stops is proven to be the quickest."""
        return "optimal" if self.round_s == self.round_bound_s else "feasible"


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """A must-patrol point or line that no beat of a grid and shift has, and why.

    Parameters
    ----------
    reason
        "no_unit": none is manned; "no_time": the round is full; "cover": from there the grid's
        cover would fall below the floor; "far": even alone it does not fit into a round.
    lon, lat, x_m, y_m
        Where it is; of a line, where it begins.
    """

    grid_id: str
    shift: str
    target_id: str
    name: str
    kind: TargetKind
    reason: Reason
    lon: float
    lat: float
    x_m: float
    y_m: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PatrolPlan:
    """All beats.

    Parameters
    ----------
    least_cover
        Grid and shift -> the smallest share of its cover that the grid kept while patrolling.
    targets
        Must-patrol points and lines of all grids.
    """

    beats: tuple[Beat, ...]
    left_out: tuple[LeftOut, ...]
    least_cover: dict[tuple[str, str], float]
    targets: int
