"""From a checked corpus to its tables: shard by shard, so that memory does not grow with the corpus.

A shard is up to ``SHARD_ARTICLES`` articles of one split; ``compile_shard`` is a function of the corpus
and the shard alone, so shards can be made anywhere, in any order, and again. The corpus-wide tables are
made at the end from the small facts that the shards return.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from retold.croissant import make_croissant, write_croissant
from retold.features import LabelSets
from retold.layout import Layout
from retold.manifest import Counts, Json, canary, make_manifest, write_manifest
from retold.reader import read_article, read_registry, read_splits, read_text
from retold.records import Splits
from retold.schemas import Schemas
from retold.sink import Part, Sink, name_files
from retold.tables import CORPUS_SPLIT, article_rows, corpus_rows, dropped_rows
from retold.tables.claim_pairs import SPLIT_ORDER
from retold.tables.context import Context
from retold.tables.facts import ArticleFacts, article_facts
from retold.tokens import tag_names

SHARD_ARTICLES = 1000
BATCH_ARTICLES = 100
BATCH_ROWS = 20_000
POOL_FROM_ARTICLES = 1000  # below that, starting workers costs more than they save
TEXTS_KEPT = 256

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of the work: the articles, sorted, of one split."""

    number: int
    split: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What a shard gave: facts for the corpus-wide tables, finished files, counts of labels."""

    facts: tuple[ArticleFacts, ...]
    parts: tuple[Part, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Compiler:
    """One compilation: from ``layout`` into the empty ``folder``; ``texts`` says if words are filled in."""

    layout: Layout
    folder: Path
    context: Context
    texts: bool = True

    def compile(self, jobs: int | None = None, progress: Progress | None = None) -> Json:
        """Write all tables, the manifest and its description, and return the manifest.

        Args:
            jobs: worker processes; ``None`` takes one below ``POOL_FROM_ARTICLES`` articles, where workers
                would cost more than they save, else one a core. The result is the same for any number.
            progress: called with the number of articles done and of all.
        """
        splits = self.context.splits
        shards = list(plan(splits))
        results = sorted(self._run(shards, jobs, progress), key=lambda result: result[0])
        facts = sorted((fact for _, result in results for fact in result.facts), key=lambda f: f.article)
        corpus = self.compile_corpus(facts, shard=len(shards))
        counts = sum((result.counts for _, result in results), corpus.counts)
        parts = [part for _, result in results for part in result.parts] + list(corpus.parts)
        files = name_files(parts, (*SPLIT_ORDER, CORPUS_SPLIT))
        manifest = make_manifest(self.layout, splits, files, counts, pa.__version__, texts=self.texts)
        write_manifest(manifest, self.folder)
        write_croissant(make_croissant(manifest, self.layout, self.context.labels), self.folder)
        return manifest

    def compile_shard(self, shard: Shard) -> ShardResult:
        """Write the tables of a shard's articles and return their facts."""
        sink = self._sink(shard.number)
        facts = []
        for number, article_id in enumerate(shard.articles, 1):
            article = read_article(self.layout, article_id)
            rows = article_rows(article, self.context)
            dropped = dropped_rows(article, rows, self.context.labels)
            claims = frozenset(row["claim_id"] for row in dropped["claims"])
            facts.append(article_facts(article, rows, claims))
            for config, table in rows.items():
                sink.add(config, shard.split, table, len(dropped[config]))
            if number % BATCH_ARTICLES == 0:
                sink.flush()
        return ShardResult(tuple(facts), tuple(sink.close()), sink.counts)

    def compile_corpus(self, facts: Sequence[ArticleFacts], shard: int) -> ShardResult:
        """Write the corpus-wide tables from the facts of all articles, sorted by article id."""
        sink = self._sink(shard)
        gone = frozenset().union(*(fact.dropped_claims for fact in facts))
        for number, (config, split, row) in enumerate(corpus_rows(facts, self.context), 1):
            dropped = config == "claim_pairs" and not gone.isdisjoint((row["claim_id_a"], row["claim_id_b"]))
            sink.add(config, split, [row], int(dropped))
            if number % BATCH_ROWS == 0:
                sink.flush()
        return ShardResult((), tuple(sink.close()), sink.counts)

    def _sink(self, shard: int) -> Sink:
        @lru_cache(TEXTS_KEPT)
        def text_of(article: str) -> str:
            return read_text(self.layout.text(article))

        words = text_of if self.texts else None
        return Sink(self.folder, shard, self.context.labels, words, canary(self.layout.root))

    def _run(
        self, shards: Sequence[Shard], jobs: int | None, progress: Progress | None
    ) -> Iterator[tuple[int, ShardResult]]:
        """Yield the number and the result of each shard, in the order of their completion."""
        total = sum(len(shard.articles) for shard in shards)
        done = 0
        for shard, result in self._results(shards, workers(jobs, total, len(shards))):
            done += len(shard.articles)
            if progress is not None:
                progress(done, total)
            yield shard.number, result

    def _results(self, shards: Sequence[Shard], number: int) -> Iterator[tuple[Shard, ShardResult]]:
        if number == 1:
            yield from ((shard, self.compile_shard(shard)) for shard in shards)
            return
        with ProcessPoolExecutor(number, mp_context=get_context("spawn")) as pool:
            tasks = {pool.submit(self.compile_shard, shard): shard for shard in shards}
            for task in as_completed(tasks):
                yield tasks[task], task.result()


def workers(jobs: int | None, articles: int, shards: int) -> int:
    """Return how many processes to use: never more than there are shards, and one for a small corpus."""
    if jobs is None:
        jobs = 1 if articles < POOL_FROM_ARTICLES else os.cpu_count() or 1
    return max(1, min(jobs, shards))


def plan(splits: Splits) -> Iterator[Shard]:
    """Yield the shards: each split's articles, sorted by id, cut every ``SHARD_ARTICLES``."""
    number = 0
    for split in SPLIT_ORDER:
        articles = sorted(splits.splits.get(split, ()))
        for start in range(0, len(articles), SHARD_ARTICLES):
            yield Shard(number, split, tuple(articles[start : start + SHARD_ARTICLES]))
            number += 1


def read_context(layout: Layout, schemas: Schemas) -> Context:
    """Read what all articles share: the registry, the splits and the label sets of the class labels."""
    labels: LabelSets = {
        "checkability": tuple(schemas.vocabulary("checkability")),
        "ner_tag": tag_names(schemas.vocabulary("entity-type")),
        "pair_relation": tuple(schemas.vocabulary("pair-relation")),
    }
    return Context(read_registry(layout), read_splits(layout), labels)
