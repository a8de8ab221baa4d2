"""The table of pairs, cut into jobs: each can be done in any process, from its own numbers and the claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from retold.arrow_columns import strings
from retold.features import LabelSets
from retold.records import NearMiss
from retold.tables.claim_index import ClaimIndex
from retold.tables.claim_pairs import SPLIT_ORDER, Judgements, table
from retold.tables.claim_rows import ClaimRows
from retold.tables.columnar import Integers
from retold.tables.pairing import Pairs

JOB_ROWS = 10_000  # about 20 MB with the claims


@dataclass(frozen=True, slots=True)
class PairJob:
    """Consecutive rows of a split of ``claim_pairs``; ``a`` and ``b`` number rows of the claims tables."""

    split: str
    a: Integers
    b: Integers
    judged: Judgements

    def __len__(self) -> int:
        return len(self.a)

    def make(self, claims: ClaimRows, labels: LabelSets) -> pa.Table:
        """Return the rows, without metadata in their schema."""
        rows, places = np.unique(np.concatenate([self.a, self.b]), return_inverse=True)
        a, b = places[: len(self)], places[len(self) :]
        return table(claims.take(rows.astype(np.int64)), a, b, self.judged, labels)


def pair_jobs(
    index: ClaimIndex,
    pairs: Pairs,
    misses: Sequence[NearMiss],
    splits: Mapping[str, str],
    rows: int = JOB_ROWS,
) -> Iterator[PairJob]:
    """Yield the jobs, by split and then by pair, of at most so many rows.

    Args:
        index: all claims.
        pairs: all pairs.
        misses: the registry's near misses.
        splits: the split of each article, by article id.
        rows: the most rows of a job.
    """
    split = pair_splits(index, pairs, splits)
    for code, name in enumerate(SPLIT_ORDER):
        chosen = np.flatnonzero(split == code)
        for start in range(0, len(chosen), rows):
            own = chosen[start : start + rows]
            yield PairJob(
                name, index.row[pairs.a[own]], index.row[pairs.b[own]], _judgements(pairs, own, misses)
            )


def pair_splits(index: ClaimIndex, pairs: Pairs, splits: Mapping[str, str]) -> Integers:
    """Return for each pair the place in ``SPLIT_ORDER`` of the most held-out split of its two articles."""
    names = index.articles.to_pylist()
    article = np.array([SPLIT_ORDER.index(splits[name]) for name in names], np.int8)
    split: Integers = np.maximum(article[index.article[pairs.a]], article[index.article[pairs.b]])
    return split


def dropped_pairs(index: ClaimIndex, pairs: Pairs, claims: Collection[str]) -> int:
    """Return how many pairs have one of these claims."""
    gone = np.zeros(len(index) + 1, np.bool_)  # the last takes what is no claim of the index
    gone[index.numbers(strings(claims))] = True
    return int(np.count_nonzero(gone[pairs.a] | gone[pairs.b]))


def _judgements(pairs: Pairs, own: Integers, misses: Sequence[NearMiss]) -> Judgements:
    miss = pairs.miss[own]
    used, why = np.unique(miss, return_inverse=True)
    return Judgements(
        relation=pairs.relation[own],
        origin=pairs.origin[own],
        why=why.astype(np.int32),
        relations=pairs.relations,
        reasons=tuple(None if place < 0 else misses[place].why for place in used.tolist()),
    )
