"""The tables of the whole corpus, made row by row: slow and plain, to hold the columnar code against."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any, NamedTuple

from retold.features import LabelSets
from retold.records import Registry
from retold.tables import hard_pairs
from retold.tables.claim_pairs import SPLIT_ORDER
from retold.tables.context import Context
from retold.tables.relations import EQUIVALENT, NEUTRAL, PairRelation, close

Row = dict[str, Any]
Topics = Mapping[str, Collection[str]]


class Pair(NamedTuple):
    a: Row
    b: Row
    relation: PairRelation
    origin: str
    why: str | None = None


def pairs(claims: Iterable[Row], topics: Topics, registry: Registry) -> list[Pair]:
    """All stored pairs of rows of `claims`, which stand in text order within each article."""
    ordered = sorted(claims, key=lambda claim: claim["article_id"])
    found = {_ids(pair.a, pair.b): pair for pair in _related(ordered, registry)}
    for pair in _near_misses(ordered, registry):
        found.setdefault(_ids(pair.a, pair.b), pair)
    found |= {_ids(a, b): Pair(a, b, NEUTRAL, "hard") for a, b in _hard(ordered, topics, set(found))}
    place = {claim["claim_id"]: number for number, claim in enumerate(ordered)}
    return sorted(found.values(), key=lambda pair: (place[pair.a["claim_id"]], place[pair.b["claim_id"]]))


def pair_row(pair: Pair, labels: LabelSets) -> Row:
    columns = (
        "claim_id", "article_id", "fold", "block_id", "sentence_id", "sentence_ids", "proposition", "spans",
        "text", "canonical_id",
    )  # fmt: skip
    return {
        **{
            f"{name}_{side}": claim[name]
            for side, claim in (("a", pair.a), ("b", pair.b))
            for name in columns
        },
        "relation": pair.relation.relation,
        "relation_label": labels["pair_relation"].index(pair.relation.relation),
        "inferred": pair.relation.inferred,
        "contradiction_type": pair.relation.type,
        "contradiction_level": pair.relation.level,
        "origin": pair.origin,
        "why": pair.why,
        "shared_entity_ids": sorted({*pair.a["entity_ids"]} & {*pair.b["entity_ids"]}),
    }


def pair_split(pair: Pair, splits: Mapping[str, str]) -> str:
    return max((splits[claim["article_id"]] for claim in (pair.a, pair.b)), key=SPLIT_ORDER.index)


def entity_row(entity_id: str, mentions: Iterable[Row], registry: Registry) -> Row:
    articles = [row["article_id"] for row in mentions if row["entity_id"] == entity_id]
    entity = registry.entities[entity_id]
    return {
        "entity_id": entity.id,
        "name": entity.name,
        "type": entity.type,
        "wikidata": entity.wikidata,
        "wikidata_note": entity.wikidata_note,
        "description": entity.description,
        "member_ids": list(entity.members),
        "replaced_by": entity.replaced_by,
        "article_ids": sorted(set(articles)),
        "mentions": len(articles),
        "note": entity.note,
    }


def utterance_row(utterance_id: str, quotes: Iterable[Row], context: Context) -> Row:
    quoted = [
        {"quote_id": quote["quote_id"], "article_id": quote["article_id"], "rendering": link["rendering"]}
        for quote in sorted(quotes, key=lambda quote: quote["article_id"])
        for link in quote["utterances"]
        if link["utterance_id"] == utterance_id
    ]
    utterance = context.registry.utterances[utterance_id]
    return {
        "utterance_id": utterance.id,
        **context.entity("speaker", utterance.speaker),
        "gist": utterance.gist,
        "date": utterance.date,
        "place": utterance.place,
        "reference_quote_id": utterance.reference,
        "quotes": quoted,
        "article_ids": sorted({item["article_id"] for item in quoted}),
        "replaced_by": utterance.replaced_by,
        "note": utterance.note,
    }


def canonical_row(canonical_id: str, claims: Iterable[Row], registry: Registry) -> Row:
    made = [claim for claim in claims if claim["canonical_id"] == canonical_id]
    made.sort(key=lambda claim: claim["article_id"])
    canonical = registry.claims[canonical_id]
    return {
        "canonical_id": canonical.id,
        "statement": canonical.statement,
        "relations": [
            {"to": item.to, "relation": item.relation, "type": item.type, "level": item.level}
            for item in canonical.relations
        ],
        "claim_ids": [claim["claim_id"] for claim in made],
        "article_ids": sorted({claim["article_id"] for claim in made}),
        "replaced_by": canonical.replaced_by,
        "note": canonical.note,
    }


def _ids(a: Row, b: Row) -> tuple[str, str]:
    return a["claim_id"], b["claim_id"]


def _oriented(a: Row, b: Row) -> tuple[Row, Row] | None:
    if a["article_id"] == b["article_id"]:
        return None
    return (a, b) if a["article_id"] < b["article_id"] else (b, a)


def _by_canonical(claims: Iterable[Row]) -> dict[str, list[Row]]:
    made: defaultdict[str, list[Row]] = defaultdict(list)
    for claim in claims:
        if claim["canonical_id"] is not None:
            made[claim["canonical_id"]].append(claim)
    return dict(made)


def _related(claims: Sequence[Row], registry: Registry) -> Iterator[Pair]:
    relations = close(registry.claims)
    made = _by_canonical(claims)
    for canonical, same in made.items():
        for a, b in combinations(same, 2):
            if oriented := _oriented(a, b):
                yield Pair(*oriented, EQUIVALENT, "relation")
        for other, relation in relations.get(canonical, {}).items():
            for a, b in product(same, made.get(other, ())):
                if a["article_id"] < b["article_id"]:
                    yield Pair(a, b, relation, "relation")


def _near_misses(claims: Sequence[Row], registry: Registry) -> Iterator[Pair]:
    named = _by_canonical(claims) | {claim["claim_id"]: [claim] for claim in claims}
    for miss in registry.near_misses:
        for a, b in product(named.get(miss.a, ()), named.get(miss.b, ())):
            if oriented := _oriented(a, b):
                yield Pair(*oriented, NEUTRAL, "near_miss", miss.why)


def _hard(
    claims: Sequence[Row], topics: Topics, taken: Collection[tuple[str, str]]
) -> Iterator[tuple[Row, Row]]:
    candidates = {_ids(a, b): (a, b) for a, b in _candidates(claims, topics) if _ids(a, b) not in taken}
    hashes = {key: _hash("\n".join(key)) for key in candidates}
    of_claim: defaultdict[str, list[bytes]] = defaultdict(list)
    for key, digest in hashes.items():
        for claim in key:
            of_claim[claim].append(digest)
    few = hard_pairs.HARD_PAIRS_A_CLAIM
    limits = {claim: sorted(digests)[:few][-1] for claim, digests in of_claim.items()}
    for key, digest in hashes.items():
        if all(digest <= limits[claim] for claim in key):
            yield candidates[key]


def _candidates(claims: Sequence[Row], topics: Topics) -> Iterator[tuple[Row, Row]]:
    sharing: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for claim in claims:
        for entities in combinations(claim["entity_ids"], hard_pairs.SHARED_ENTITIES):
            sharing[entities].append(claim)
    for group in sharing.values():
        group.sort(key=lambda claim: _hash(claim["claim_id"]))
        for number, a in enumerate(group):
            for b in group[number + 1 : number + 1 + hard_pairs.NEIGHBOURS]:
                oriented = _oriented(a, b)
                if oriented and {*topics[a["article_id"]]} & {*topics[b["article_id"]]}:
                    yield oriented


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
