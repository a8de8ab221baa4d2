"""The failing examples under ``fixtures/invalid``: the tiny corpus with a few edits that break one rule.

``expected.json`` of each folder holds the ``command`` that finds the fault, the ``edits`` and the
``findings``. An edit has a ``file`` (relative to the root) and an ``op``: ``replace``, ``add``, ``remove``
and ``move`` change JSON at a JSON Pointer ``at`` as RFC 6902 does; ``text`` replaces ``old``, which must
stand there once, by ``new``; ``write``, ``delete``, ``symlink`` and ``rename`` concern the file as a whole,
``lines`` the corpus: it gets the other form, JSON Lines.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from retold.exchange.jsonl import write_lines
from retold.layout import Layout

FIXTURES = Path(__file__).resolve().parent / "fixtures"
TINY = FIXTURES / "valid" / "tiny"
INVALID = FIXTURES / "invalid"

Edit = dict[str, Any]


def apply(root: Path, edit: Edit) -> None:
    """Apply one edit to the corpus at ``root``."""
    OPERATIONS[edit["op"]](root / edit["file"], edit)


def edit_json(path: Path, change: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _walk(document: Any, pointer: str) -> tuple[Any, Any]:
    *parents, last = pointer.removeprefix("/").split("/")
    for step in parents:
        document = document[int(step) if isinstance(document, list) else step]
    if isinstance(document, list):
        return document, len(document) if last == "-" else int(last)
    return document, last


def _replace(path: Path, edit: Edit) -> None:
    def change(document: Any) -> None:
        parent, last = _walk(document, edit["at"])
        assert parent[last] != edit["value"], "the edit changes nothing"
        parent[last] = edit["value"]

    edit_json(path, change)


def _insert(document: Any, pointer: str, value: Any) -> None:
    parent, last = _walk(document, pointer)
    if isinstance(parent, list):
        parent.insert(last, copy.deepcopy(value))
    else:
        parent[last] = value


def _remove(document: Any, pointer: str) -> Any:
    parent, last = _walk(document, pointer)
    return parent.pop(last)


def _write(path: Path, edit: Edit) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(edit["text"].encode(edit["encoding"]))


def _text(path: Path, edit: Edit) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(edit["old"]) == 1, f"{edit['old']!r} stands {text.count(edit['old'])} times in {path}"
    path.write_text(text.replace(edit["old"], edit["new"]), encoding="utf-8")


def _symlink(path: Path, edit: Edit) -> None:
    path.unlink()
    path.symlink_to(edit["to"])


def _lines(root: Path, _: Edit) -> None:
    write_lines(Layout(root), root / "lines")
    for top in ("raw", "annotations"):
        shutil.rmtree(root / top)
    (root / "lines" / "shards").rename(root / "shards")


OPERATIONS: dict[str, Callable[[Path, Edit], None]] = {
    "replace": _replace,
    "add": lambda path, edit: edit_json(path, lambda d: _insert(d, edit["at"], edit["value"])),
    "remove": lambda path, edit: edit_json(path, lambda d: _remove(d, edit["at"])),
    "move": lambda path, edit: edit_json(path, lambda d: _insert(d, edit["at"], _remove(d, edit["from"]))),
    "text": _text,
    "write": _write,
    "delete": lambda path, _: path.unlink(),
    "symlink": _symlink,
    "rename": lambda path, edit: path.rename(path.with_name(edit["to"])),
    "lines": _lines,
}
