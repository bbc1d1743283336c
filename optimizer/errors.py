"""Every exception of the package, one tree.

OptimizerError
├── InputError (also a ValueError)        the user's input is wrong; the command line exits with 2
├── InfeasibleError (also a ValueError)   the input is fine, but no plan satisfies it; exits with 1
└── SolverError (also a RuntimeError)     a solver failed, or the data contradict its answer
"""

from __future__ import annotations

from collections.abc import Iterable


class OptimizerError(Exception):
    """Base of every error this package raises on purpose."""


class InputError(OptimizerError, ValueError):
    """One or more faults in what the user handed in.

    Parameters
    ----------
    faults
        One sentence per fault: what is wrong, which value, where, what to do. The full stop is
        left to whoever prints it.
    """

    faults: tuple[str, ...]

    def __init__(self, faults: str | Iterable[str]) -> None:
        sentences = (faults,) if isinstance(faults, str) else faults
        self.faults = tuple(sentence.removesuffix(".") for sentence in sentences)
        super().__init__("\n".join(self.faults))


class InfeasibleError(OptimizerError, ValueError):
    """No plan satisfies the constraints; the message names those that clash."""


class SolverError(OptimizerError, RuntimeError):
    """A solver failed, or its answer does not survive re-evaluation from the data."""
