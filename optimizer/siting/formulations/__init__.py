"""Textbook location models, each written once for every solver."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.siting.formulations.backup import BACOP, BackupCovering
    from optimizer.siting.formulations.capacitated import CapacitatedCovering
    from optimizer.siting.formulations.distinct import DistinctCovering
    from optimizer.siting.formulations.floor import FlooredCovering
    from optimizer.siting.formulations.lscp import LSCP, SetCovering
    from optimizer.siting.formulations.mclp import MCLP, MaximalCovering
    from optimizer.siting.formulations.mexclp import MEXCLP, ExpectedCovering
    from optimizer.siting.formulations.p_center import PCenter
    from optimizer.siting.formulations.p_median import PMedian
    from optimizer.siting.formulations.scenarios import ScenarioCovering
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "BACOP",
    "LSCP",
    "MCLP",
    "MEXCLP",
    "BackupCovering",
    "CapacitatedCovering",
    "DistinctCovering",
    "ExpectedCovering",
    "FlooredCovering",
    "MaximalCovering",
    "PCenter",
    "PMedian",
    "ScenarioCovering",
    "SetCovering",
]
