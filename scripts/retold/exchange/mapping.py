"""The mapping file of a foreign project, read and judged by its schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from retold.checks.files import parse_json
from retold.exchange.formats import ExchangeError
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
    for error in Schemas(find_schema_folder(root)).errors("mapping", document):
        place = ".".join(map(str, error.path))
        raise ExchangeError(f"{path}: {place}: {error.message}" if place else f"{path}: {error.message}")
    mapping: Json = document
    return mapping
