"""A small town of twelve junctions, whose platforms are placed by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from optimizer.evaluation import Coverage, Platform, evaluate_coverage
from optimizer.planning import CityInputs, SiteRules, deploy_platforms, read_inputs, site_rules
from optimizer.study import Study, read_study

STUDY = """
[study]
name = "town"
as_of = 2026-01-01
[demand]
path = "counts.csv"
[roads]
nodes = "nodes.csv"
edges = "edges.csv"
[standards]
urban = 2
turnout_seconds = 30
[platforms]
count = 1
min_legs = 1
"""
COLUMNS, ROWS = 6, 2
STREET_M = 600.0
"""A minute at 36 km/h, the speed along the rows; the columns are half as quick."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Town:
    """The town as read, and what platforms at junctions of our choice reach.

    Junctions are ``a0 ... a5`` from west to east, and ``b0 ... b5`` north of them: a minute apart
    along a row and two across.
    """

    study: Study
    inputs: CityInputs
    rules: SiteRules

    def nodes(self, names: str | Sequence[str]) -> np.ndarray:
        listed = names.split() if isinstance(names, str) else names
        return self.inputs.network.nodes_of(listed)

    def with_sections(self, **sections: object) -> Town:
        """The same town under another study, checked again as if it stood in the file."""
        document = self.study.settings.model_dump() | sections
        study = Study(type(self.study.settings).model_validate(document), self.study.path, "")
        return dataclasses.replace(self, study=study)

    def with_demand(self, **arrays: np.ndarray) -> Town:
        """The same town with other columns of demand, one entry for each junction."""
        demand = dataclasses.replace(self.inputs.demand, **arrays)
        return dataclasses.replace(self, inputs=dataclasses.replace(self.inputs, demand=demand))

    def force(self, names: str) -> tuple[tuple[Platform, ...], Coverage]:
        """Platforms at some junctions, and what they cover."""
        deployed = deploy_platforms(self.study, self.inputs, self.nodes(names), resited=False)
        return deployed.platforms, deployed.coverage

    def reached(self, nodes: np.ndarray) -> np.ndarray:
        """Which demand points each node reaches in time, by another library's shortest ways."""
        network, demand = self.inputs.network, self.inputs.demand
        graph = coo_array((network.travel_ms, (network.tail, network.head)),
                          shape=(network.node_count,) * 2).tocsr()  # fmt: skip
        time_s = dijkstra(graph, indices=nodes)[:, demand.node] / 1000
        return time_s + self.study.settings.standards.turnout_seconds <= demand.standard_s + 5e-4

    def share(self, nodes: np.ndarray) -> float:
        """Covered share of the weight with platforms or points at some nodes."""
        turnout_s = self.study.settings.standards.turnout_seconds
        return evaluate_coverage(
            self.inputs.demand, self.inputs.network, nodes, turnout_s
        ).covered_share()


@pytest.fixture(scope="session")
def write_town(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write the files of the town with more lines at the end of its study."""

    def write(more: str = "") -> Path:
        folder = tmp_path_factory.mktemp("town")
        names = [f"{row}{column}" for row in "ab" for column in range(COLUMNS)]
        places = [f"{name},{int(name[1]) * STREET_M:g},{STREET_M * (name[0] == 'b'):g}"
                  for name in names]  # fmt: skip
        along = [f"{row}{column},{row}{column + 1},36"
                 for row in "ab" for column in range(COLUMNS - 1)]  # fmt: skip
        across = [f"a{column},b{column},18" for column in range(COLUMNS)]
        counts = [f"{place},{count}" for count, place in enumerate(places, start=1)]
        texts = {"study.toml": [STUDY + more], "nodes.csv": ["id,x,y", *places],
                 "edges.csv": ["from,to,speed_kph", *along, *across],
                 "counts.csv": ["id,x,y,calls", *counts]}  # fmt: skip
        for name, lines in texts.items():
            (folder / name).write_text("\n".join(lines), encoding="utf-8")
        return folder / "study.toml"

    return write


@pytest.fixture(scope="session")
def town(write_town: Callable[[str], Path]) -> Town:
    """Counts of 1 to 12 from ``a0`` to ``b5``; help is due in two minutes, half of one to turn out.

    So a platform reaches its own junction and the next ones along its row.
    """
    study = read_study(write_town(""))
    inputs = read_inputs(study)
    return Town(study, inputs, site_rules(study, inputs))
