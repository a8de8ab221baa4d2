"""L1 and L2 of single files: bytes to text or JSON, JSON against its schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from retold.findings import Finding, finding
from retold.source_form import is_plain, is_written

if TYPE_CHECKING:
    from retold.schemas import Schemas
    from retold.source_map import Position

BOM = b"\xef\xbb\xbf"


def decode_text(path: str, data: bytes) -> tuple[str | None, list[Finding]]:
    """Decode a raw text; ``None`` if it is not UTF-8.

    Issues: not-utf8.
    """
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return None, [_not_utf8(path, data, error)]


def parse_json(path: str, data: bytes) -> tuple[Any, list[Finding]]:
    """Parse a JSON file strictly; the document is ``None`` if there are findings.

    Issues: not-utf8, byte-order-mark, invalid-json, duplicate-key, number-form.
    """
    return _parse(path, data, is_written)


def parse_line(path: str, number: int, data: bytes) -> tuple[Any, list[Finding]]:
    """Parse a line of a JSON Lines file as strictly; ``number`` counts the lines from 1.

    Issues: not-utf8, byte-order-mark, invalid-json, duplicate-key, number-form.
    """
    if not data:
        return None, [finding("invalid-json", path, (), None, (number, 1), reason="the line is empty")]
    from retold.json_lines import is_compact  # noqa: PLC0415 (what it builds on is needed for lines only)

    document, findings = _parse(path, data, is_compact)
    return document, [_in_line(number, found) for found in findings]


def _in_line(number: int, found: Finding) -> Finding:
    position = (number, found.position[1] if found.position else 1)
    values = tuple((name, str(number) if name == "first" else value) for name, value in found.values)
    return replace(found, position=position, values=values)


def _parse(path: str, data: bytes, is_usual: Callable[[bytes, object], bool]) -> tuple[Any, list[Finding]]:
    """Parse strictly; a file or line of the usual form needs no second look."""
    if data.startswith(BOM):
        return None, [finding("byte-order-mark", path, (), None, (1, 1))]
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return None, _refusal(path, data, error)
    if is_usual(data, document):
        return document, []
    text = data.decode("utf-8")
    findings = [] if is_plain(text) else list(_explain(path, text))
    return (None if findings else document), findings


def judge(path: str, kind: str, document: object, schemas: Schemas) -> Iterator[Finding]:
    """L2: check a document against its schema.

    Issues: schema-violation.
    """
    for error in schemas.errors(kind, document):
        item = _item_of(document, error.path)
        yield finding("schema-violation", path, error.path, item, reason=error.message)


def _refusal(path: str, data: bytes, error: orjson.JSONDecodeError) -> list[Finding]:
    """Say why a file is no JSON; in the parser's words where the scanner finds nothing."""
    text, findings = decode_text(path, data)
    if text is None:
        return findings
    reason = finding("invalid-json", path, (), None, (error.lineno, max(error.colno, 1)), reason=error.msg)
    return list(_explain(path, text)) or [reason]


def _not_utf8(path: str, data: bytes, error: UnicodeDecodeError) -> Finding:
    before = data[: error.start].decode("utf-8")
    position = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    return finding("not-utf8", path, (), None, position, byte=f"0x{data[error.start]:02x}")


def _item_of(document: object, pointer: tuple[str | int, ...]) -> str | None:
    """Return the id of the innermost item around a place."""
    item = None
    for step in pointer:
        if isinstance(document, dict):
            document = document.get(step)
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        if isinstance(document, dict) and isinstance(document.get("id"), str):
            item = document["id"]
    return item


def _explain(path: str, text: str) -> Iterator[Finding]:
    from retold.source_map import SourceMap  # noqa: PLC0415 (only a corpus with faults pays)

    source = SourceMap.parse(text)
    problem = source.syntax_problem
    if problem:
        yield finding("invalid-json", path, (), None, _pair(problem.position), reason=problem.message)
    for key in source.duplicate_keys:
        values = {"key": str(key.path[-1]), "first": str(key.first.line)}
        yield finding("duplicate-key", path, key.path, None, _pair(key.position), **values)
    for number in source.odd_numbers:
        position = _pair(number.position)
        yield finding("number-form", path, number.path, None, position, number=number.token)


def _pair(position: Position) -> tuple[int, int]:
    return position.line, position.column
