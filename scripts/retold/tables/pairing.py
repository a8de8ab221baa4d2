"""Which pairs of claims ``claim_pairs`` stores, and why: related, near misses, hard neutral ones.

A pair is of two claims of two articles. Its first claim is of the article whose id sorts first.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from retold.records import Registry
from retold.tables.facts import ArticleFacts, ClaimFact
from retold.tables.relations import EQUIVALENT, NEUTRAL, PairRelation, Relations, close

HARD_PAIRS_A_CLAIM = 20
SHARED_ENTITIES = 2
NEIGHBOURS = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims, their relation, why the pair is stored (``origin``) and the near miss's reason."""

    a: ClaimFact
    b: ClaimFact
    relation: PairRelation
    origin: str
    why: str | None = None


Key = tuple[str, str]


def pairs(facts: Sequence[ArticleFacts], registry: Registry) -> list[Pair]:
    """Return all stored pairs, sorted by the first claim's article and position, then the second's.

    A pair is stored once, as the first that fits: ``relation``, ``near_miss``, ``hard``.
    """
    found = {_key(pair.a, pair.b): pair for pair in _related(facts, close(registry.claims))}
    for pair in _near_misses(facts, registry):
        found.setdefault(_key(pair.a, pair.b), pair)
    for a, b in _hard(facts, taken=frozenset(found)):
        found[_key(a, b)] = Pair(a, b, NEUTRAL, "hard")
    return sorted(found.values(), key=lambda pair: (*_order(pair.a), *_order(pair.b)))


def _key(a: ClaimFact, b: ClaimFact) -> Key:
    return a.id, b.id


def _order(claim: ClaimFact) -> tuple[str, int]:
    return claim.article, claim.position


def _oriented(a: ClaimFact, b: ClaimFact) -> tuple[ClaimFact, ClaimFact] | None:
    """Return the two in their fixed order, ``None`` if they are of one article."""
    if a.article == b.article:
        return None
    return (a, b) if a.article < b.article else (b, a)


def _by_canonical(facts: Iterable[ArticleFacts]) -> dict[str, list[ClaimFact]]:
    made: defaultdict[str, list[ClaimFact]] = defaultdict(list)
    for article in facts:
        for claim in article.claims:
            if claim.canonical is not None:
                made[claim.canonical].append(claim)
    return dict(made)


def _related(facts: Iterable[ArticleFacts], relations: Relations) -> Iterator[Pair]:
    made = _by_canonical(facts)
    for canonical, claims in made.items():
        for a, b in combinations(claims, 2):
            if oriented := _oriented(a, b):
                yield Pair(*oriented, EQUIVALENT, "relation")
        for other, relation in relations.get(canonical, {}).items():
            for a, b in product(claims, made.get(other, ())):
                if a.article < b.article:  # the other direction comes when `other` has its turn
                    yield Pair(a, b, relation, "relation")


def _near_misses(facts: Iterable[ArticleFacts], registry: Registry) -> Iterator[Pair]:
    """Yield the near misses; a canonical id stands for every claim that says it."""
    claims: dict[str, list[ClaimFact]] = _by_canonical(facts)
    claims.update({claim.id: [claim] for article in facts for claim in article.claims})
    for miss in registry.near_misses:
        for a, b in product(claims.get(miss.a, ()), claims.get(miss.b, ())):
            if oriented := _oriented(a, b):
                yield Pair(*oriented, NEUTRAL, "near_miss", miss.why)


def _hard(facts: Sequence[ArticleFacts], taken: frozenset[Key]) -> Iterator[tuple[ClaimFact, ClaimFact]]:
    """Yield neutral pairs that share two entities and an article topic.

    A pair is kept if its hash is among the smallest ``HARD_PAIRS_A_CLAIM`` of both its claims: so the
    choice depends on ids alone, not on any order, and a new article changes only the pairs near its own.
    """
    candidates = {_key(a, b): (a, b) for a, b in _candidates(facts)}
    hashes = {key: _hash("\n".join(key)) for key in candidates.keys() - taken}
    of_claim: defaultdict[str, list[bytes]] = defaultdict(list)
    for key, digest in hashes.items():
        for claim in key:
            of_claim[claim].append(digest)
    limits = {claim: sorted(digests)[:HARD_PAIRS_A_CLAIM][-1] for claim, digests in of_claim.items()}
    for key, digest in hashes.items():
        if all(digest <= limits[claim] for claim in key):
            yield candidates[key]


def _candidates(facts: Sequence[ArticleFacts]) -> Iterator[tuple[ClaimFact, ClaimFact]]:
    """Yield, perhaps more than once, pairs of claims that share entities and an article topic.

    Claims that share the same entities are set in the order of the hashes of their ids, and each is paired
    with the next ``NEIGHBOURS``: all pairs in a small corpus, a stable sample of them in a large one, where
    they would grow with its square.
    """
    topics: Mapping[str, frozenset[str]] = {article.article: article.topics for article in facts}
    sharing: defaultdict[tuple[str, ...], list[ClaimFact]] = defaultdict(list)
    for article in facts:
        for claim in article.claims:
            for entities in combinations(claim.entities, SHARED_ENTITIES):
                sharing[entities].append(claim)
    for claims in sharing.values():
        claims.sort(key=lambda claim: _hash(claim.id))
        for number, a in enumerate(claims):
            for b in claims[number + 1 : number + 1 + NEIGHBOURS]:
                oriented = _oriented(a, b)
                if oriented and topics[a.article] & topics[b.article]:
                    yield oriented


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
