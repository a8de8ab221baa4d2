"""What the rows of an article are made from, beside the article: registry, label sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pyarrow as pa

from retold.carrying import CleanArticle
from retold.features import INTEGER, STRING, CleanRule, Column, LabelSets, ListOf, Row
from retold.records import Entity, Registry
from retold.tables.lookup import Lookup
from retold.tables.stretches import Columns

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
    def codes(self) -> Mapping[str, Mapping[str, int]]:
        """The index of each label in its set, by set and label."""
        return {
            name: {label: code for code, label in enumerate(labels)} for name, labels in self.labels.items()
        }

    def entities(self, ids: pa.Array) -> Lookup[Entity]:
        """Return what a column of entity ids (or reserved words) stands for."""
        return Lookup(ids, self.registry.entities.get)

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


def entity_arrays(prefix: str, entities: Lookup[Entity]) -> Columns:
    """Return the columns that ``entity_columns`` names."""
    return {
        f"{prefix}_id": entities.ids,
        f"{prefix}_name": entities.strings("name"),
        f"{prefix}_wikidata": entities.strings("wikidata"),
    }
