"""The account of every row: read, used, or dropped for one stated reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

Reason = Literal[
    "broken_row",
    "duplicate",
    "no_coordinates",
    "bad_coordinates",
    "zero_coordinates",
    "unknown_node",
    "out_of_area",
    "no_time",
    "bad_time",
    "excluded_category",
    "before_window",
    "after_as_of",
    "repeat_report",
    "too_far_from_road",
]
"""Why a row is not used, in the order in which rows are tried; the first that fits counts."""

REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Quality:
    """What became of the rows of the call files.

    Parameters
    ----------
    read
        Rows in the files, broken ones included.
    used
        Calls the plan is made from.
    dropped
        Rows per reason; with `used` they make up `read`.
    repaired
        Used calls that were put right, by what was wrong.
    kept_but_marked
        Used calls that a person should know about.
    files
        Rows read per file.
    warnings
        Sentences.

    Raises
    ------
    ValueError
        If the counts do not add up: a row was lost or counted twice.
    """

    read: int
    used: int
    dropped: Mapping[Reason, int]
    repaired: Mapping[str, int] = field(default_factory=dict)
    kept_but_marked: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("dropped", "repaired", "kept_but_marked", "files"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        unknown = set(self.dropped) - set(REASONS)
        if unknown:
            raise ValueError(f"quality: unknown reasons {sorted(unknown)}")
        if self.used < 0 or any(count < 0 for count in self.dropped.values()):
            raise ValueError("quality: a count is negative")
        if self.read != self.used + sum(self.dropped.values()):
            raise ValueError(
                f"quality: {self.read} rows read, but {self.used} used and "
                f"{sum(self.dropped.values())} dropped"
            )

    def with_dropped(self, reason: Reason, count: int) -> Quality:
        """Move calls from used to dropped, for a later stage that cannot use them."""
        if count == 0:
            return self
        dropped = {**self.dropped, reason: self.dropped.get(reason, 0) + count}
        return replace(self, used=self.used - count, dropped=dropped)

    def with_warning(self, sentence: str) -> Quality:
        """Add a sentence."""
        return replace(self, warnings=(*self.warnings, sentence))

    def to_json(self) -> dict[str, Any]:
        """Give plain dicts, lists and numbers, ready for `json.dump`."""
        return {
            "read": self.read,
            "used": self.used,
            "dropped": {
                reason: self.dropped[reason] for reason in REASONS if reason in self.dropped
            },
            "repaired": dict(self.repaired),
            "kept_but_marked": dict(self.kept_but_marked),
            "files": dict(self.files),
            "warnings": list(self.warnings),
        }
