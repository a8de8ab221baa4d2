"""The form in which the corpus keeps a JSON document: two spaces, no escapes, a line end at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson


def json_text(document: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a document as a file of the corpus holds it; ``source_map.is_written`` knows this form again."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def write_json(path: Path, document: Any) -> None:  # noqa: ANN401 (any JSON value)
    """Write a document to a file, the same bytes on every system; ``OSError`` if that cannot be done."""
    path.write_text(json_text(document), encoding="utf-8", newline="\n")
