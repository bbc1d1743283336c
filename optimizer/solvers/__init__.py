"""Who does the arithmetic: one protocol, two solvers behind it."""

from optimizer.solvers.backend import Backend, Outcome, Status
from optimizer.solvers.cp_sat import CpSatBackend
from optimizer.solvers.highs import HighsBackend, run_interruptibly

__all__ = ["Backend", "CpSatBackend", "HighsBackend", "Outcome", "Status", "run_interruptibly"]
