"""Config ``topics``: one row an article and one row a block, with their IPTC Media Topics."""

from __future__ import annotations

from collections.abc import Iterator

from retold.features import STRING, Column, ListOf, Row, Struct, carried_segment, span_columns
from retold.records import Article, ArticleTopic, Block
from retold.tables.context import PLACE, Context, Places, kept_sentences

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


def rows(article: Article, places: Places, context: Context) -> list[Row]:
    """Return the row of the article, then those of its blocks in text order."""
    blocks = {block.id: block for block in article.blocks}
    order = {block_id: number for number, block_id in enumerate(blocks)}
    listed = sorted(article.block_topics, key=lambda item: order[item.block])
    whole = [_topic(topic.topic, rank, topic.evidence, context) for rank, topic in _ranked(article)]
    return [
        {
            "unit": "article",
            **places.whole(),
            "block_kind": None,
            "start": 0,
            "end": len(article.text),
            "text": None,
            **_listed(whole),
        },
        *(_block_row(blocks[item.block], item.topics, places, context) for item in listed),
    ]


def _block_row(block: Block, topics: tuple[str, ...], places: Places, context: Context) -> Row:
    return {
        "unit": "block",
        **places.of([sentence.span for sentence in block.sentences]),
        "block_kind": block.kind,
        "start": block.start,
        "end": block.end,
        "text": None,
        **_listed([_topic(code, None, (), context) for code in topics]),
    }


def _ranked(article: Article) -> Iterator[tuple[str, ArticleTopic]]:
    yield from (("main", topic) for topic in article.main_topics)
    yield from (("secondary", topic) for topic in article.secondary_topics)


def _topic(code: str, rank: str | None, evidence: tuple[str, ...], context: Context) -> Row:
    topic = context.registry.topics[code]
    return {
        "code": code,
        "label": topic.label,
        "broader": topic.broader,
        "rank": rank,
        "evidence": list(evidence),
    }


def _listed(topics: list[Row]) -> Row:
    return {
        "topics": topics,
        "topic_codes": [topic["code"] for topic in topics],
        "topic_labels": [topic["label"] for topic in topics],
    }
