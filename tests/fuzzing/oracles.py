"""What must hold besides the exit codes: engines that agree, spans that stand where they say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator, FormatChecker

from corpora import REPOSITORY
from retold.checks.files import parse_json
from retold.schemas import Schemas

DEEP = 200  # no document of ours is nested like that, and what calls itself ends there
SCHEMAS = Schemas(REPOSITORY / "schema")


def engine_fault(data: bytes) -> str | None:
    """Say where the two engines differ over a document that the parser lets through."""
    name, _, content = data.partition(b"\n")
    kind = SCHEMAS.kind_of(Path(name.decode("utf-8", "replace")))
    if kind is None:
        return None
    document, findings = parse_json("x.json", content)
    if findings:
        return None
    fast = SCHEMAS.accepts(kind, document)
    slow = _slow(kind).is_valid(document) if _depth(document) < DEEP else False
    if fast != slow:
        return f"engines differ: jsonschema_rs {fast}, jsonschema {slow}"
    errors = SCHEMAS.errors(kind, document)
    if bool(errors) == fast:
        return "errors and acceptance differ"
    return None if all(error.message for error in errors) else "an error without words"


def anchored_faults(root: Path, data: bytes) -> str | None:
    """Say where an anchored file has offsets whose slice is not the text, though nothing was found wrong."""
    name = data.partition(b"\n")[0].decode()
    path = root / name
    if path.suffix != ".json":
        return None
    content = path.read_bytes()
    document, findings = parse_json(name, content)
    if findings:
        return None if content == data.partition(b"\n")[2] else "a file that cannot be read was changed"
    before = orjson.loads(data.partition(b"\n")[2])
    if _depth(before) > DEEP:
        return None
    return None if _without_offsets(before) == _without_offsets(document) else "more than offsets changed"


def _without_offsets(value: Any) -> Any:
    if isinstance(value, dict):
        dropped = {"start", "end", "article_sha256"}
        return {key: _without_offsets(inner) for key, inner in value.items() if key not in dropped}
    return [_without_offsets(inner) for inner in value] if isinstance(value, list) else value


@cache
def _slow(kind: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS.schema(kind), format_checker=FormatChecker(["date"]))


def _depth(document: Any) -> int:
    return max((depth for depth in _depths(document)), default=0)


def _depths(document: Any) -> Iterator[int]:
    pending = [(document, 0)]
    while pending:
        value, depth = pending.pop()
        yield depth
        if isinstance(value, dict | list):
            pending += ((v, depth + 1) for v in (value.values() if isinstance(value, dict) else value))
