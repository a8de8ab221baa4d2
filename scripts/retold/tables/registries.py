"""Configs ``entity_registry``, ``utterances``, ``canonical_claims``: what the articles share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from retold.features import INTEGER, STRING, Column, ListOf, Row, Struct
from retold.records import Registry
from retold.tables.context import Context, entity_columns
from retold.tables.facts import ArticleFacts, ClaimFact, Telling

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


def entity_rows(facts: Sequence[ArticleFacts], context: Context) -> list[Row]:
    """Return the entities, sorted by id."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for article in facts:
        for entity_id, number in article.mentions.items():
            counts[entity_id][article.article] = number
    return [
        {
            "entity_id": entity.id,
            "name": entity.name,
            "type": entity.type,
            "wikidata": entity.wikidata,
            "wikidata_note": entity.wikidata_note,
            "description": entity.description,
            "member_ids": list(entity.members),
            "replaced_by": entity.replaced_by,
            "article_ids": sorted(counts[entity.id]),
            "mentions": sum(counts[entity.id].values()),
            "note": entity.note,
        }
        for _, entity in sorted(context.registry.entities.items())
    ]


def utterance_rows(facts: Sequence[ArticleFacts], context: Context) -> list[Row]:
    """Return the utterances, sorted by id."""
    told: defaultdict[str, list[Telling]] = defaultdict(list)
    for article in facts:
        for telling in article.tellings:
            told[telling.utterance].append(telling)
    return [
        {
            "utterance_id": utterance.id,
            **context.entity("speaker", utterance.speaker),
            "gist": utterance.gist,
            "date": utterance.date,
            "place": utterance.place,
            "reference_quote_id": utterance.reference,
            "quotes": [
                {"quote_id": item.quote, "article_id": item.article, "rendering": item.rendering}
                for item in told[utterance.id]
            ],
            "article_ids": _articles(told[utterance.id]),
            "replaced_by": utterance.replaced_by,
            "note": utterance.note,
        }
        for _, utterance in sorted(context.registry.utterances.items())
    ]


def canonical_rows(facts: Sequence[ArticleFacts], registry: Registry) -> list[Row]:
    """Return the canonical claims, sorted by id."""
    made: defaultdict[str, list[ClaimFact]] = defaultdict(list)
    for article in facts:
        for claim in article.claims:
            made[claim.canonical or ""].append(claim)
    return [
        {
            "canonical_id": canonical.id,
            "statement": canonical.statement,
            "relations": [
                {"to": item.to, "relation": item.relation, "type": item.type, "level": item.level}
                for item in canonical.relations
            ],
            "claim_ids": [claim.id for claim in made[canonical.id]],
            "article_ids": _articles(made[canonical.id]),
            "replaced_by": canonical.replaced_by,
            "note": canonical.note,
        }
        for _, canonical in sorted(registry.claims.items())
    ]


def _articles(items: Iterable[Telling | ClaimFact]) -> list[str]:
    return sorted({item.article for item in items})
