"""Whether a compiled folder is what the sources give, and where it is not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from retold.croissant import CROISSANT, WRITTEN
from retold.features import Row
from retold.findings import shown
from retold.manifest import MANIFEST, Json, TableFile, read_manifest, table_files
from retold.parquet import file_digest, read_rows
from retold.tables import CONFIG_OF, CONFIGS

MOST_ROWS = 10  # differing rows of one table that are told one by one
_MISSING = object()


def differences(compiled: Path, fresh: Path) -> Iterator[str]:
    """Yield what differs between a compiled folder and a fresh build of its sources, a line each.

    Tables are compared by the digest of their rows, read from the files; where the manifest names the
    installed version of pyarrow, by their bytes too.
    """
    old, new = read_manifest(compiled), read_manifest(fresh)
    if old is None or new is None:
        yield f"{MANIFEST} is missing or cannot be read"
        return
    same_writer = old["made_with"] == new["made_with"]
    expected = {file.path: file for file in table_files(new)}
    for path, file in expected.items():
        yield from _table_differences(compiled / path, fresh / path, file, same_writer=same_writer)
    for path in sorted(owned_tables(compiled) - expected.keys()):
        yield f"{path}: the sources give no such table"
    if not same_writer:
        old, new = _without_bytes(old), _without_bytes(new)
    yield from (f"{MANIFEST}: {line}" for line in _value_differences(old, new))
    yield from _description_differences(compiled, fresh, same_writer=same_writer)


def owned_tables(compiled: Path) -> set[str]:
    """Return the table files in the folders of configs, now or as the manifest knows them.

    They are relative to ``compiled``, with ``/``; files that the manifest lists elsewhere are left out.
    """
    manifest = read_manifest(compiled)
    listed = {file.path for file in table_files(manifest)} if manifest else set()
    configs = {path.split("/")[0] for path in listed} | {config.name for config in CONFIGS}
    own = [name for name in configs if name not in ("", ".", "..") and not (compiled / name).is_symlink()]
    return {f"{name}/{path.name}" for name in own for path in (compiled / name).glob("*.parquet")}


def _description_differences(compiled: Path, fresh: Path, *, same_writer: bool) -> Iterator[str]:
    """Yield how the descriptions differ; their bytes too, as far as they are of one writer."""
    written, made = compiled / CROISSANT, fresh / CROISSANT
    try:
        documents = [orjson.loads(path.read_bytes()) for path in (written, made)]
        if not all(isinstance(document, dict) for document in documents):
            raise ValueError("no JSON object")
        old, new = (_described(document, same_writer) for document in documents)
    except (OSError, ValueError, RecursionError):
        yield f"{CROISSANT} is missing or cannot be read"
        return
    lines = list(_value_differences(old, new))
    yield from (f"{CROISSANT}: {line}" for line in lines)
    if same_writer and not lines and written.read_bytes() != made.read_bytes():
        yield f"{CROISSANT}: says the same in other bytes"


def _described(document: Any, same_writer: bool) -> Any:  # noqa: ANN401 (whatever the file holds)
    """Return a description with its lists of things as objects, keyed by the ids of the things."""
    if isinstance(document, list) and all(isinstance(item, dict) and "@id" in item for item in document):
        return {str(item["@id"]): _described(item, same_writer) for item in document}
    if not isinstance(document, dict):
        return document
    skipped = () if same_writer else WRITTEN
    return {key: _described(value, same_writer) for key, value in document.items() if key not in skipped}


def _table_differences(old: Path, new: Path, file: TableFile, *, same_writer: bool) -> Iterator[str]:
    if not old.is_file():
        yield f"{file.path}: missing"
        return
    try:
        digest = file_digest(old)
        if digest != file.digest:
            yield from (f"{file.path}: {line}" for line in _row_differences(old, new, file.config))
        elif same_writer and hashlib.sha256(old.read_bytes()).hexdigest() != file.sha256:
            yield f"{file.path}: same rows, but other bytes than this version of pyarrow writes"
    except (pa.ArrowException, OSError, ValueError) as error:
        yield f"{file.path}: cannot be read ({shown(str(error))})"


def _row_differences(old: Path, new: Path, config: str) -> Iterator[str]:
    """Yield how two tables differ: rows by their key, then columns; else features or order."""
    key = CONFIG_OF[config].key
    before, after = (
        {" ".join(str(row.get(name)) for name in key): row for row in read_rows(path)} for path in (old, new)
    )
    lines = list(_keyed_differences(before, after))
    yield from lines[:MOST_ROWS]
    if len(lines) > MOST_ROWS:
        yield f"… and {len(lines) - MOST_ROWS} more"
    if not lines:
        yield "the features differ" if list(before) == list(after) else "the rows stand in another order"


def _keyed_differences(before: dict[str, Row], after: dict[str, Row]) -> Iterator[str]:
    yield from (f"row {key}: the sources do not give it" for key in before if key not in after)
    for key, row in after.items():
        if key not in before:
            yield f"row {key}: missing"
        else:
            yield from (f"row {key}: column {line}" for line in _value_differences(before[key], row))


def _value_differences(before: Json, after: Json) -> Iterator[str]:
    """Yield ``name has X, the sources give Y`` for each key, with the path inside nested objects."""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, _MISSING), after.get(name, _MISSING)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from (f"{name}.{line}" for line in _value_differences(old, new))
        elif old != new:
            yield f"{name} has {_said(old)}, the sources give {_said(new)}"


def _said(value: Any) -> str:  # noqa: ANN401 (any value of a table)
    return "nothing" if value is _MISSING else shown(repr(value))


def _without_bytes(manifest: Json) -> Json:
    """Return the manifest without what depends on the version of pyarrow."""
    configs = {}
    for config, entry in manifest["configs"].items():
        splits = {
            split: {**part, "files": [{**file, "bytes": None, "sha256": None} for file in part["files"]]}
            for split, part in entry["splits"].items()
        }
        configs[config] = {**entry, "splits": splits}
    return {**manifest, "made_with": None, "configs": configs}
