"""``manifest.json``: what the compiled corpus holds, what it was made from, how often labels occur."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from retold.documents import write_json
from retold.layout import Layout
from retold.records import Splits
from retold.tables import CONFIGS, Config

MANIFEST = "manifest.json"
FEATURES = "datasets>=4"

_FILE = {"path": str, "rows": int, "bytes": int, "sha256": str, "digest": str}
_CONFIG = {"digest": str, "rows": int, "splits": {str: {"rows": int, "files": [_FILE]}}}
_FORM = {
    "data_version": str | None,
    "data_digest": str,
    "canary": str | None,
    "texts": bool,
    "made_with": {str: str},
    "splits": {str: [str]},
    "configs": {str: _CONFIG},
    "counts": {str: {str: {str: int}}},
    "inputs": {str: str},
}

Json = dict[str, Any]
Counts = Counter[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of a table: ``path`` relative to the compiled folder, with ``/``."""

    config: str
    split: str
    path: str
    rows: int
    bytes: int
    sha256: str
    digest: str


def count_labels(config: Config, table: pa.Table) -> Counts:
    """Count labels, keyed by config, column, label (null is left out); totals have ``total`` as column."""
    counts: Counts = Counter()
    for name, column in config.totals:
        values = _values(table, column)
        values = pc.list_value_length(values) if pa.types.is_list(values.type) else values
        counts[config.name, "total", name] += pc.sum(values, min_count=0).as_py()
    for column in config.counted:
        labels, numbers = pc.value_counts(_values(table, column).drop_null()).flatten()
        for label, number in zip(labels.to_pylist(), numbers.to_pylist(), strict=True):
            counts[config.name, column, label] += number
    return counts


def count_view(config: str, rows: int, dropped: int) -> Counts:
    """Count the rows that the clean view of a table has, and those that it drops."""
    return Counter({(config, "clean", "rows"): rows - dropped, (config, "clean", "dropped"): dropped})


def data_version(root: Path) -> str | None:
    """Return the version in ``pyproject.toml`` under ``root``, ``None`` if there is none."""
    return _text(_project_file(root).get("project", {}).get("version"))


def canary(root: Path) -> str | None:
    """Return the sentence by which training data can be cleaned of the corpus, ``None`` if it has none.

    It is ``canary`` under ``[tool.retold]`` in ``pyproject.toml``.
    """
    return _text(_project_file(root).get("tool", {}).get("retold", {}).get("canary"))


def _project_file(root: Path) -> Json:
    path = root / "pyproject.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Made:
    """How tables were made.

    ``inputs`` is the SHA-256 of each file that they are made from, by path; ``pyarrow`` the version that
    wrote them; ``texts`` whether words are filled in; ``shard_articles`` the most articles of a file.
    """

    inputs: Mapping[str, str]
    pyarrow: str
    texts: bool
    shard_articles: int


def make_manifest(layout: Layout, splits: Splits, files: list[TableFile], counts: Counts, made: Made) -> Json:
    """Return the manifest.

    ``data_digest`` stands for all tables, a config's ``digest`` for its own; both follow from the digests
    of rows, so they are the same under every version of pyarrow.
    """
    configs = {config.name: _config_entry(config.name, files) for config in CONFIGS}
    present = {name: entry for name, entry in configs.items() if entry["splits"]}
    return {
        "data_version": data_version(layout.root),
        "data_digest": _combined(f"{name} {entry['digest']}" for name, entry in present.items()),
        "canary": canary(layout.root),
        "texts": made.texts,
        "shard_articles": made.shard_articles,
        "made_with": {"pyarrow": made.pyarrow, "features": FEATURES},
        "splits": {name: list(ids) for name, ids in splits.splits.items()},
        "configs": present,
        "counts": _nested(counts),
        "inputs": dict(sorted(made.inputs.items())),
    }


def write_manifest(manifest: Json, folder: Path) -> None:
    """Write the manifest into the compiled folder."""
    write_json(folder / MANIFEST, manifest)


def read_manifest(folder: Path) -> Json | None:
    """Read the manifest of a compiled folder, ``None`` if there is none or it is not one."""
    try:
        return parse_manifest((folder / MANIFEST).read_bytes())
    except OSError:
        return None


def parse_manifest(content: bytes) -> Json | None:
    """Return what a manifest says, ``None`` if it is not one."""
    try:
        manifest = orjson.loads(content)
    except ValueError:
        return None
    return manifest if _fits(manifest, _FORM) and all(map(_is_inside, table_files(manifest))) else None


def _fits(value: object, form: object) -> bool:
    """Whether a value has a form: a type, ``[form]``, ``{key: form}`` (and more), ``{str: form}`` for all."""
    if isinstance(form, list):
        return isinstance(value, list) and all(_fits(item, form[0]) for item in value)
    if not isinstance(form, dict):
        return isinstance(value, form)  # type: ignore[arg-type]
    if not isinstance(value, dict):
        return False
    if str in form:
        return all(_fits(inner, form[str]) for inner in value.values())
    return value.keys() >= form.keys() and all(_fits(value[key], form[key]) for key in form)


def _is_inside(file: TableFile) -> bool:
    """Whether a table lies where tables lie: what a manifest names is read, replaced and removed."""
    parts = file.path.split("/")
    names = len(parts) == 2 and parts[0] == file.config and "\\" not in file.path
    return names and not {"", ".", ".."} & set(parts)


def table_files(manifest: Json) -> Iterator[TableFile]:
    """Yield the files that a manifest lists, in its order."""
    for config, entry in manifest["configs"].items():
        for split, part in entry["splits"].items():
            for file in part["files"]:
                yield TableFile(config, split, **{name: file[name] for name in _FILE})


def _config_entry(config: str, files: Iterable[TableFile]) -> Json:
    splits: dict[str, Json] = {}
    for file in files:
        if file.config == config:
            part = splits.setdefault(file.split, {"rows": 0, "files": []})
            part["rows"] += file.rows
            part["files"].append(
                {name: getattr(file, name) for name in ("path", "rows", "bytes", "sha256", "digest")}
            )
    digests = (f"{split} {file['digest']}" for split, part in splits.items() for file in part["files"])
    return {
        "digest": _combined(digests),
        "rows": sum(part["rows"] for part in splits.values()),
        "splits": splits,
    }


def _combined(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _values(table: pa.Table, column: str) -> pa.Array:
    """Return a column, or a field (``column.field``) of the records that it lists, in one piece."""
    name, _, field = column.partition(".")
    values = table[name].combine_chunks()
    return pc.struct_field(values.flatten(), field) if field else values


def _nested(counts: Counts) -> Json:
    nested: Json = {}
    for (config, column, label), number in sorted((+counts).items()):
        nested.setdefault(config, {}).setdefault(column, {})[label] = number
    return nested
