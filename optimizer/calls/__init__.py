"""What happened, and can we trust it? From files of calls to places, times and categories."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.calls.clean import CleanedCalls, clean_calls, planning_window
    from optimizer.calls.datum_check import datum_warning
    from optimizer.calls.placing import Area
    from optimizer.calls.publishable import officer_initiated
    from optimizer.calls.quality import REASONS, Quality, Reason
    from optimizer.calls.read import RawCalls, read_calls
    from optimizer.calls.schema import NO_CATEGORY, Calls, CallsSettings
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "NO_CATEGORY",
    "REASONS",
    "Area",
    "Calls",
    "CallsSettings",
    "CleanedCalls",
    "Quality",
    "RawCalls",
    "Reason",
    "clean_calls",
    "datum_warning",
    "officer_initiated",
    "planning_window",
    "read_calls",
]
