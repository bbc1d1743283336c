"""Where a fugitive leaves the city, as a file lists it."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.places import PlaceSource, guess_column, read_source
from optimizer.planning.checkpoint_inputs.streets import Streets

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Exits:
    """Listed exits; arrays are read-only.

    Parameters
    ----------
    ids, names
        As the file gives them.
    node
        Road node of each, of the whole network, shape (e,).
    weight
        What closing each is worth where units are too few, shape (e,).
    warnings
        Sentences that a planner should read.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    node: Ints
    weight: Floats
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.node.setflags(write=False)
        self.weight.setflags(write=False)

    def __len__(self) -> int:
        return len(self.ids)


def read_exits(source: PlaceSource, streets: Streets, root: Path = Path()) -> Exits:
    """Read a table of exits: id, place, and a column ``weight`` if it has one.

    Raises
    ------
    InputError
        The file is missing or wrong; all its faults.
    """
    path = root / source.path
    if source.weight is None:
        columns = read_source(path, encoding=source.encoding).table.column_names
        source = source.model_copy(update={"weight": guess_column("weight", columns)})
    places, warnings = streets.read_points(source, root)
    ids, node = tuple(places["place_id"]), places["node"].to_numpy(np.int32, copy=True)
    return Exits(
        ids=ids,
        names=tuple(places["name"]),
        node=node,
        weight=places["weight"].to_numpy(float, copy=True),
        warnings=(*warnings, *_shared_nodes(path.name, ids, node)),
    )


def _shared_nodes(file: str, ids: tuple[str, ...], node: Ints) -> Iterator[str]:
    at: dict[int, list[str]] = defaultdict(list)
    for exit_id, one in zip(ids, node.tolist(), strict=True):
        at[one].append(exit_id)
    for shared in at.values():
        if len(shared) > 1:
            yield (
                f"{file}: the exits {', '.join(shared)} stand at one road node; one unit there "
                "would close them all, so list the node once"
            )
