"""All claims of a corpus, as compact columns: what pairs of claims are chosen by.

Claims are numbered in the order of the corpus: by article id, then by place in the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from retold.arrow_columns import strings
from retold.tables.columnar import (
    Encoder,
    Integers,
    column,
    list_starts,
    places,
    ranges,
    sorted_codes,
    starts_of,
    to_arrow,
)

CLAIM_COLUMNS = ("claim_id", "article_id", "canonical_id", "entity_ids")
TOPIC_COLUMNS = ("unit", "article_id", "topic_codes")
_WORD = 64


@dataclass(frozen=True, slots=True)
class ClaimIndex:
    """The claims, an entry each, in the order of the corpus.

    ``articles`` are the ids of the articles that have claims, sorted; ``article`` is a place among them.
    ``canonical`` is a place among ``canonicals``, or -1. The entities of claim ``n`` are the codes
    ``entities[entity_starts[n] : entity_starts[n + 1]]``. ``topics`` has a row of bits an article, a bit
    a topic. ``row`` counts the rows of the claims tables as they came, over all of them.
    """

    ids: pa.Array
    articles: pa.Array
    article: Integers
    canonicals: pa.Array
    canonical: Integers
    entity_starts: Integers
    entities: Integers
    topics: NDArray[np.uint64]
    row: Integers

    def __len__(self) -> int:
        return len(self.row)

    def id_bytes(self, claims: Integers) -> list[bytes]:
        """Return the ids of some claims, encoded."""
        taken = self.ids.take(to_arrow(claims))
        _, offsets, data = taken.buffers()
        ends = np.frombuffer(offsets, np.int64)[: len(taken) + 1].tolist()
        encoded = data.to_pybytes() if data is not None else b""
        return [encoded[start:end] for start, end in pairwise(ends)]

    def numbers(self, ids: pa.Array) -> Integers:
        """Return the numbers of claims by their ids, which differ, -1 for what is no claim."""
        found = places(self.ids, ids.cast(self.ids.type))
        numbers = np.full(len(ids), -1, np.int32)
        here = np.flatnonzero(found >= 0)
        numbers[found[here]] = here
        return numbers


def claim_index(claims: Iterable[pa.Table], topics: Iterable[pa.Table]) -> ClaimIndex:
    """Return the index of the claims of a corpus.

    Args:
        claims: the claims tables, or pieces of them in their order, with ``CLAIM_COLUMNS``; the claims of
            an article follow each other in text order, articles may come in any order.
        topics: the topics tables, or pieces of them, with ``TOPIC_COLUMNS``.
    """
    ids: list[pa.Array] = [strings(()).cast(pa.large_string())]
    sizes: list[Integers] = [np.zeros(0, np.int64)]
    articles, canonicals, entities = Encoder(), Encoder(), Encoder()
    for table in claims:
        ids.append(column(table, "claim_id").cast(pa.large_string()))
        articles.add(column(table, "article_id"))
        canonicals.add(column(table, "canonical_id"))
        listed = column(table, "entity_ids")
        sizes.append(np.diff(list_starts(listed)))
        entities.add(listed.flatten())
    article, names = sorted_codes(*articles.finish())
    order = np.argsort(article, kind="stable").astype(np.int32)
    canonical, canonical_names = canonicals.finish()
    unordered = pa.concat_arrays(ids)
    ids.clear()
    entity_starts, entity_codes = _ordered_lists(np.concatenate(sizes), entities.finish()[0], order)
    return ClaimIndex(
        ids=unordered.take(to_arrow(order)),
        articles=names,
        article=article[order],
        canonicals=canonical_names,
        canonical=canonical[order],
        entity_starts=entity_starts,
        entities=entity_codes,
        topics=_topic_bits(topics, names),
        row=order,
    )


def _ordered_lists(sizes: Integers, items: Integers, order: Integers) -> tuple[Integers, Integers]:
    """Return lists, flattened, in another order: where each starts, and their items."""
    _, taken = ranges(starts_of(sizes)[:-1][order], sizes[order])
    return starts_of(sizes[order]), items[taken]


def _topic_bits(tables: Iterable[pa.Table], articles: pa.Array) -> NDArray[np.uint64]:
    """Return the topics of articles (not of their blocks) as bits; of an article without any, none."""
    whole = strings(["article"])
    topics, owners = Encoder(), [np.zeros(0, np.int32)]
    for table in tables:
        chosen = np.flatnonzero(places(column(table, "unit"), whole) == 0)
        lists = column(table, "topic_codes").take(to_arrow(chosen))
        article = places(column(table, "article_id").take(to_arrow(chosen)), articles)
        owners.append(np.repeat(article, np.diff(list_starts(lists))))
        topics.add(lists.flatten())
    codes, names = topics.finish()
    owner = np.concatenate(owners)
    bits = np.zeros((len(articles), max(1, -(-len(names) // _WORD))), np.uint64)
    known = owner >= 0  # an article without claims is not in the index
    word, bit = np.divmod(codes[known], _WORD)
    np.bitwise_or.at(bits, (owner[known], word), np.uint64(1) << bit.astype(np.uint64))
    return bits
