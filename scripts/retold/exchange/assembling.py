"""What an import writes: the files of a corpus, from what a format gave, its side file and what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from retold.documents import json_text
from retold.exchange.formats import ExchangeError, Imported
from retold.exchange.sidecar import put_back
from retold.layout import CORPUS_LAYERS, REGISTRIES, Layout
from retold.reader import read_json
from retold.scaffold import ScaffoldError, scaffold

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
    layout: Layout, imported: Iterable[Imported], sidecar: Json, language: str, *, force: bool
) -> Files:
    """Return every file that an import makes, by its path.

    Raises:
        ExchangeError: A text cannot be an article, or an entry of a registry would be replaced.
        OSError: A file of the corpus cannot be read.
    """
    files: Files = {}
    registries: dict[str, list[Json]] = {name: [] for name in REGISTRIES}
    sums: dict[str, str] = {}
    articles = []
    for item in imported:
        beside = sidecar.get("articles", {}).get(item.article, {})
        files |= _article_files(layout, item, beside, language)
        raw = files[layout.text(item.article)]
        sums[layout.text(item.article).name] = hashlib.sha256(raw).hexdigest()
        articles.append(item.article)
        for name, document in item.registries.items():
            registries[name].append(document)
    for name, document in sidecar.get("registries", {}).items():
        if name in registries:
            registries[name].append(document)
    for name, documents in registries.items():
        files[layout.registry(name)] = _encoded(_registry(layout, name, documents, force=force))
    files[layout.checksums] = _checksums(layout, sums)
    splits = _splits(layout, sidecar.get("splits"), articles)
    if splits is not None:
        files[layout.splits] = _encoded(splits)
    return files


def _article_files(layout: Layout, item: Imported, beside: Json, language: str) -> Files:
    """Return the files of one article: layers of the format, else of the side file, else proposals."""
    raw = item.text.encode("utf-8")
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        proposed = scaffold(item.article, raw, f"{item.article}.txt", language)
    except ScaffoldError as error:
        raise ExchangeError(f"{item.article}: {error}") from None
    kept = beside.get("layers", {})
    passes = {own.annotations.name for own in layout.passes()}
    files = {layout.text(item.article): raw}
    metadata = beside.get("metadata")
    if metadata is None and layout.metadata(item.article).is_file():
        metadata = read_json(layout.metadata(item.article))
    files[layout.metadata(item.article)] = _encoded(metadata or proposed["metadata"])
    for layer in CORPUS_LAYERS:
        document = item.layers.get(layer) or kept.get(layer) or proposed[layer]
        document = {**document, "article": item.article, "article_sha256": sha256}
        put_back(document, _with_votes_of(passes, beside.get("rest", {}).get(layer, ())))
        files[layout.layer(item.article, layer)] = _encoded(document)
    return files


def _with_votes_of(passes: set[str], rest: Iterable[Json]) -> Iterator[Json]:
    """Yield a rest without the votes of passes that the corpus does not have: nothing could check them."""
    for entry in rest:
        if entry["key"] != "votes":
            yield entry
            continue
        votes = [vote for vote in entry["value"] if vote["pass"] in passes]
        if votes:
            yield {**entry, "value": votes}


def _registry(layout: Layout, name: str, given: list[Json], *, force: bool) -> Json:
    """Return a registry with the entries of all documents; new ones stand behind those that are there."""
    path = layout.registry(name)
    lists = ("claims", "near_misses") if name == "claims" else (name,)
    merged: Json = {"$schema": f"../../schema/registry-{name}.schema.json"} | {key: [] for key in lists}
    if path.is_file():
        merged |= read_json(path)
    for key in lists:
        entries = {_identity(key, entry): entry for entry in merged[key]}
        for document in given:
            for entry in document.get(key, ()):
                known = entries.get(_identity(key, entry))
                if known not in (None, entry) and not force:
                    named = " ".join(_identity(key, entry))
                    raise ExchangeError(
                        f"{path}: {named} is there and says something else. Use --force to replace it."
                    )
                entries[_identity(key, entry)] = entry
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
