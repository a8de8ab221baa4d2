"""The mapping file of a foreign project, read and judged by its schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from retold.checks.files import parse_json
from retold.exchange.formats import ExchangeError
from retold.exchange.items import MENTION, QUOTE
from retold.findings import read_issues
from retold.schemas import Schemas, find_schema_folder

Json = dict[str, Any]


def read_mapping(path: Path, root: Path) -> Json:
    """Return the mapping.

    Raises:
        ExchangeError: It is no JSON, or the schema refuses it; the message names the place.
        OSError: It cannot be read.
    """
    document, findings = parse_json(path.as_posix(), path.read_bytes())
    for found in findings:
        raise ExchangeError(f"{path}: {read_issues()[found.code].describe(found)}")
    schemas = _schemas(root)
    for error in schemas.errors("mapping", document):
        place = ".".join(map(str, error.path))
        raise ExchangeError(f"{path}: {place}: {error.message}" if place else f"{path}: {error.message}")
    mapping: Json = document
    _check_labels(path, mapping, schemas)
    return mapping


def _schemas(root: Path) -> Schemas:
    """Return the corpus' own schemas if they know mappings, else the program's."""
    own = find_schema_folder(root)
    known = (own / "mapping.schema.json").is_file()
    return Schemas(own if known else find_schema_folder(Path(__file__).parent))


def _check_labels(path: Path, mapping: Json, schemas: Schemas) -> None:
    """Refuse labels that no vocabulary has, before they become findings by the hundred."""
    for part, kind in (("mentions", MENTION), ("quotes", QUOTE)):
        for name, rule in mapping.get(part, {}).items():
            for field, vocabulary in kind.labels.items():
                labels = list(schemas.vocabulary(vocabulary))
                for label in _labels(rule.get(field)):
                    if label not in labels:
                        place = f"{path}: {part}.{name}.{field}"
                        raise ExchangeError(f"{place}: {label!r} is no label of {', '.join(labels)}.")


def _labels(rule: str | Json | None) -> list[str]:
    if rule is None:
        return []
    if isinstance(rule, str):
        return [rule]
    return [*rule["values"].values(), *([rule["default"]] if "default" in rule else [])]
