"""What happened, and can we trust it? From files of calls to places, times and categories."""

from optimizer.calls.schema import NO_CATEGORY, Calls, CallsSettings

__all__ = ["NO_CATEGORY", "Calls", "CallsSettings"]
