"""JSON for the page: small, and safe inside a script."""

from __future__ import annotations

import json
from typing import Any

from retold.records import Span

Json = dict[str, Any]

# Characters that could end the script, begin a comment in it, or (once) end a line of it.
_UNSAFE = str.maketrans(
    {character: f"\\u{ord(character):04x}" for character in ("<", ">", "&", "\u2028", "\u2029")}
)


def lean(record: Json) -> Json:
    """Return a record without its empty values: the page takes what is not there as empty."""
    return {key: value for key, value in record.items() if value not in (None, "", [], ())}


def pairs(spans: tuple[Span, ...]) -> list[list[int]]:
    """Return spans as pairs of offsets, code points into the article's raw text, half-open."""
    return [[span.start, span.end] for span in spans]


def script_value(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a value as a JavaScript expression that is safe inside a ``script`` element too."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_UNSAFE)


def data_script(data: Json) -> str:
    """Return the script that gives the page its data, one line a part: a change is one line's change."""
    parts = ",\n".join(f"{script_value(name)}:{_lines(value)}" for name, value in data.items())
    return f'"use strict";\nwindow.RETOLD = {{\n{parts}\n}};\n'


def _lines(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(script_value, value)) + "\n]"
    return script_value(value)
