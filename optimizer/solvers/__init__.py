"""Who does the arithmetic: one protocol, two solvers behind it."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.solvers.backend import Backend, Outcome, Status
    from optimizer.solvers.cp_sat import CpSatBackend
    from optimizer.solvers.highs import HighsBackend, run_interruptibly
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = ["Backend", "CpSatBackend", "HighsBackend", "Outcome", "Status", "run_interruptibly"]
