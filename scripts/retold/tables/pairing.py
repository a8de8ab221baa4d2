"""Which pairs of claims ``claim_pairs`` stores, and why: related, near misses, hard neutral ones.

A pair is of two claims of two articles. Its first claim is of the article whose id sorts first.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from retold.records import NearMiss, Registry
from retold.tables.claim_index import ClaimIndex
from retold.tables.columnar import Integers, places, ranges, starts_of, strings
from retold.tables.facts import ArticleFacts, ClaimFact
from retold.tables.hard_pairs import HARD_PAIRS_A_CLAIM, NEIGHBOURS, SHARED_ENTITIES, hard
from retold.tables.relations import EQUIVALENT, NEUTRAL, PairRelation, Relations, close

ORIGINS = ("relation", "near_miss", "hard")
_RELATION, _NEAR_MISS, _HARD = range(len(ORIGINS))
_FOUND = np.dtype([("key", np.int64), ("relation", np.int32), ("miss", np.int32), ("origin", np.int8)])
_Found = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Pairs:
    """All stored pairs, an entry each, sorted by the first claim's article and position, then the second's.

    ``a`` and ``b`` number claims of the index. ``relation`` is a place in ``relations``, ``origin`` one in
    ``ORIGINS``, ``miss`` the place of a near miss in the registry, else -1.
    """

    a: Integers
    b: Integers
    relation: Integers
    origin: Integers
    miss: Integers
    relations: tuple[PairRelation, ...]

    def __len__(self) -> int:
        return len(self.a)


def select(index: ClaimIndex, registry: Registry) -> Pairs:
    """Return all stored pairs.

    A pair is stored once, as the first that fits: ``relation``, ``near_miss``, ``hard``.
    """
    codes = {NEUTRAL: 0, EQUIVALENT: 1}  # of relations; those of the registry come as they are met
    saying = _Saying(index)
    related = _related_pairs(saying, close(registry.claims), codes)
    found = np.concatenate(
        [_equivalent_pairs(saying), related, _near_miss_pairs(saying, registry.near_misses)]
    )
    keys, first = np.unique(found["key"], return_index=True)
    found = np.append(
        found[first], _found(np.zeros(1, np.int64), _HARD)
    )  # the last stands for all hard pairs
    keys = np.concatenate([keys, hard(index, keys)])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    entry = np.minimum(order, len(found) - 1, dtype=np.int32)
    return Pairs(
        a=(keys // max(1, len(index))).astype(np.int32),
        b=(keys % max(1, len(index))).astype(np.int32),
        relation=found["relation"][entry],
        origin=found["origin"][entry],
        miss=found["miss"][entry],
        relations=tuple(codes),
    )


class _Saying:
    """The claims that say each proposition of ``index.canonicals``, one proposition after the other."""

    def __init__(self, index: ClaimIndex) -> None:
        self.index = index
        said = np.flatnonzero(index.canonical >= 0)
        self.claims = said[np.argsort(index.canonical[said], kind="stable")]
        self.sizes = np.bincount(index.canonical[said], minlength=len(index.canonicals))
        self.starts = starts_of(self.sizes)[:-1]

    def keys(self, a: Integers, b: Integers) -> tuple[Integers, NDArray[np.bool_]]:
        """Return the keys of pairs of claims, oriented, and which of them are of two articles."""
        apart = self.index.article[a] != self.index.article[b]
        return np.minimum(a, b) * len(self.index) + np.maximum(a, b), apart


def _found(keys: Integers, origin: int, relation: Integers | int = 0, miss: Integers | int = -1) -> _Found:
    found = np.empty(len(keys), _FOUND)
    found["key"], found["origin"], found["relation"], found["miss"] = keys, origin, relation, miss
    return found


def _equivalent_pairs(saying: _Saying) -> _Found:
    """Return the pairs of claims that say the same."""
    ends = np.repeat(saying.starts + saying.sizes, saying.sizes)
    place = np.arange(len(saying.claims))
    one, other = ranges(place + 1, ends - place - 1)
    keys, apart = saying.keys(saying.claims[one], saying.claims[other])
    return _found(keys[apart], _RELATION, relation=1)


def _related_pairs(saying: _Saying, closed: Relations, codes: dict[PairRelation, int]) -> _Found:
    """Return the pairs of claims whose propositions are related; give new relations a code."""
    x = places(strings([x for x, others in closed.items() for _ in others]), saying.index.canonicals)
    y = places(strings([y for others in closed.values() for y in others]), saying.index.canonicals)
    known = (relation for others in closed.values() for relation in others.values())
    relation = np.array([codes.setdefault(how, len(codes)) for how in known], np.int32)
    said = (x >= 0) & (y >= 0)
    row, a, b = _products(
        saying.starts[x[said]], saying.sizes[x[said]], saying.starts[y[said]], saying.sizes[y[said]]
    )
    a, b = saying.claims[a], saying.claims[b]
    ordered = saying.index.article[a] < saying.index.article[b]  # the other direction is a row of its own
    keys, _ = saying.keys(a[ordered], b[ordered])
    return _found(keys, _RELATION, relation=relation[said][row[ordered]])


def _near_miss_pairs(saying: _Saying, misses: Sequence[NearMiss]) -> _Found:
    """Return the near misses, perhaps more than once; a canonical id stands for every claim that says it."""
    names = strings([name for miss in misses for name in (miss.a, miss.b)])
    claim, canonical = saying.index.numbers(names.unique()), places(names.unique(), saying.index.canonicals)
    starts = np.where(
        claim >= 0, len(saying.claims) + np.arange(len(claim)), np.append(saying.starts, 0)[canonical]
    )
    sizes = np.where(claim >= 0, 1, np.append(saying.sizes, 0)[canonical])
    named = places(names, names.unique()).reshape(-1, 2).T
    miss, a, b = _products(*(part[named[side]] for side in (0, 1) for part in (starts, sizes)))
    members = np.concatenate([saying.claims, claim])
    keys, apart = saying.keys(members[a], members[b])
    return _found(keys[apart], _NEAR_MISS, miss=miss[apart])


def _products(
    starts: Integers, sizes: Integers, other_starts: Integers, other_sizes: Integers
) -> tuple[Integers, Integers, Integers]:
    """Return, for each two ranges, all pairs of a number of the one and one of the other.

    The first array tells for each pair which ranges it is of.
    """
    row, place = ranges(np.zeros(len(sizes), np.int64), sizes * other_sizes)
    one, other = np.divmod(place, other_sizes[row])
    return row, starts[row] + one, other_starts[row] + other


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
