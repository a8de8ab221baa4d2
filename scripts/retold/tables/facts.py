"""The small facts of an article that the corpus-wide tables are made from.

They stay in memory for the whole corpus, so they hold ids and offsets and no text but propositions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from retold.features import Row
from retold.records import Article


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """A claim as ``claim_pairs`` needs it; ``position`` counts the article's claims from 0.

    ``spans`` are half-open code point offsets into the article's text.
    """

    id: str
    article: str
    position: int
    fold: int
    block_id: str
    sentence_id: str
    sentence_ids: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    proposition: str
    canonical: str | None
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """A quote that tells an utterance."""

    utterance: str
    quote: str
    article: str
    rendering: str


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """The facts of one article.

    ``topics`` are its main and secondary codes, ``mentions`` counts entities, ``dropped_claims`` are the ids
    of claims that the clean text has not.
    """

    article: str
    topics: frozenset[str]
    claims: tuple[ClaimFact, ...]
    tellings: tuple[Telling, ...]
    mentions: Counter[str]
    dropped_claims: frozenset[str] = frozenset()


def article_facts(
    article: Article, layers: Mapping[str, list[Row]], dropped_claims: frozenset[str]
) -> ArticleFacts:
    """Return the facts of an article from its record and the rows of its layers."""
    return ArticleFacts(
        article=article.id,
        topics=frozenset(topic.topic for topic in (*article.main_topics, *article.secondary_topics)),
        claims=tuple(_claim(row, position) for position, row in enumerate(layers["claims"])),
        tellings=tuple(
            Telling(link.utterance, quote.id, article.id, link.rendering)
            for quote in article.quotes
            for link in quote.utterances
        ),
        mentions=Counter(mention.entity for mention in article.mentions if mention.entity),
        dropped_claims=dropped_claims,
    )


def _claim(row: Row, position: int) -> ClaimFact:
    return ClaimFact(
        id=row["claim_id"],
        article=row["article_id"],
        position=position,
        fold=row["fold"],
        block_id=row["block_id"],
        sentence_id=row["sentence_id"],
        sentence_ids=tuple(row["sentence_ids"]),
        spans=tuple((span["start"], span["end"]) for span in row["spans"]),
        proposition=row["proposition"],
        canonical=row["canonical_id"],
        entities=tuple(row["entity_ids"]),
    )
