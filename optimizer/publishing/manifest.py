"""manifest.json: which inputs, which versions, which seed, and how long each stage took."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

from optimizer import __version__
from optimizer.plan import CityPlan

LIBRARIES = (
    "folium", "geopandas", "highspy", "numba", "numpy", "ortools", "pandas", "pulp", "pyarrow",
    "pyogrio", "pyproj", "scikit-learn", "scipy", "shapely",
)  # fmt: skip


def manifest(plan: CityPlan) -> dict[str, Any]:
    """Record what a plan was made from, so that it can be made again."""
    return {
        "study": {"file": plan.study.path.name, "sha256": plan.study.sha256},
        "as_of": plan.as_of.isoformat(),
        "inputs": dict(sorted(plan.inputs.items())),
        "seed": plan.study.settings.study.seed,
        "versions": {
            "optimizer": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
        },
        "seconds": {stage: round(seconds, 2) for stage, seconds in plan.seconds.items()},
    }
