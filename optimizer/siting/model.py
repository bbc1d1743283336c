"""What is asked of a siting problem: one small protocol, one class for each location model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import numpy.typing as npt

from optimizer.siting.problem import Indices, SitingProblem
from optimizer.solvers import Backend

Sense = Literal["max", "min"]


class Formulation(Protocol):
    """A model written down on one back end: how to hand plans over and read them back."""

    def start(self, sites: Indices) -> dict[str, float]:
        """Values of the variables when these sites open."""

    def sites(self, values: Mapping[str, float]) -> Indices:
        """Read the open sites off the values; a site with k units appears k times."""


class Model(Protocol):
    """A location model: a frozen value that holds what the problem's arrays do not say."""

    @property
    def name(self) -> str:
        """Word of the command line, such as "mclp"."""

    @property
    def sense(self) -> Sense:
        """Whether the objective should be large or small."""

    def faults(self, problem: SitingProblem) -> list[str]:
        """Sentences naming data that make no sense for this model."""

    def clashes(self, problem: SitingProblem) -> list[str]:
        """Sentences naming rules that no plan can keep, each with the smallest change."""

    def value(self, problem: SitingProblem, sites: npt.ArrayLike) -> float:
        """Objective of a plan, from the data alone."""

    def broken_rules(self, problem: SitingProblem, sites: npt.ArrayLike) -> list[str]:
        """Sentences naming every rule that opening exactly these sites would break."""

    def is_whole(self, problem: SitingProblem) -> bool:
        """Whether every plan's objective is a whole number, so that a bound may be rounded."""

    def formulate(self, problem: SitingProblem, backend: Backend) -> Formulation:
        """Write the model down on an empty back end."""
