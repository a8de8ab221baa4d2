"""Configs ``entity_registry``, ``utterances``, ``canonical_claims``: what the articles share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import pyarrow as pa

from retold.arrow_columns import strings
from retold.features import INTEGER, STRING, Column, ListOf, Row, Struct
from retold.records import Registry
from retold.tables.claim_index import ClaimIndex
from retold.tables.columnar import Encoder, Integers, column, list_starts, places, sorted_codes, to_arrow
from retold.tables.context import Context, entity_columns

ENTITY_COLUMNS = (
    Column("entity_id", STRING, "The entity."),
    Column("name", STRING, "Its name."),
    Column("type", STRING, "OntoNotes 5.0 type."),
    Column("wikidata", STRING, "Its Wikidata item, null where there is none."),
    Column("wikidata_note", STRING, "Why there is none."),
    Column("description", STRING, "Who or what it is."),
    Column("member_ids", ListOf(STRING), "Entities that make it up, if it is a group."),
    Column("replaced_by", STRING, "The entity that took the place of this retired one."),
    Column("article_ids", ListOf(STRING), "Articles that mention it, sorted."),
    Column("mentions", INTEGER, "Number of its mentions in the corpus (in the texts as received)."),
    Column("note", STRING, "The annotators' remark, if any."),
)

_TELLING = Struct(
    (
        Column("quote_id", STRING, "The quote."),
        Column("article_id", STRING, "Its article."),
        Column("rendering", STRING, "How it renders the remark."),
    )
)
_TELLING_FIELDS = tuple(field.name for field in _TELLING.columns)
UTTERANCE_COLUMNS = (
    Column("utterance_id", STRING, "The remark."),
    *entity_columns("speaker", "Who made it"),
    Column("gist", STRING, "What was said (written by the annotators)."),
    Column("date", STRING, "When, as far as the corpus tells."),
    Column("place", STRING, "Where, as far as the corpus tells."),
    Column("reference_quote_id", STRING, "The quote with the wording that renderings are measured against."),
    Column("quotes", ListOf(_TELLING), "The quotes that tell it, by article, in text order."),
    Column("article_ids", ListOf(STRING), "The articles that tell it, sorted."),
    Column("replaced_by", STRING, "The utterance that took the place of this retired one."),
    Column("note", STRING, "The annotators' remark, if any."),
)

_RELATION = Struct(
    (
        Column("to", STRING, "The other canonical claim."),
        Column("relation", STRING, "`entails` (this one is the more specific) or `contradicts`."),
        Column("type", STRING, "For contradicts: negation, antonym, numeric, …"),
        Column("level", STRING, "For contradicts: `report` or `speaker`."),
    )
)
CANONICAL_COLUMNS = (
    Column("canonical_id", STRING, "The proposition."),
    Column("statement", STRING, "The proposition in one sentence (written by the annotators)."),
    Column("relations", ListOf(_RELATION), "As annotated; `claim_pairs` holds what follows from them."),
    Column("claim_ids", ListOf(STRING), "The claims that make it, by article, in text order."),
    Column("article_ids", ListOf(STRING), "The articles that make it, sorted."),
    Column("replaced_by", STRING, "The canonical claim that took the place of this retired one."),
    Column("note", STRING, "The annotators' remark, if any."),
)

MENTION_COLUMNS = ("entity_id", "article_id")
TELLING_COLUMNS = ("quote_id", "article_id", "utterances")
_STEP = 10_000


def entity_registry(mentions: Iterable[pa.Table], registry: Registry) -> Iterator[Row]:
    """Yield the entities, sorted by id.

    Args:
        mentions: the entities tables, or pieces of them, with ``MENTION_COLUMNS``.
        registry: the registry.
    """
    entities, articles = Encoder(), Encoder()
    for table in mentions:
        entities.add(column(table, "entity_id"))
        articles.add(column(table, "article_id"))
    ids = sorted(registry.entities)
    owners = _owners(*entities.finish(), ids)
    article, names = sorted_codes(*articles.finish())
    named = owners >= 0
    keys, counts = np.unique(owners[named] * max(1, len(names)) + article[named], return_counts=True)
    owner, article = np.divmod(keys, max(1, len(names)))
    sizes = np.bincount(owner, minlength=len(ids)).tolist()
    mentioning, numbers = _listed(names.take(to_arrow(article))), iter(counts.tolist())
    for entity_id, size in zip(ids, sizes, strict=True):
        entity = registry.entities[entity_id]
        yield {
            "entity_id": entity.id,
            "name": entity.name,
            "type": entity.type,
            "wikidata": entity.wikidata,
            "wikidata_note": entity.wikidata_note,
            "description": entity.description,
            "member_ids": list(entity.members),
            "replaced_by": entity.replaced_by,
            "article_ids": list(islice(mentioning, size)),
            "mentions": sum(islice(numbers, size)),
            "note": entity.note,
        }


def utterances(quotes: Iterable[pa.Table], context: Context) -> Iterator[Row]:
    """Yield the utterances, sorted by id.

    Args:
        quotes: the quotes tables, or pieces of them in their order, with ``TELLING_COLUMNS``.
        context: registry, splits and label sets.
    """
    told, articles, telling, rendering = Encoder(), Encoder(), Encoder(), Encoder()
    for table in quotes:
        links = column(table, "utterances")
        quote = to_arrow(np.repeat(np.arange(len(table)), np.diff(list_starts(links))))
        link = links.flatten()
        told.add(link.field("utterance_id"))
        rendering.add(link.field("rendering"))
        telling.add(column(table, "quote_id").take(quote))
        articles.add(column(table, "article_id").take(quote))
    ids = sorted(context.registry.utterances)
    owners = _owners(*told.finish(), ids)
    article, names = sorted_codes(*articles.finish())
    order = _order(owners, article)
    tellings = zip(
        *(
            _listed(found.take(to_arrow(codes[order])))
            for codes, found in (telling.finish(), (article, names), rendering.finish())
        ),
        strict=True,
    )
    for utterance_id, size in zip(ids, _sizes(owners, ids), strict=True):
        utterance = context.registry.utterances[utterance_id]
        quoted = [dict(zip(_TELLING_FIELDS, telling, strict=True)) for telling in islice(tellings, size)]
        yield {
            "utterance_id": utterance.id,
            **context.entity("speaker", utterance.speaker),
            "gist": utterance.gist,
            "date": utterance.date,
            "place": utterance.place,
            "reference_quote_id": utterance.reference,
            "quotes": quoted,
            "article_ids": sorted({telling["article_id"] for telling in quoted}),
            "replaced_by": utterance.replaced_by,
            "note": utterance.note,
        }


def canonical_claims(index: ClaimIndex, registry: Registry) -> Iterator[Row]:
    """Yield the canonical claims, sorted by id."""
    ids = sorted(registry.claims)
    owners = _owners(index.canonical, index.canonicals, ids)
    order = to_arrow(_order(owners, index.article))
    claims = zip(
        _listed(index.ids.take(order)),
        _listed(index.articles.take(to_arrow(index.article).take(order))),
        strict=True,
    )
    for canonical_id, size in zip(ids, _sizes(owners, ids), strict=True):
        canonical = registry.claims[canonical_id]
        made = list(islice(claims, size))
        yield {
            "canonical_id": canonical.id,
            "statement": canonical.statement,
            "relations": [
                {"to": item.to, "relation": item.relation, "type": item.type, "level": item.level}
                for item in canonical.relations
            ],
            "claim_ids": [claim for claim, _ in made],
            "article_ids": sorted({article for _, article in made}),
            "replaced_by": canonical.replaced_by,
            "note": canonical.note,
        }


def _owners(codes: Integers, names: pa.Array, ids: Sequence[str]) -> Integers:
    """Return for each code, instead, the place of its name among the ids of a registry, or -1."""
    return np.append(places(names, strings(ids)), -1)[codes].astype(np.int64)


def _order(owners: Integers, articles: Integers) -> Integers:
    """Return the places of items that have an owner, by owner, then article, then as they came."""
    order = np.lexsort((articles, owners))
    return order[owners[order] >= 0]


def _sizes(owners: Integers, ids: Sequence[str]) -> list[int]:
    """Return how many items each owner has."""
    sizes: list[int] = np.bincount(owners[owners >= 0], minlength=len(ids)).tolist()
    return sizes


def _listed(values: pa.Array) -> Iterator[str]:
    for start in range(0, len(values), _STEP):
        yield from values.slice(start, _STEP).to_pylist()
