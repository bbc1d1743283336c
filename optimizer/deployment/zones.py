"""Key patrol zones: hotspots gathered into zones that one group can patrol, most prevented first.

Zones S are sets of hotspots of which no two are further apart than allowed, and whose round (stops
and the shortest closed way through them) fits into the time of a round. With y_S = 1 where S is a
zone:

maximise    sum_S (v_S - c h_S) y_S
subject to  sum_{S contains h} y_S <= 1          for every hotspot h
            sum_S y_S <= K
            sum_S h_S y_S <= H                   where patrol hours are limited
            y_S in {0, 1}

v_S is what presence prevents in a year, h_S the patrol hours per day; c is so small that all hours
together weigh at most half of the gap that is accepted: it settles ties in favour of short rounds.
There are too many S to list, so the linear program gets them as its prices ask for them; prices
u, q, m of the three rows bound every choice,

    v <= sum_h u_h + m H + K max_S (v_S - c h_S - sum_{h in S} u_h - m h_S)^+ + c H',

with H' as many hours as K zones can take at most. Last, all zones that the bound does not rule out
are handed to a solver, if they can be listed.

Source: set packing by columns, Barnhart et al. 1998, doi:10.1287/opre.46.3.316; listing what the
gap leaves, Baldacci, Christofides & Mingozzi 2008, doi:10.1007/s10107-007-0178-5.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal

from optimizer.deployment.zone_problem import Zone, ZoneProblem
from optimizer.deployment.zone_program import ZoneProgram
from optimizer.errors import SolverError
from optimizer.solvers import Backend, HighsBackend

GAP = 0.001
"""A choice within this share of the bound is called optimal, as platforms are."""


@dataclasses.dataclass(frozen=True, slots=True)
class ZoneChoice:
    """Zones as sets of hotspots, most prevented first, and what no other choice exceeds."""

    zones: tuple[Zone, ...]
    prevented: float
    bound: float
    status: Literal["optimal", "feasible"]


def choose_zones(
    problem: ZoneProblem, *, seed: int = 0, backend: Callable[[], Backend] = HighsBackend
) -> ZoneChoice:
    """Choose zones that prevent most.

    Raises
    ------
    SolverError
        The solver fails, or its zones break a rule or prevent more than was proven possible.
    """
    program = ZoneProgram(problem, seed, backend)
    zones = program.run()
    prevented = problem.prevented(zones)
    broken = problem.broken_rules(zones)
    if prevented > program.bound * (1 + 1e-6) + 1e-9:
        broken.append(f"they prevent {prevented}, more than the bound {program.bound}")
    if broken:
        raise SolverError(f"The patrol zones break their own rules: {'; '.join(broken)}.")
    ranked = sorted(zones, key=lambda zone: (-problem.prevented([zone]), zone))
    bound = max(program.bound, prevented)
    is_best = bound - prevented <= GAP * bound
    return ZoneChoice(tuple(ranked), prevented, bound, "optimal" if is_best else "feasible")
