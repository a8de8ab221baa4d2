"""A shard from its files to its tables: checked and compiled at once, in any process, and again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from retold.checks.facts import Facts
from retold.checks.inputs import ArticleInput, RegistryInput
from retold.features import LabelSets
from retold.findings import Issues, read_issues
from retold.garbage import uncollected
from retold.layout import CORPUS_LAYERS, REGISTRIES, LineLayout
from retold.line_registries import store_digest, stored_registries
from retold.line_validation import LineValidation
from retold.reader import read_registries
from retold.schemas import Schemas
from retold.shards import LineArticles, Shard, ShardResult, Share, moved, save_result
from retold.sink import Sink
from retold.tables import article_rows, dropped_rows
from retold.tables.context import Context
from retold.tokens import tag_names
from retold.validation import Validation

BATCH_ROWS = 10_000  # about 60 MB at once


class SourceChangedError(Exception):
    """A file of the corpus is not what it was when the build began."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What articles are judged by and compiled with, the same for all of a build."""

    schemas: Schemas
    issues: Issues
    registries: RegistryInput
    context: Context


def compile_shard(shard: Shard) -> ShardResult:
    """Check and compile the articles of a shard; a function of the files and the shard alone.

    The files are written under a temporary name, then renamed to ``shard.folder`` as a whole, so that a shard
    can be done twice, at once too. Nothing is left behind if an article has errors.

    Raises:
        SourceChangedError: A registry is not what it was when the build began.
        OSError: The files cannot be written.
    """
    judgement = _judgement(shard.share)
    draft = shard.folder.with_name(f"{shard.folder.name}.{os.getpid()}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        with uncollected():
            result = _compile(shard, judgement, draft)
        if not result.valid:
            return result
        save_result(result, shard.key, draft)
        shutil.rmtree(shard.folder, ignore_errors=True)
        draft.rename(shard.folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return moved(result, draft, shard.folder)


def label_sets(schemas: Schemas) -> LabelSets:
    """Return the label sets of class labels."""
    return {
        "checkability": tuple(schemas.vocabulary("checkability")),
        "ner_tag": tag_names(schemas.vocabulary("entity-type")),
        "pair_relation": tuple(schemas.vocabulary("pair-relation")),
    }


def _compile(shard: Shard, judgement: Judgement, folder: Path) -> ShardResult:
    context = judgement.context
    validation, articles = _opened(shard, judgement)
    facts, texts, dropped_claims = Facts(), _Texts(), set()
    words = texts.of if shard.share.texts else None
    sink = Sink(folder, shard.number, context.labels, words, shard.share.canary)
    folds = []
    for article, fold in articles:
        if validation.has_errors:
            continue  # all errors are looked for, but nothing is written any more
        facts.add(article)
        folds.append(fold)
        texts.keep(article)
        dropped_claims |= _add(article, fold, shard.split, context, sink)
        if sink.waiting >= BATCH_ROWS:
            sink.flush()
    valid = not validation.has_errors
    parts = tuple(sink.close())
    return ShardResult(
        valid, parts, sink.counts, validation.read, facts, frozenset(dropped_claims), tuple(folds)
    )


def _opened(
    shard: Shard, judgement: Judgement
) -> tuple[Validation | LineValidation, Iterator[tuple[ArticleInput, int]]]:
    """Return the validation of a shard's articles, and these with their folds, checked as they come."""
    layout, own = shard.share.layout, shard.articles
    if isinstance(own, LineArticles):
        if not isinstance(layout, LineLayout):
            raise TypeError(f"{own.path} is no part of the folder form")
        lines = LineValidation(layout, judgement.schemas, judgement.issues)
        lines.go_on(judgement.registries)
        return lines, lines.articles(own.path)
    folders = Validation(layout, judgement.schemas, judgement.issues, listed=_files(own.articles))
    sums = {f"{article}.txt": sha256 for article, sha256 in zip(own.articles, own.sums, strict=True)}
    folders.go_on(judgement.registries, {name: sha256 for name, sha256 in sums.items() if sha256})
    return folders, zip(map(folders.article, own.articles), own.folds, strict=True)


def _add(article: ArticleInput, fold: int, split: str, context: Context, sink: Sink) -> set[str]:
    """Add the rows of an article; return the claims that its clean text has not."""
    record = article.record
    rows = article_rows(record, fold, context)
    dropped = dropped_rows(record, rows, context.labels)
    for config, table in rows.items():
        sink.add(config, split, table, len(dropped[config]))
    return {row["claim_id"] for row in dropped["claims"]}


class _Texts:
    """The text of the article at hand, which its rows are filled with."""

    def __init__(self) -> None:
        self._article: ArticleInput | None = None

    def keep(self, article: ArticleInput) -> None:
        self._article = article

    def of(self, article_id: str) -> str:
        if self._article is None or self._article.id != article_id:
            raise KeyError(article_id)
        return self._article.text


def _files(articles: tuple[str, ...]) -> list[str]:
    """Return the files of articles, relative to the root; that they are there has been seen."""
    own = [f"annotations/{article}/{layer}.json" for article in articles for layer in CORPUS_LAYERS]
    return own + [f"raw/{article}.{kind}" for article in articles for kind in ("txt", "json")]


@lru_cache(1)
def _judgement(share: Share) -> Judgement:
    """Read what a build's articles are judged by, once a process."""
    schemas = Schemas(share.schema)
    registries = _registries(share, schemas)
    context = Context(registries.registry, label_sets(schemas))
    return Judgement(schemas, read_issues(), registries, context)


def _registries(share: Share, schemas: Schemas) -> RegistryInput:
    if share.store is not None:
        return stored_registries(share.store, store_digest(dict(share.registries)), schemas)
    documents, sums = read_registries(share.layout)
    if tuple(sums.items()) != share.registries:
        raise SourceChangedError(
            f"a registry of {share.layout.root} was changed during the build: build again"
        )
    paths = dict(zip(REGISTRIES, sums, strict=True))
    return RegistryInput(documents, paths, schemas.mediatopics(), share.passes)
