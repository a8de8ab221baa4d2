"""A shard from its files to its tables: checked and compiled at once, in any process, and again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from retold.checks.facts import Facts
from retold.checks.inputs import ArticleInput, RegistryInput
from retold.features import LabelSets
from retold.findings import Issues, read_issues
from retold.garbage import uncollected
from retold.layout import CORPUS_LAYERS, REGISTRIES, LineLayout
from retold.line_registries import store_digest, stored_registries
from retold.line_validation import LineValidation
from retold.manifest import Counts
from retold.parquet import columns_table
from retold.reader import read_registries
from retold.records import Article
from retold.schemas import Schemas
from retold.shards import LineArticles, Shard, ShardResult, Share, moved, save_result
from retold.sink import Part, Sink
from retold.tables import CONFIG_OF, article_columns, dropped_rows
from retold.tables.batch import Batch
from retold.tables.context import Context
from retold.tokens import tag_names
from retold.validation import Validation

BATCH_ITEMS = 10_000  # sentences, mentions, quotes and claims of a row group: about 60 MB at once


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
        pa.default_memory_pool().release_unused()  # or what one shard needs adds to what others did
    return moved(result, draft, shard.folder)


def label_sets(schemas: Schemas) -> LabelSets:
    """Return the label sets of class labels."""
    return {
        "checkability": tuple(schemas.vocabulary("checkability")),
        "ner_tag": tag_names(schemas.vocabulary("entity-type")),
        "pair_relation": tuple(schemas.vocabulary("pair-relation")),
    }


def _compile(shard: Shard, judgement: Judgement, folder: Path) -> ShardResult:
    validation, articles = _opened(shard, judgement)
    facts, rows = Facts(), _Rows(shard, judgement.context, folder)
    folds = []
    for article, fold in articles:
        if validation.has_errors:
            continue  # all errors are looked for, but nothing is written any more
        facts.add(article)
        folds.append(fold)
        rows.add(article.record, fold)
    valid = not validation.has_errors
    parts = tuple(rows.close())
    dropped_claims = frozenset(rows.dropped_claims)
    return ShardResult(valid, parts, rows.counts, validation.read, facts, dropped_claims, tuple(folds))


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


class _Rows:
    """The rows of a shard, made and written as a batch of articles is complete.

    ``dropped_claims`` are the ids of the claims that the clean texts have not.
    """

    def __init__(self, shard: Shard, context: Context, folder: Path) -> None:
        self._shard = shard
        self._context = context
        self._sink = Sink(folder, shard.number, context.labels, shard.share.canary)
        self._waiting: list[tuple[Article, int]] = []
        self._items = 0
        self.dropped_claims: set[str] = set()

    @property
    def counts(self) -> Counts:
        return self._sink.counts

    def add(self, article: Article, fold: int) -> None:
        self._waiting.append((article, fold))
        layers = (article.sentence_labels, article.mentions, article.quotes, article.claims)
        self._items += sum(map(len, layers))
        if self._items >= BATCH_ITEMS:
            self._write()

    def close(self) -> list[Part]:
        if self._waiting:
            self._write()
        return self._sink.close()

    def _write(self) -> None:
        labels = self._context.labels
        articles, folds = zip(*self._waiting, strict=True)
        self._waiting.clear()
        self._items = 0
        batch = Batch(articles, folds, self._shard.share.texts)
        made = article_columns(batch, self._context)
        dropped = dropped_rows(batch, made, labels)
        for config, arrays in made.items():
            table = columns_table(CONFIG_OF[config].columns, arrays, labels)
            self._sink.add(config, self._shard.split, table, len(dropped[config]))
        self.dropped_claims.update(row["claim_id"] for row in dropped["claims"])


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
