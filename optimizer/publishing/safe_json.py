"""JSON that can stand in a script element and pass through a template engine unchanged."""

from __future__ import annotations

import json
import re
from typing import Any

_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
    "{{": "\\u007b\\u007b",
    "{%": "\\u007b%",
    "{#": "\\u007b#",
}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # cannot be written as UTF-8


def script_json(value: Any) -> str:
    """Write `value` as JSON that neither HTML nor JavaScript nor Jinja reads as its own.

    Every replaced character lies inside a JSON string, because structure never puts two braces that
    open, or a brace and a percent sign, side by side; so reading the text back gives `value` again.

    Raises
    ------
    ValueError
        If a number is NaN or infinite, which JSON cannot say.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for plain, escaped in _ESCAPES.items():
        text = text.replace(plain, escaped)
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
