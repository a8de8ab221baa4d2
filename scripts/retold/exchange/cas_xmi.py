"""UIMA CAS as XMI, both ways: an ``.xmi`` an article and ``typesystem.xml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from retold.exchange import cas_reading
from retold.exchange.cas_types import Cas, Types, type_system
from retold.exchange.cas_writing import cas_of, quietly
from retold.exchange.formats import ExchangeError, Imported, Report
from retold.layout import CORPUS_LAYERS
from retold.records import Article, Registry

HOLDS = frozenset(CORPUS_LAYERS)


def export(articles: Sequence[Article], registry: Registry, out: Path) -> Report:
    """Write the files.

    Raises:
        ExchangeError: A text has characters that XML cannot hold.
        MissingExtraError: dkpro-cassis is not installed.
    """
    types = type_system()
    (out / "typesystem.xml").write_text(types.to_xml(), encoding="utf-8", newline="\n")
    for article in articles:
        try:
            with quietly():
                xmi = cas_of(article, registry, types).to_xmi(pretty_print=True)
        except ValueError as error:  # lxml's, of a character that XML forbids
            raise ExchangeError(f"{article.id}: {error}. Use the format cas-json.") from error
        (out / f"{article.id}.xmi").write_text(xmi, encoding="utf-8", newline="\n")
    return Report(("typesystem.xml", *(f"{article.id}.xmi" for article in articles)))


def read(path: Path, mapping: Mapping[str, Any] | None) -> Iterator[Imported]:
    """Read a folder of ``.xmi`` files with their type system, or one file."""
    yield from cas_reading.read(path, ".xmi", _load, mapping)


def _load(file: Path, types: Types) -> Cas:
    from cassis import load_cas_from_xmi  # noqa: PLC0415 (an extra)

    cas_reading.refuse_document_type(file)
    with file.open("rb") as stream:
        return load_cas_from_xmi(stream, typesystem=types, lenient=True)
