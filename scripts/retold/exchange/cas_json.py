"""UIMA CAS as JSON (0.4), both ways: a ``.json`` an article, with its types, and ``typesystem.xml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from retold.exchange import cas_reading
from retold.exchange.cas_types import Cas, Types, type_system
from retold.exchange.cas_writing import cas_of, quietly
from retold.exchange.formats import Imported, Report
from retold.layout import CORPUS_LAYERS
from retold.records import Article, Registry

HOLDS = frozenset(CORPUS_LAYERS)


def export(articles: Sequence[Article], registry: Registry, out: Path) -> Report:
    """Write the files; ``MissingExtraError`` if dkpro-cassis is not installed."""
    types = type_system()
    (out / "typesystem.xml").write_text(types.to_xml(), encoding="utf-8", newline="\n")
    for article in articles:
        with quietly():
            document = cas_of(article, registry, types).to_json(pretty_print=True, ensure_ascii=False)
        (out / f"{article.id}.json").write_text(f"{document}\n", encoding="utf-8", newline="\n")
    return Report(("typesystem.xml", *(f"{article.id}.json" for article in articles)))


def read(path: Path, mapping: Mapping[str, Any] | None) -> Iterator[Imported]:
    """Read a folder of ``.json`` files, or one file."""
    yield from cas_reading.read(path, ".json", _load, mapping)


def _load(file: Path, types: Types) -> Cas:
    from cassis import load_cas_from_json  # noqa: PLC0415 (an extra)

    content = file.read_text("utf-8")
    if orjson.loads(content).get("%TYPES"):  # the file's own types; ours besides could contradict them
        return load_cas_from_json(content, lenient=True)
    return load_cas_from_json(content, typesystem=types, lenient=True, merge_typesystem=False)
