"""The p-center: a search over the travel times, each decided by set covering.

"Can the platforms reach everybody within D?" is a covering problem; the answer changes from no to
yes at the optimum, which is one of the travel times. Interchange on a steep power of the times
finds a good plan first, and no plan is quicker than the farthest point's own nearest site.

Sources: Minieka 1970, SIAM Review 12, 138-139; Elloumi, Labbe & Pochet 2004,
doi:10.1287/ijoc.1030.0028.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimizer.siting.cover import rules_of
from optimizer.siting.covering.reduce import completed
from optimizer.siting.problem import Indices
from optimizer.siting.proof import Proof
from optimizer.siting.travel.interchange import exchange
from optimizer.siting.travel.reach_all import plan_reaching_all, reach_of
from optimizer.siting.travel.ways import nearest_s, ways_of
from optimizer.solvers import Backend

SEARCH = "covering within a time, times searched by halving"
POWER = 8
WORK = 3e7


def reach_soonest(proof: Proof, seed: int, backend: Callable[[], Backend]) -> str:
    """Prove as much as time allows; return the name of the method.

    Raises
    ------
    InfeasibleError
        If no plan reaches everybody.
    """
    problem = proof.problem
    plan = _searched(proof, seed)
    if proof.model.broken_rules(problem, plan):
        plan = plan_reaching_all(proof, seed, backend)
    proof.offer(plan)
    everywhere = nearest_s(problem, np.flatnonzero(~problem.forbidden))
    proof.limit(float(everywhere[problem.weight > 0].max()))
    proof.say("search")
    between = (problem.travel_s >= proof.bound) & (problem.travel_s < proof.value)
    times = np.unique(problem.travel_s[between])
    while len(times) and not proof.is_good() and not proof.out_of_time():
        middle = float(times[len(times) // 2])
        answer = reach_of(problem, middle).plan(
            seed=seed, time_limit_s=proof.seconds_left(), backend=backend
        )
        if answer.plan is not None:
            proof.offer(answer.plan)
            times = times[times < proof.value]
        elif answer.decided:
            times = times[times > middle]
        else:
            break
        proof.limit(float(times[0]) if len(times) else proof.value)
        proof.say(f"covering within {middle:,.6g} s")
    return SEARCH


def _searched(proof: Proof, seed: int) -> Indices:
    """Find a plan without very long ways, which weigh all but everything in a steep power."""
    problem = proof.problem
    longest = max(float(problem.travel_s.max()), 1.0)
    return exchange(
        ways_of(problem, (problem.travel_s / longest) ** POWER),
        rules_of(problem),
        problem.keep | problem.forbidden,
        completed(problem, np.flatnonzero(problem.keep), problem.budgets),
        seed=seed,
        work=WORK,
        out_of_time=proof.out_of_time,
    )
