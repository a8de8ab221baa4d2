"""What the rows of an article are made from, beside the article: registry, label sets."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from retold.carrying import CleanArticle
from retold.features import INTEGER, STRING, CleanRule, Column, LabelSets, ListOf, Row
from retold.records import Article, Block, Registry, Sentence, Span

_ENTITIES_KEPT = 1024


def kept_sentences(column: str) -> CleanRule:
    """Clean rule: those of the sentences listed in ``column`` of which something is left."""
    return lambda record, article: article.kept(record[column])


def first_sentence(column: str, listed: str) -> CleanRule:
    """Clean rule of ``column``, the first of the sentences ``listed`` in another column."""

    def rule(record: Row, article: CleanArticle) -> str | None:
        return None if record[column] is None else article.kept(record[listed])[0]

    return rule


def first_block(column: str, listed: str) -> CleanRule:
    """Clean rule of ``column``, the block of the first of the sentences ``listed`` in another column."""

    def rule(record: Row, article: CleanArticle) -> str | None:
        return None if record[column] is None else article.block_of(article.kept(record[listed])[0])

    return rule


PLACE = (
    Column("article_id", STRING, "The article (its file name in `raw/`)."),
    Column("fold", INTEGER, "Cross-validation fold of the article, from 0."),
    Column(
        "block_id",
        STRING,
        "The block that holds the sentence `sentence_id`.",
        clean=first_block("block_id", "sentence_ids"),
    ),
    Column(
        "sentence_id",
        STRING,
        "The sentence in which the item begins.",
        clean=first_sentence("sentence_id", "sentence_ids"),
    ),
    Column(
        "sentence_ids",
        ListOf(STRING),
        "All sentences that the item touches, in text order.",
        clean=kept_sentences("sentence_ids"),
    ),
)


@dataclass(frozen=True)
class Context:
    """The corpus-wide facts that every article's rows draw on; ``labels`` maps a set to its labels."""

    registry: Registry
    labels: LabelSets

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str | None, int | None]]:
        """The index of each label in its set, by set and label; ``None`` for ``None``."""
        return {
            name: {None: None, **{label: code for code, label in enumerate(labels)}}
            for name, labels in self.labels.items()
        }

    @cached_property
    def entity(self) -> Callable[[str, str | None], Row]:
        """The values of ``entity_columns(prefix, …)`` for a prefix and an entity id (or reserved word).

        They are shared: to be copied from, not changed.
        """
        return lru_cache(_ENTITIES_KEPT)(self._entity)

    def _entity(self, prefix: str, entity_id: str | None) -> Row:
        entity = self.registry.entities.get(entity_id) if entity_id else None
        return {
            f"{prefix}_id": entity_id,
            f"{prefix}_name": entity.name if entity else None,
            f"{prefix}_wikidata": entity.wikidata if entity else None,
        }


def entity_columns(prefix: str, what: str) -> tuple[Column, ...]:
    """Return the columns that name an entity: registry id, name, Wikidata item."""
    return (
        Column(f"{prefix}_id", STRING, f"{what}: id in `entity_registry`."),
        Column(f"{prefix}_name", STRING, "Its name in the registry."),
        Column(f"{prefix}_wikidata", STRING, "Its Wikidata item, null where there is none."),
    )


class Places:
    """Where the sentences of an article lie: from spans to sentence and block ids.

    What it returns is shared: to be copied from, not changed.
    """

    def __init__(self, article: Article, fold: int) -> None:
        self._article = article.id
        self._fold = fold
        self._sentences = list(sentences(article))
        self._starts = [sentence.span.start for _, sentence in self._sentences]
        self._limits = [*self._starts[1:], sys.maxsize]
        self._single = [self._place([number]) for number in range(len(self._sentences))]

    def of(self, spans: Sequence[Span]) -> Row:
        """Return the values of ``PLACE`` for an item with these spans (at least one), in text order."""
        if len(spans) == 1:
            number = bisect_right(self._starts, spans[0].start) - 1
            if number >= 0 and spans[0].end <= self._limits[number]:
                return self._single[number]
        return self._place(sorted({number for span in spans for number in self.touched(span)}))

    def whole(self) -> Row:
        """Return the values of ``PLACE`` for the article as a whole: all sentences, no first one."""
        return {
            "article_id": self._article,
            "fold": self._fold,
            "block_id": None,
            "sentence_id": None,
            "sentence_ids": [sentence.id for _, sentence in self._sentences],
        }

    def touched(self, span: Span) -> range:
        """Return the numbers of the sentences that the span touches; at least one, the one before it."""
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        last = max(bisect_right(self._starts, span.end - 1) - 1, first)
        return range(first, last + 1)

    def _place(self, numbers: Sequence[int]) -> Row:
        block, first = self._sentences[numbers[0]]
        return {
            "article_id": self._article,
            "fold": self._fold,
            "block_id": block.id,
            "sentence_id": first.id,
            "sentence_ids": [self._sentences[number][1].id for number in numbers],
        }


def sentences(article: Article) -> Iterator[tuple[Block, Sentence]]:
    """Yield the article's sentences, each with its block, in text order."""
    for block in article.blocks:
        for sentence in block.sentences:
            yield block, sentence


def bare(spans: Iterable[Span]) -> list[Row]:
    """Return spans as records of offsets whose ``text`` is still to be filled in."""
    return [{"start": span.start, "end": span.end, "text": None} for span in spans]
