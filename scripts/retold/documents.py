"""How files of the corpus are written: JSON in one form, and every file as a whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson


def json_text(document: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a document as a file of the corpus holds it; ``source_map.is_written`` knows this form again.

    Two spaces, no escapes, a line end at the end.
    """
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def write_json(path: Path, document: Any) -> None:  # noqa: ANN401 (any JSON value)
    """Write a document to a file, the same bytes on every system; ``OSError`` if that cannot be done."""
    write_whole(path, json_text(document))


def write_whole(path: Path, text: str) -> None:
    """Write a file as UTF-8, the whole of it or, with ``OSError``, nothing; a file there keeps its mode.

    A link at ``path`` is replaced, never written through; a pipe or a device is written to.
    """
    data = text.encode("utf-8")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)  # of a process that was killed
    try:
        with aside.open("xb") as file:
            file.write(data)
        if path.is_file() and not path.is_symlink():
            aside.chmod(path.stat().st_mode)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
