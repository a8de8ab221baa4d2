"""Config ``topics``: one row an article and one row a block, with their IPTC Media Topics."""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from retold.arrow_columns import list_array, strings
from retold.features import STRING, Column, ListOf, Struct, carried_segment, span_columns
from retold.records import Article
from retold.tables.batch import Batch, Layer, string_lists
from retold.tables.columnar import Integers, ranges, starts_of, to_arrow
from retold.tables.context import PLACE, Context, kept_sentences
from retold.tables.lookup import Lookup
from retold.tables.stretches import Columns, integers, records, words

_TOPIC = Struct(
    (
        Column("code", STRING, "IPTC Media Topic: `medtop:` and eight digits."),
        Column("label", STRING, "Its English label."),
        Column("broader", STRING, "Code of its broader topic."),
        Column(
            "rank", STRING, "`main` or `secondary` for an article; null for a block (most specific first)."
        ),
        Column(
            "evidence",
            ListOf(STRING),
            "Sentences that show it, for an article.",
            clean=kept_sentences("evidence"),
        ),
    )
)

COLUMNS = (
    Column("unit", STRING, "What the row is about: `article` or `block`."),
    *PLACE,
    Column("block_kind", STRING, "Kind of the block; null for an article."),
    *span_columns("the article or block", carried_segment),
    Column("topics", ListOf(_TOPIC), "The topics; empty for a block that has none, such as a greeting."),
    Column("topic_codes", ListOf(STRING), "Their codes alone."),
    Column("topic_labels", ListOf(STRING), "Their labels alone."),
)


def columns(batch: Batch, context: Context) -> Columns:
    """Return the columns of the articles and their blocks: each article, then its blocks in text order."""
    units = Layer.of(map(_units, batch.articles, _first_blocks(batch)))
    number = integers([unit.block for unit in units.items])
    topics = Layer.of(unit.topics for unit in units.items)
    return {
        "unit": strings(["block", "article"]).take(to_arrow((number < 0).astype(np.int32))),
        **_place(batch, units.owner, number),
        **_topics(topics, context),
    }


class _Ranked(NamedTuple):
    """A topic as a unit has it."""

    code: str
    rank: str | None = None
    evidence: tuple[str, ...] = ()


class _Unit(NamedTuple):
    """What has topics: the number of a block among those of the batch, -1 for the article."""

    block: int
    topics: list[_Ranked]


def _first_blocks(batch: Batch) -> list[int]:
    """Return the number of each article's first block among those of the batch."""
    numbers: list[int] = starts_of(batch.blocks.sizes)[:-1].tolist()
    return numbers


def _units(article: Article, first_block: int) -> list[_Unit]:
    ranked = (("main", article.main_topics), ("secondary", article.secondary_topics))
    whole = [_Ranked(topic.topic, rank, topic.evidence) for rank, topics in ranked for topic in topics]
    number = {block.id: number for number, block in enumerate(article.blocks, first_block)}
    blocks = [_Unit(number[item.block], list(map(_Ranked, item.topics))) for item in article.block_topics]
    return [_Unit(-1, whole), *sorted(blocks, key=itemgetter(0))]


def _place(batch: Batch, article: Integers, block: Integers) -> Columns:
    """Return where units stand: blocks by number, whole articles where it is -1."""
    places, spans, whole = batch.places, batch.block_spans, block < 0
    begins = np.where(whole, places.first_sentences[article], places.first_of_block[block])
    ends = np.where(whole, places.first_sentences[article + 1], places.first_of_block[block + 1])
    sizes = ends - begins
    lengths = integers([len(item.text) for item in batch.articles])
    kinds = strings([*(item.kind for item in batch.blocks.items), None])
    texts = words([item.text for item in batch.articles], batch.texts)
    taken = np.where(whole, article + len(spans.start), block)
    return {
        **places.listed(article, sizes, ranges(begins, sizes)[1], np.where(whole, -1, begins)),
        "block_kind": kinds.take(to_arrow(block % len(kinds))),
        "start": to_arrow(np.append(spans.start, np.zeros_like(lengths))[taken]),
        "end": to_arrow(np.append(spans.end, lengths)[taken]),
        "text": pa.concat_arrays([spans.text, texts]).take(to_arrow(taken)),
    }


def _topics(topics: Layer[_Ranked], context: Context) -> Columns:
    registered = Lookup(topics.strings("code"), context.registry.topics.__getitem__)
    label = registered.strings("label")
    fields = {
        "code": registered.ids,
        "label": label,
        "broader": registered.strings("broader"),
        "rank": topics.strings("rank"),
        "evidence": string_lists([topic.evidence for topic in topics.items]),
    }
    return {
        "topics": records(fields, topics.sizes),
        "topic_codes": list_array(registered.ids, topics.sizes),
        "topic_labels": list_array(label, topics.sizes),
    }
