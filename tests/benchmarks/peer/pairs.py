"""The tables of the corpus: pairs of claims, and the registries with what the articles say of them."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, product

from benchmarks.peer.files import Corpus, Json
from benchmarks.peer.rows import Shared

SPLITS = ("train", "validation", "test")
NEIGHBOURS, HARD_PAIRS = 100, 20
COPIED = (
    "claim_id",
    "article_id",
    "fold",
    "block_id",
    "sentence_id",
    "sentence_ids",
    "proposition",
    "spans",
    "text",
    "canonical_id",
)

Relation = tuple[str, str | None, str | None, bool]  # relation, type, level, whether it is inferred
Relations = dict[tuple[str, str], Relation]
Why = tuple[Relation, str, str | None]  # with the origin of a pair and a near miss's reason
Key = tuple[str, str]  # the ids of two claims
Saying = dict[str, list[Json]]  # claims by what they say
NEUTRAL: Relation = ("neutral", None, None, False)
EQUIVALENT: Relation = ("equivalent", None, None, False)


def close(claims: dict[str, Json]) -> Relations:
    """Return the relation of each two canonical claims that are related, also by way of others."""
    relations: Relations = {}
    stated = {
        name: {relation["to"] for relation in claim["relations"] if relation["relation"] == "entails"}
        for name, claim in claims.items()
    }
    narrower: dict[str, list[str]] = {name: [name] for name in claims}
    for name in claims:
        for other in reachable(name, stated):
            inferred = other not in stated[name]
            relations[name, other] = ("entails", None, None, inferred)
            relations[other, name] = ("entailed_by", None, None, inferred)
            narrower[other].append(name)
    opposed = sorted(
        (name, relation["to"], relation["type"], relation["level"])
        for name, claim in claims.items()
        for relation in claim["relations"]
        if relation["relation"] == "contradicts"
    )
    for one, other, kind, level in opposed:
        add_contradiction(relations, one, other, ("contradicts", kind, level, False))
    for one, other, kind, level in opposed:
        for a, b in product(narrower[one], narrower[other]):
            add_contradiction(relations, a, b, ("contradicts", kind, level, True))
    return relations


def reachable(start: str, steps: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = steps[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def add_contradiction(relations: Relations, one: str, other: str, relation: Relation) -> None:
    if one != other:
        relations.setdefault((one, other), relation)
        relations.setdefault((other, one), relation)


def pair_rows(claims: list[Json], articles: dict[str, Json], corpus: Corpus, shared: Shared) -> list[Json]:
    """Return the pairs: related ones, near misses and hard neutral ones; each once, for the first reason.

    ``claims`` are the rows of all claims, sorted by article; ``articles`` the articles' topics.
    """
    order = {claim["claim_id"]: number for number, claim in enumerate(claims)}
    by_id = {claim["claim_id"]: claim for claim in claims}
    saying: Saying = defaultdict(list)
    for claim in claims:
        if claim["canonical_id"] is not None:
            saying[claim["canonical_id"]].append(claim)
    found: dict[Key, Why] = dict(related_pairs(saying, close(corpus.entries("claims"))))
    for miss in corpus.registries["claims"]["near_misses"]:
        sides = [[by_id[name]] if name in by_id else saying.get(name, []) for name in (miss["a"], miss["b"])]
        for a, b in product(*sides):
            if a["article_id"] != b["article_id"]:
                found.setdefault(in_order(a, b, order), (NEUTRAL, "near_miss", miss["why"]))
    candidates = hard_candidates(claims, articles, order)
    found |= dict.fromkeys(smallest(candidates - set(found)), (NEUTRAL, "hard", None))
    keys = sorted(found, key=lambda key: (order[key[0]], order[key[1]]))
    return [pair_row(by_id[a], by_id[b], found[a, b], shared) for a, b in keys]


def related_pairs(saying: Saying, relations: Relations) -> Iterator[tuple[Key, Why]]:
    for own in saying.values():
        for a, b in combinations(own, 2):
            if a["article_id"] != b["article_id"]:
                yield (a["claim_id"], b["claim_id"]), (EQUIVALENT, "relation", None)
    for (one, other), relation in relations.items():
        for a, b in product(saying.get(one, ()), saying.get(other, ())):
            if a["article_id"] < b["article_id"]:
                yield (a["claim_id"], b["claim_id"]), (relation, "relation", None)


def in_order(one: Json, other: Json, order: dict[str, int]) -> Key:
    a, b = sorted((one["claim_id"], other["claim_id"]), key=order.__getitem__)
    return a, b


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def hard_candidates(claims: list[Json], articles: dict[str, Json], order: dict[str, int]) -> set[Key]:
    """Return pairs that share two entities and a topic: each claim with its neighbours by hash."""
    topics = {
        name: {topic["topic"] for ranked in document["article_topics"].values() for topic in ranked}
        for name, document in articles.items()
    }
    sharing: defaultdict[Key, list[Json]] = defaultdict(list)
    for claim in claims:
        for two in combinations(claim["entity_ids"], 2):
            sharing[two].append(claim)
    candidates = set()
    for group in sharing.values():
        group.sort(key=lambda claim: sha(claim["claim_id"]))
        for number, a in enumerate(group):
            for b in group[number + 1 : number + 1 + NEIGHBOURS]:
                one, other = a["article_id"], b["article_id"]
                if one != other and topics[one] & topics[other]:
                    candidates.add(in_order(a, b, order))
    return candidates


def smallest(candidates: set[Key]) -> list[Key]:
    """Return the pairs whose hash is among the smallest of both claims."""
    hashes = {key: sha("\n".join(key)) for key in candidates}
    of_claim: defaultdict[str, list[bytes]] = defaultdict(list)
    for key, digest in hashes.items():
        for claim_id in key:
            of_claim[claim_id].append(digest)
    limits = {claim_id: sorted(digests)[:HARD_PAIRS][-1] for claim_id, digests in of_claim.items()}
    return [key for key, digest in hashes.items() if digest <= limits[key[0]] and digest <= limits[key[1]]]


def pair_row(a: Json, b: Json, why: Why, shared: Shared) -> Json:
    (relation, kind, level, inferred), origin, reason = why
    return {
        **{f"{key}_a": a[key] for key in COPIED},
        **{f"{key}_b": b[key] for key in COPIED},
        "relation": relation,
        "relation_label": shared.code("pair_relation", relation),
        "inferred": inferred,
        "contradiction_type": kind,
        "contradiction_level": level,
        "origin": origin,
        "why": reason,
        "shared_entity_ids": sorted(set(a["entity_ids"]) & set(b["entity_ids"])),
    }


def split_of(pair: Json, splits: dict[str, str]) -> str:
    """Return the split of a pair: that of its articles which comes last."""
    both = [splits[pair["article_id_a"]], splits[pair["article_id_b"]]]
    return max(both, key=SPLITS.index)


def entity_rows(mentions: list[Json], corpus: Corpus) -> list[Json]:
    counts = Counter(mention["entity_id"] for mention in mentions)
    articles: defaultdict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        articles[mention["entity_id"]].add(mention["article_id"])
    copied = ("name", "type", "wikidata", "wikidata_note", "description")
    return [
        {
            "entity_id": name,
            **{key: entity[key] for key in copied},
            "member_ids": entity["members"],
            "replaced_by": entity["replaced_by"],
            "article_ids": sorted(articles[name]),
            "mentions": counts[name],
            "note": entity.get("note"),
        }
        for name, entity in sorted(corpus.entries("entities").items())
    ]


def utterance_rows(quotes: list[Json], corpus: Corpus, shared: Shared) -> list[Json]:
    tellings: defaultdict[str, list[Json]] = defaultdict(list)
    for quote in quotes:
        for link in quote["utterances"]:
            telling = {"quote_id": quote["quote_id"], "article_id": quote["article_id"]}
            tellings[link["utterance_id"]].append({**telling, "rendering": link["rendering"]})
    return [
        {
            "utterance_id": name,
            **shared.entity("speaker", utterance["speaker"]),
            "gist": utterance["gist"],
            "date": utterance["date"],
            "place": utterance["place"],
            "reference_quote_id": utterance["reference"],
            "quotes": tellings[name],
            "article_ids": sorted({telling["article_id"] for telling in tellings[name]}),
            "replaced_by": utterance["replaced_by"],
            "note": utterance.get("note"),
        }
        for name, utterance in sorted(corpus.entries("utterances").items())
    ]


def canonical_rows(claims: list[Json], corpus: Corpus) -> list[Json]:
    saying: defaultdict[str, list[Json]] = defaultdict(list)
    for claim in claims:
        if claim["canonical_id"] is not None:
            saying[claim["canonical_id"]].append(claim)
    keys = ("to", "relation", "type", "level")
    return [
        {
            "canonical_id": name,
            "statement": canonical["statement"],
            "relations": [{key: relation[key] for key in keys} for relation in canonical["relations"]],
            "claim_ids": [claim["claim_id"] for claim in saying[name]],
            "article_ids": sorted({claim["article_id"] for claim in saying[name]}),
            "replaced_by": canonical["replaced_by"],
            "note": canonical.get("note"),
        }
        for name, canonical in sorted(corpus.entries("claims").items())
    ]
