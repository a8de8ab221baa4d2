"""A corpus written in an exchange format: all files or none."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retold.documents import write_json
from retold.exchange.formats import FORMATS, ExchangeError, Loss, Report, exporter, reader
from retold.exchange.layers import documents_of
from retold.exchange.sidecar import SIDECAR, VERSION, count_rest, order_of, rest_of
from retold.layout import REGISTRIES, Layout
from retold.reader import read_json
from retold.records import Article, Registry

Json = dict[str, Any]


def export_corpus(  # noqa: PLR0913 (a corpus, where it goes and how)
    layout: Layout, articles: Sequence[Article], registry: Registry, name: str, out: Path, *, force: bool
) -> Report:
    """Write a corpus into ``out``; of a two-way format also what the format does not hold.

    Raises:
        ExchangeError: ``out`` holds files and ``force`` is not given, or the format refuses the corpus.
        MissingExtraError: A library of the format is not installed.
        OSError: A file cannot be read or written.
    """
    if out.exists() and not out.is_dir():
        raise ExchangeError(f"{out} is not a folder. Name a new or empty one.")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise ExchangeError(
            f"{out} holds files. Name a new or empty folder, or write over them with --force."
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".retold-export-", dir=out.parent) as name_of_staging:
        staging = Path(name_of_staging)
        report = exporter(name).export(articles, registry, staging)
        losses = list(report.losses)
        if FORMATS[name].two_way:
            sidecar, counts = _sidecar(layout, articles, reader(name).HOLDS, name)
            write_json(staging / SIDECAR, sidecar)
            losses += [Loss(field, number, SIDECAR) for field, number in counts.items()]
        else:
            losses += [Loss(field, number) for field, number in _rests(layout, articles)[1].items()]
        files = sorted(path.relative_to(staging).as_posix() for path in staging.rglob("*") if path.is_file())
        for file in files:
            (out / file).parent.mkdir(parents=True, exist_ok=True)
            (staging / file).replace(out / file)
    return Report(tuple(files), tuple(losses))


def _sidecar(
    layout: Layout, articles: Sequence[Article], holds: frozenset[str], name: str
) -> tuple[Json, Counter[str]]:
    """Return the side file of an export and how many items of what it carries."""
    rests, counts = _rests(layout, articles)
    entries: Json = {}
    for article in articles:
        held = documents_of(article)
        left = [layer for layer in layout.layers if layer not in holds]
        entries[article.id] = {
            "metadata": read_json(layout.metadata(article.id)),
            "layers": {layer: held[layer] for layer in left},
            "rest": rests[article.id],
            "order": order_of(held),
        }
        counts.update({layer: _size(held[layer]) for layer in left})
    registries = {kind: read_json(layout.registry(kind)) for kind in REGISTRIES}
    counts["metadata"] = len(articles)
    counts.update({f"registry-{kind}": _size(document) for kind, document in registries.items()})
    splits = read_json(layout.splits) if layout.splits.is_file() else None
    sidecar = {
        "retold": VERSION, "format": name, "articles": entries, "registries": registries, "splits": splits
    }  # fmt: skip
    return sidecar, counts


def _rests(layout: Layout, articles: Sequence[Article]) -> tuple[dict[str, Json], Counter[str]]:
    """Return, by article and layer, what the records do not hold, and its counts by ``layer/key``."""
    rests: dict[str, Json] = {}
    counts: Counter[str] = Counter()
    for article in articles:
        held = documents_of(article)
        rest = {
            layer: rest_of(read_json(layout.layer(article.id, layer)), held[layer]) for layer in layout.layers
        }
        rests[article.id] = {layer: entries for layer, entries in rest.items() if entries}
        for layer, entries in rest.items():
            counts += count_rest(layer, entries)
    return rests, counts


def _size(document: Json) -> int:
    """Count the items of a document's lists."""
    values = [*document.values(), *(document.get("article_topics") or {}).values()]
    return sum(len(value) for value in values if isinstance(value, list))
