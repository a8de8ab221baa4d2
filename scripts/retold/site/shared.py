"""What the articles share: entities, remarks in all their wordings, canonical claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from retold.records import Article, Quote, Registry
from retold.schemas import MediaTopic
from retold.site.jsontools import Json, lean
from retold.site.wordings import difference, wording
from retold.tables.relations import Relations, close


def entities(registry: Registry) -> list[Json]:
    """Return the entity registry."""
    return [lean(asdict(entity)) for entity in registry.entities.values()]


def utterances(articles: Sequence[Article], registry: Registry) -> list[Json]:
    """Return each remark with the quotes that tell it, the reference first, the others in text order."""
    quotes = {quote.id: quote for article in articles for quote in article.quotes}
    return [
        lean(
            {
                **asdict(utterance),
                "wordings": list(_wordings(utterance.id, utterance.reference, quotes)),
            }
        )
        for utterance in registry.utterances.values()
    ]


def _wordings(utterance: str, reference: str | None, quotes: Mapping[str, Quote]) -> Iterator[Json]:
    told = [
        (quote, tie.rendering)
        for quote in quotes.values()
        for tie in quote.utterances
        if tie.utterance == utterance
    ]
    known = quotes.get(reference or "")
    for quote, rendering in sorted(told, key=lambda one: one[0].id != reference):
        text = wording(quote.content)
        compared = known is not None and quote.id != reference
        parts = difference(text, wording(known.content)) if known and compared else [("same", text)]
        yield {"quote": quote.id, "rendering": rendering, "parts": parts}


def canonical_claims(registry: Registry) -> list[Json]:
    """Return the canonical claims, each with all relations that hold, the annotated and the inferred."""
    relations = close(registry.claims)
    return [
        lean(
            {
                "id": claim.id,
                "statement": claim.statement,
                "replaced_by": claim.replaced_by,
                "note": claim.note,
                "relations": list(_relations(relations, claim.id)),
            }
        )
        for claim in registry.claims.values()
    ]


def _relations(relations: Relations, claim: str) -> Iterator[Json]:
    for other, relation in relations.get(claim, {}).items():
        record = lean({"to": other, **asdict(relation)})
        if not relation.inferred:
            del record["inferred"]
        yield record


def near_misses(registry: Registry) -> list[Json]:
    """Return pairs of claims that were judged close and yet neutral."""
    return [asdict(miss) for miss in registry.near_misses]


def topics(registry: Registry, vocabulary: Mapping[str, MediaTopic]) -> list[Json]:
    """Return the topics in use with the chain of their broader ones, nearest first."""
    return [
        lean({"code": topic.code, "label": topic.label, "broader": list(_broader(topic.code, vocabulary))})
        for topic in registry.topics.values()
    ]


def _broader(code: str, vocabulary: Mapping[str, MediaTopic]) -> Iterator[str]:
    seen = {code}
    while code in vocabulary and (above := vocabulary[code].broader) and above not in seen:
        seen.add(above)
        yield vocabulary[above].label if above in vocabulary else above
        code = above
