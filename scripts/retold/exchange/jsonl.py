"""The corpus in its other form: articles and registry entries one a line, in JSON Lines, and back.

No exchange format: nothing is lost but what belongs to no article (passes, guidelines, notes of folders), and
``retold validate`` and ``retold build`` take either form. Articles are read and written one after another.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from retold.checks.facts import Facts
from retold.checks.files import decode_text, judge, parse_json, parse_line
from retold.checks.inputs import ArticleInput, RegistryInput
from retold.checks.lines import is_shard, list_files, split_of
from retold.exchange.formats import ExchangeError
from retold.findings import Finding
from retold.layout import (
    CORPUS_LAYERS,
    LINE_LISTS,
    SHARD_ARTICLES,
    SPLITS,
    USES,
    Layout,
    LineLayout,
)
from retold.locations import Lines
from retold.reader import parse_splits
from retold.schemas import Schemas

JSONL = "jsonl"
SUMMARY = "the whole corpus in JSON Lines, an article a line"

Json = dict[str, Any]

_NO_REGISTRIES = RegistryInput({}, {}, {}, frozenset())
_BESIDE = ("readme", "project", "citation", "datasheet", "schema")  # of either form, at the root


def write_lines(layout: Layout, out: Path, shard_articles: int = SHARD_ARTICLES) -> Counter[str]:
    """Write a corpus that has the folder form in JSON Lines.

    Args:
        layout: the corpus.
        out: a folder that is not there yet, or empty.
        shard_articles: the most articles of a file.

    Returns:
        How many articles, registry entries and files were written.

    Raises:
        ExchangeError: A file is not what its level L1 asks for, or an article is in no split or fold.
        OSError: A file cannot be read or written.
    """
    with _staged(out) as staging:
        target = LineLayout(staging, str(staging))
        target.registry_lines.mkdir(parents=True)
        facts = Facts()
        written = _write_articles(layout, target, shard_articles, facts) + _write_registries(layout, target)
        _write_uses(layout, target, facts)
        _copy_beside(layout, target)
        written["files"] = sum(path.is_file() for path in target.shards.rglob("*"))
    return written


def article_line(article: str, fold: int, text: str, documents: Json) -> bytes:
    """Return the line of an article; ``documents`` are its metadata and layers."""
    ordered = {kind: documents[kind] for kind in ("metadata", *CORPUS_LAYERS)}
    return orjson.dumps({"article": article, "fold": fold, "text": text, **ordered}) + b"\n"


def shard_name(split: str, number: int, total: int) -> str:
    """Return the name of a shard."""
    return f"{split}-{number:05d}-of-{total:05d}.jsonl"


def write_folders(source: LineLayout, out: Path, schemas: Schemas) -> Counter[str]:
    """Write a corpus that is in JSON Lines in the folder form.

    Args:
        source: the corpus.
        out: a folder that is not there yet, or empty.
        schemas: what lines are judged by.

    Returns:
        How many articles, registry entries and files were written.

    Raises:
        ExchangeError: A line is no article, or no entry of a registry.
        OSError: A file cannot be read or written.
    """
    with _staged(out) as staging:
        target = Layout(staging)
        target.raw.mkdir()
        target.registry("topics").parent.mkdir(parents=True)
        written = _write_folders(source, target, schemas)
        written["entries"] = sum(_write_registry(source, target, name) for name in LINE_LISTS)
        _copy_beside(source, target)
        tops = (target.raw, target.annotations)
        written["files"] = sum(path.is_file() for top in tops for path in top.rglob("*"))
    return written


def _write_articles(layout: Layout, target: LineLayout, shard_articles: int, facts: Facts) -> Counter[str]:
    """Write the shards; ``facts`` take in what articles use of the registries."""
    splits = parse_splits(_document(layout, layout.splits))
    folds = {article: number for number, fold in enumerate(splits.folds) for article in fold}
    written: Counter[str] = Counter()
    for split in SPLITS:
        ids = sorted(splits.splits.get(split, ()))
        total = -(-len(ids) // shard_articles)
        waiting = iter(ids)
        for number in range(total):
            with (target.shards / shard_name(split, number, total)).open("wb") as file:
                for article in islice(waiting, shard_articles):
                    file.write(_line(layout, article, folds, facts))
                    written["articles"] += 1
    there = {folder.name for folder in layout.article_folders()}
    left = there - {article for ids in splits.splits.values() for article in ids}
    if left:
        raise ExchangeError(f"{min(left)} is in no split. Run retold validate.")
    return written


def _line(layout: Layout, article: str, folds: dict[str, int], facts: Facts) -> bytes:
    if article not in folds:
        raise ExchangeError(f"{article} is in no fold. Run retold validate.")
    name = layout.text(article).relative_to(layout.root).as_posix()
    text, findings = decode_text(name, layout.text(article).read_bytes())
    _refuse(findings)
    documents = _layers(layout, article, facts)
    documents["metadata"] = _document(layout, layout.metadata(article))
    return article_line(article, folds[article], text or "", documents)


def _layers(layout: Layout, article: str, facts: Facts) -> dict[str, Json]:
    """Return the layers of an article that are there; ``facts`` take in what they use."""
    paths = {layer: layout.layer(article, layer) for layer in layout.layers}
    there = {layer: _document(layout, path) for layer, path in paths.items() if path.is_file()}
    try:
        facts.add_uses(ArticleInput(article, "", "", there, {}, _NO_REGISTRIES))
    except (KeyError, TypeError) as error:
        raise ExchangeError(
            f"{layout.annotations / article}: not as its schema. Run retold validate."
        ) from error
    return there


def _write_uses(layout: Layout, target: LineLayout, facts: Facts) -> None:
    """Write which entries the passes use and no article, so that these do not look unused."""
    passed = Facts()
    for own in layout.passes():
        for folder in own.article_folders():
            _layers(own, folder.name, passed)
    uses = []
    for name, ids in passed.used.items():
        key = "code" if name == "topics" else "id"
        known = {item[key] for item in _document(layout, layout.registry(name))[name]}
        uses += [{"registry": name, "id": entry} for entry in sorted((ids & known) - facts.used[name])]
    if uses:
        with (target.registry_lines / f"{USES}.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(use) + b"\n" for use in uses)


def _write_registries(layout: Layout, target: LineLayout) -> Counter[str]:
    written: Counter[str] = Counter()
    for registry, lists in LINE_LISTS.items():
        document = _document(layout, layout.registry(registry))
        for name in lists:
            with (target.registry_lines / f"{name}.jsonl").open("wb") as file:
                file.writelines(orjson.dumps(item) + b"\n" for item in document[name])
            written["entries"] += len(document[name])
    return written


def _write_folders(source: LineLayout, target: Layout, schemas: Schemas) -> Counter[str]:
    """Write the files of all articles, the checksums and the splits."""
    splits: dict[str, list[str]] = {}
    folds: dict[int, list[str]] = {}
    sums: dict[str, str] = {}
    for path in filter(is_shard, source.files()):
        for number, data in Lines(source.location(path)):
            article = _parsed(path, number, data, schemas)
            name = article["article"]
            if name in sums:
                raise ExchangeError(f"{path}:{number}: {name} stands twice. Run retold validate.")
            raw = article["text"].encode("utf-8")
            target.text(name).write_bytes(raw)
            sums[name] = hashlib.sha256(raw).hexdigest()
            target.layer(name, "quotes").parent.mkdir()
            _write(target.metadata(name), article["metadata"])
            for layer in CORPUS_LAYERS:
                _write(target.layer(name, layer), article[layer])
            splits.setdefault(split_of(path), []).append(name)
            folds.setdefault(article["fold"], []).append(name)
    target.checksums.write_bytes(b"".join(f"{sums[name]}  {name}.txt\n".encode() for name in sorted(sums)))
    document = {
        "$schema": "../schema/splits.schema.json",
        "splits": {name: sorted(splits[name]) for name in SPLITS if name in splits},
        "folds": [sorted(folds[number]) for number in sorted(folds)],
    }
    _write(target.splits, document)
    return Counter(articles=len(sums))


def _write_registry(source: LineLayout, target: Layout, registry: str) -> int:
    """Write a registry and return how many entries it has."""
    document: Json = {"$schema": f"../../schema/registry-{registry}.schema.json"}
    for name in LINE_LISTS[registry]:
        document[name] = [
            _strict(path, number, data)
            for path in list_files(source.files(), name)
            for number, data in Lines(str(source.root / path))
        ]
    _write(target.registry(registry), document)
    return sum(len(document[name]) for name in LINE_LISTS[registry])


def _parsed(path: str, number: int, data: bytes, schemas: Schemas) -> Json:
    """Return the article of a line; what its layers hold is for ``retold validate`` to judge."""
    document: Json = _strict(path, number, data)
    _refuse(judge(f"{path}:{number}", "article", document, schemas))
    return document


def _strict(path: str, number: int, data: bytes) -> Any:  # noqa: ANN401 (parsed JSON)
    document, findings = parse_line(path, number, data)
    _refuse(findings)
    return document


def _document(layout: Layout, path: Path) -> Json:
    document: Json
    document, findings = parse_json(path.relative_to(layout.root).as_posix(), path.read_bytes())
    _refuse(findings)
    return document


def _refuse(findings: Iterable[Finding]) -> None:
    for found in findings:
        place = f"{found.path}:{found.position[0]}:{found.position[1]}" if found.position else found.path
        said = ", ".join(value for _, value in found.values)
        raise ExchangeError(f"{place}: {found.code}{f' ({said})' if said else ''}. Run retold validate.")


def _write(path: Path, document: object) -> None:
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _copy_beside(source: Layout, target: Layout) -> None:
    """Copy what lies at the root in either form: the card, descriptions, schemas of the corpus' own."""
    for name in _BESIDE:
        there, copy = getattr(source, name), getattr(target, name)
        if there.is_dir():
            shutil.copytree(there, copy)
        elif there.is_file():
            shutil.copyfile(there, copy)


@contextmanager
def _staged(out: Path) -> Iterator[Path]:
    """Give a folder beside ``out``, which takes its place at the end: all is written, or nothing."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ExchangeError(f"{out} is there and not empty. Name a new or empty folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".retold-", dir=out.parent) as name:
        staging = Path(name) / "corpus"
        staging.mkdir()
        yield staging
        if out.exists():
            out.rmdir()
        staging.rename(out)
