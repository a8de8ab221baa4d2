"""The form in which the corpus keeps a JSON document: two spaces, no escapes, a line end at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def json_text(document: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a document as a file of the corpus holds it; ``source_map.is_written`` knows this form again."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write_json(path: Path, document: Any) -> None:  # noqa: ANN401 (any JSON value)
    """Write a document to a file, the same bytes on every system; ``OSError`` if that cannot be done."""
    path.write_text(json_text(document), encoding="utf-8", newline="\n")
