"""What an import writes: the files of a corpus, from what a format gave, its side file and what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from retold.documents import json_text
from retold.exchange.formats import ExchangeError, Imported
from retold.exchange.layers import documents_of
from retold.exchange.sidecar import in_order, put_back, rest_of
from retold.layout import CORPUS_LAYERS, REGISTRIES, Layout
from retold.reader import read_article, read_json
from retold.scaffold import ScaffoldError, scaffold
from retold.schemas import Schemas

Json = dict[str, Any]
Files = dict[Path, bytes]

_KEYS = {
    "entities": ("id",),
    "utterances": ("id",),
    "claims": ("id",),
    "topics": ("code",),
    "near_misses": ("a", "b"),
}


def corpus_files(
    layout: Layout, schemas: Schemas, imported: Iterable[Imported], sidecar: Json, language: str
) -> Files:
    """Return every file that an import makes, by its path.

    What the format does not hold cannot have been corrected in it: there the corpus as it is comes first,
    then the side file. Entries of registries are added, never replaced.

    Raises:
        ExchangeError: A text cannot be an article, or a registry of the corpus is broken.
        OSError: A file of the corpus cannot be read.
    """
    files: Files = {}
    there = {name: _registry_there(layout, schemas, name) for name in REGISTRIES}
    given: dict[str, list[Json]] = {name: [] for name in REGISTRIES}
    articles = []
    for item in imported:
        beside = sidecar.get("articles", {}).get(item.article, {})
        known = adopted(item, there["entities"])
        files |= _article_files(layout, schemas, known, beside, language)
        articles.append(item.article)
        for name, document in known.registries.items():
            given[name].append(document)
    for name, documents in given.items():
        documents.append(sidecar.get("registries", {}).get(name, {}))
        files[layout.registry(name)] = _encoded(_registry(name, there[name], documents))
    sums = {layout.text(name).name: hashlib.sha256(files[layout.text(name)]).hexdigest() for name in articles}
    files[layout.checksums] = _checksums(layout, sums)
    splits = _splits(layout, sidecar.get("splits"), articles)
    if splits is not None:
        files[layout.splits] = _encoded(splits)
    return files


def adopted(item: Imported, registry: Json) -> Imported:
    """Return an article whose new entities are those of the corpus where their Wikidata ids say so."""
    if "entities" not in item.registries:
        return item
    known = {
        entry["wikidata"]: entry["id"]
        for entry in registry.get("entities", ())
        if entry["wikidata"] and not entry["replaced_by"]
    }
    new = item.registries["entities"]["entities"]
    names = {entry["id"]: known[entry["wikidata"]] for entry in new if entry["wikidata"] in known}
    layers = {
        **item.layers,
        "entities": _renamed(item.layers["entities"], "mentions", "entity", names),
        "quotes": _renamed(item.layers["quotes"], "quotes", "speaker", names),
    }
    entities = {"entities": [entry for entry in new if entry["id"] not in names]}
    return replace(item, layers=layers, registries={**item.registries, "entities": entities})


def _renamed(document: Json, key: str, field: str, names: Mapping[str, str]) -> Json:
    items = [{**item, field: names.get(item[field], item[field])} for item in document[key]]
    return {**document, key: items}


def _article_files(layout: Layout, schemas: Schemas, item: Imported, beside: Json, language: str) -> Files:
    """Return the files of one article: layers of the format, else what is kept, else proposals."""
    raw = item.text.encode("utf-8")
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        proposed = scaffold(item.article, raw, f"{item.article}.txt", language)
    except ScaffoldError as error:
        raise ExchangeError(f"{item.article}: {error}") from None
    about = layout.metadata(item.article)
    metadata = _there(schemas, "metadata", about) or beside.get("metadata") or proposed["metadata"]
    files = {layout.text(item.article): raw, about: _encoded(metadata)}
    passes = {own.annotations.name for own in layout.passes()}
    rest = _rest_there(layout, item.article) or beside.get("rest", {})
    for layer in CORPUS_LAYERS:
        path = layout.layer(item.article, layer)
        document = (
            item.layers.get(layer) or _there(schemas, layer, path) or beside.get("layers", {}).get(layer)
        )
        document = {**(document or proposed[layer]), "article": item.article, "article_sha256": sha256}
        in_order(document, beside.get("order", {}))
        put_back(document, _with_votes_of(passes, rest.get(layer, ())))
        files[path] = _encoded(document)
    return files


def _there(schemas: Schemas, kind: str, path: Path) -> Json | None:
    """Return a document of the corpus; ``None`` where there is none that can be kept."""
    try:
        document = read_json(path) if path.is_file() else None
    except ValueError:
        return None
    return document if schemas.accepts(kind, document) else None


def _registry_there(layout: Layout, schemas: Schemas, name: str) -> Json:
    path = layout.registry(name)
    document = _there(schemas, f"registry-{name}", path)
    if document is None and path.exists():
        raise ExchangeError(f"{path} is broken. Run retold validate and correct it first.")
    return document or {}


def _rest_there(layout: Layout, article: str) -> dict[str, list[Json]] | None:
    """Return what the records of an article of the corpus do not hold; ``None`` where it is not whole."""
    try:
        held = documents_of(read_article(layout, article))
        return {layer: rest_of(read_json(layout.layer(article, layer)), held[layer]) for layer in held}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _with_votes_of(passes: set[str], rest: Iterable[Json]) -> Iterator[Json]:
    """Yield a rest without the votes of passes that the corpus does not have: nothing could check them."""
    for entry in rest:
        if entry["key"] != "votes":
            yield entry
            continue
        votes = [vote for vote in entry["value"] if vote["pass"] in passes]
        if votes:
            yield {**entry, "value": votes}


def _registry(name: str, there: Json, given: list[Json]) -> Json:
    """Return a registry with the entries of all documents; new ones stand behind those that are there."""
    lists = ("claims", "near_misses") if name == "claims" else (name,)
    merged: Json = {"$schema": f"../../schema/registry-{name}.schema.json"} | {key: [] for key in lists}
    merged |= there
    for key in lists:
        entries = {_identity(key, entry): entry for entry in merged[key]}
        for document in given:
            for entry in document.get(key, ()):
                entries.setdefault(_identity(key, entry), entry)
        merged[key] = list(entries.values())
    return merged


def _identity(key: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry.get(field)) for field in _KEYS[key])


def _checksums(layout: Layout, sums: Mapping[str, str]) -> bytes:
    lines = layout.checksums.read_text("utf-8").splitlines() if layout.checksums.is_file() else []
    known = {name: digest for digest, _, name in (line.partition("  ") for line in lines)} | dict(sums)
    return "".join(f"{known[name]}  {name}\n" for name in sorted(known)).encode()


def _splits(layout: Layout, kept: Json | None, articles: list[str]) -> Json | None:
    """Return the splits of a new corpus; ``None`` where the corpus has its own."""
    if layout.splits.is_file():
        return None
    if kept is not None:
        return kept
    return {
        "$schema": "../schema/splits.schema.json",
        "splits": {"test": articles},
        "folds": [[article] for article in articles],
    }


def _encoded(document: Json) -> bytes:
    return json_text(document).encode("utf-8")
