"""Good plans for few posts: thin out, fill up, swap, each set evaluated by a search past it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

import numpy as np

from optimizer.checkpoints.interception.post_choice import Look, PostChoice

TRIED = 8
"""Sites tried in the place of a post: those on most of the ways by which the rest gets out."""
PASSES = 6
"""Times that every post of a plan is reconsidered, at most."""


def improved_plan(
    choice: PostChoice, start: Iterable[int], until: float
) -> tuple[tuple[int, ...], Look]:
    """Bring a set of sites to the number of posts, and exchange posts until that gains nothing.

    Parameters
    ----------
    until
        By the monotonic clock: from then on the set is taken as it is.

    Returns
    -------
    The sites in order, and what they are worth.
    """
    plan = _thinned(choice, sorted(set(start)), until)
    plan, look = _filled(choice, plan, until)
    for _ in range(PASSES):
        before = look.value
        for site in plan:
            if time.monotonic() < until:
                plan, look = _exchanged(choice, plan, look, site)
        if look.value <= before:
            break
    return tuple(plan), look


def _thinned(choice: PostChoice, plan: list[int], until: float) -> list[int]:
    """Take posts away, each time the one that is missed least."""
    while len(plan) > choice.count and time.monotonic() < until:
        worth = [choice.look(_without(plan, site)).value for site in plan]
        plan = _without(plan, plan[max(range(len(plan)), key=worth.__getitem__)])
    return plan[: choice.count]


def _filled(choice: PostChoice, plan: list[int], until: float) -> tuple[list[int], Look]:
    """Add posts where most of those who leak come by, each time the one that gains most."""
    look = choice.look(plan)
    while len(plan) < choice.count and len(look.lost) and time.monotonic() < until:
        options = [(choice.look([*plan, site]), site) for site in _busiest(choice, plan, look)]
        if not options:
            break
        look, site = max(options, key=lambda option: option[0].value)
        plan = sorted([*plan, site])
    return plan, look


def _exchanged(
    choice: PostChoice, plan: list[int], look: Look, site: int
) -> tuple[list[int], Look]:
    """Move one post to the best other place, if that is better."""
    rest = _without(plan, site)
    for other in _busiest(choice, rest, choice.look(rest)):
        if other != site:
            moved = choice.look([*rest, other])
            if moved.value > look.value:
                plan, look = sorted([*rest, other]), moved
    return plan, look


def _busiest(choice: PostChoice, plan: Sequence[int], look: Look) -> list[int]:
    """List the free sites on the most ways out, by weight; of equals, as along a street, one."""
    traffic = choice.traffic(look)
    traffic[~choice.allowed] = 0
    traffic[list(plan)] = 0
    weights, first = np.unique(-traffic, return_index=True)
    return [int(site) for site in first[weights < 0][:TRIED]]


def _without(plan: Sequence[int], site: int) -> list[int]:
    return [other for other in plan if other != site]
