"""Solvers that do not tell the truth."""

from __future__ import annotations

import dataclasses

from optimizer.solvers import HighsBackend, Outcome


class Liar:
    """A solver that runs HiGHS and then changes its story."""

    def __init__(self, **changes) -> None:
        self._honest, self._changes = HighsBackend(), changes

    def __getattr__(self, name):
        return getattr(self._honest, name)

    def solve(self, **limits) -> Outcome:
        outcome = self._honest.solve(**limits)
        changed = {
            field: change(outcome) if callable(change) else change
            for field, change in self._changes.items()
        }
        return dataclasses.replace(outcome, **changed)
