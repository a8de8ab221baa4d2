"""The tables of the corpus as a whole, from the article tables of all shards and the registries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa

from retold.engines import Engine
from retold.features import LabelSets
from retold.manifest import Counts, count_view
from retold.parquet import rows_table
from retold.sink import Part, Sink
from retold.tables import CONFIG_OF, CORPUS_SPLIT
from retold.tables.claim_index import TOPIC_COLUMNS, ClaimIndex, claim_index
from retold.tables.claim_rows import ClaimRows, copied_claims, copy_claims, row_groups
from retold.tables.context import Context
from retold.tables.pair_jobs import PairJob, dropped_pairs, pair_jobs
from retold.tables.pairing import select
from retold.tables.registries import (
    MENTION_COLUMNS,
    TELLING_COLUMNS,
    canonical_claims,
    entity_registry,
    utterances,
)

JOBS_A_FILE = 20  # so that what is sent to a worker stays small: 200,000 pairs
BATCH_ROWS = 20_000

Made = tuple[tuple[Part, ...], Counts]


@dataclass(frozen=True, slots=True)
class PairShard:
    """One file of ``claim_pairs``: consecutive pairs of one split, a row group a job."""

    number: int
    jobs: tuple[PairJob, ...]
    claims: ClaimRows
    labels: LabelSets
    canary: str | None
    folder: Path


def compile_pair_shard(shard: PairShard) -> Made:
    """Write the file of a shard of pairs; a function of the shard alone."""
    sink = Sink(shard.folder, shard.number, shard.labels, shard.canary)
    for job in shard.jobs:
        sink.write("claim_pairs", job.split, job.make(shard.claims, shard.labels))
        pa.default_memory_pool().release_unused()
    return tuple(sink.close()), sink.counts


@dataclass(frozen=True, slots=True)
class CorpusTables:
    """The corpus-wide tables, to be written below ``folder``.

    ``parts`` are the files of the article tables; ``splits`` is the split of each article.
    """

    parts: Sequence[Part]
    context: Context
    splits: Mapping[str, str]
    folder: Path
    canary: str | None

    def write(self, engine: Engine, dropped_claims: Collection[str]) -> Made:
        """Write all of them; ``dropped_claims`` are the claims that the clean texts have not."""
        claims = self._copied_claims()
        tables = (table for file in claims.files for table in copied_claims(file))
        index = claim_index(tables, self._pieces("topics", TOPIC_COLUMNS))
        found = select(index, self.context.registry)
        jobs = pair_jobs(index, found, self.context.registry.near_misses, self.splits)
        pairs = engine.run(compile_pair_shard, self._shards(jobs, claims))  # a pool begins with them here
        parts, counts = self._registries(index)
        for _, (own, counted) in pairs:
            parts += own
            counts.update(counted)
        counts.update(count_view("claim_pairs", len(found), dropped_pairs(index, found, dropped_claims)))
        return parts, counts

    def _registries(self, index: ClaimIndex) -> Made:
        registry = self.context.registry
        rows_of = {
            "entity_registry": entity_registry(self._pieces("entities", MENTION_COLUMNS), registry),
            "utterances": utterances(self._pieces("quotes", TELLING_COLUMNS), self.context),
            "canonical_claims": canonical_claims(index, registry),
        }
        sink = Sink(self.folder, 0, self.context.labels, self.canary)
        for config, rows in rows_of.items():
            while batch := list(islice(rows, BATCH_ROWS)):
                table = rows_table(CONFIG_OF[config].columns, batch, self.context.labels)
                sink.add(config, CORPUS_SPLIT, table)
        return tuple(sink.close()), sink.counts

    def _shards(self, jobs: Iterable[PairJob], claims: ClaimRows) -> Iterator[PairShard]:
        waiting: list[PairJob] = []
        number = 0
        for job in jobs:
            if waiting and (len(waiting) == JOBS_A_FILE or waiting[0].split != job.split):
                yield self._shard(number, waiting, claims)
                number, waiting = number + 1, []
            waiting.append(job)
        if waiting:
            yield self._shard(number, waiting, claims)

    def _shard(self, number: int, jobs: list[PairJob], claims: ClaimRows) -> PairShard:
        folder = self.folder / f"pairs-{number:05d}"
        return PairShard(number, tuple(jobs), claims, self.context.labels, self.canary, folder)

    def _copied_claims(self) -> ClaimRows:
        folder = self.folder / "claims-by-row"
        folder.mkdir(parents=True)
        copies = [folder / f"{number:05d}.arrow" for number in range(len(self._paths("claims")))]
        for part, copy in zip(self._paths("claims"), copies, strict=True):
            copy_claims(part, copy)
        return ClaimRows.of(copies)

    def _pieces(self, config: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        return (table for path in self._paths(config) for table in row_groups(path, columns))

    def _paths(self, config: str) -> list[Path]:
        """Return the files of an article table, in the order of the shards."""
        own = sorted((part for part in self.parts if part.config == config), key=lambda part: part.shard)
        return [part.written.path for part in own]
