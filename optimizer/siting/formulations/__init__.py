"""Textbook location models, each written once for every solver."""

from optimizer.siting.formulations.floor import FlooredCovering
from optimizer.siting.formulations.lscp import LSCP, SetCovering
from optimizer.siting.formulations.mclp import MCLP, MaximalCovering
from optimizer.siting.formulations.scenarios import ScenarioCovering

__all__ = [
    "LSCP",
    "MCLP",
    "FlooredCovering",
    "MaximalCovering",
    "ScenarioCovering",
    "SetCovering",
]
