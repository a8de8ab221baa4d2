"""Which pairs of claims ``claim_pairs`` stores, and why: related, near misses, hard neutral ones.

A pair is of two claims of two articles. Its first claim is of the article whose id sorts first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.arrow_columns import strings
from retold.records import NearMiss, Registry
from retold.tables.claim_index import ClaimIndex
from retold.tables.columnar import Integers, places, ranges, starts_of
from retold.tables.hard_pairs import hard
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
    said = np.flatnonzero(index.canonical >= 0)
    said = said[np.argsort(index.canonical[said], kind="stable")]
    saying = _Groups(index, said, index.canonical[said], len(index.canonicals))
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


class _Groups:
    """Claims in groups, one group after the other, the claims of each in the order of the corpus.

    ``group`` is the number of each claim's group, of so many in ``total``; some may be empty.
    """

    def __init__(self, index: ClaimIndex, claims: Integers, group: Integers, total: int) -> None:
        self.index = index
        self.claims = claims
        self.group = group
        self.total = total
        self._starts = starts_of(np.bincount(group, minlength=total))
        self._places = self._place(group, index.article[claims])

    def pairs(self, one: Integers, other: Integers) -> tuple[Integers, Integers]:
        """Return the pairs of a claim of ``one`` group and one of the ``other`` in a later article.

        Pairs of one article are never made: of an article that says a thing a thousand times there would be
        half a million. Returns which of the rows ``one, other`` each pair is of, and its key.
        """
        row, place = ranges(self._starts[one], self._starts[one + 1] - self._starts[one])
        claims, partners = self.claims[place], other[row]
        later = np.searchsorted(self._places, self._place(partners, self.index.article[claims]), "right")
        pair, partner = ranges(later, self._starts[partners + 1] - later)
        keys = claims[pair].astype(np.int64) * len(self.index) + self.claims[partner]
        return row[pair], keys

    def _place(self, group: Integers, article: Integers) -> Integers:
        return group.astype(np.int64) * max(1, len(self.index.articles)) + article


def _found(keys: Integers, origin: int, relation: Integers | int = 0, miss: Integers | int = -1) -> _Found:
    found = np.empty(len(keys), _FOUND)
    found["key"], found["origin"], found["relation"], found["miss"] = keys, origin, relation, miss
    return found


def _equivalent_pairs(saying: _Groups) -> _Found:
    """Return the pairs of claims that say the same."""
    every = np.arange(saying.total)
    return _found(saying.pairs(every, every)[1], _RELATION, relation=1)


def _related_pairs(saying: _Groups, closed: Relations, codes: dict[PairRelation, int]) -> _Found:
    """Return the pairs of claims whose propositions are related; give new relations a code."""
    x = places(strings([x for x, others in closed.items() for _ in others]), saying.index.canonicals)
    y = places(strings([y for others in closed.values() for y in others]), saying.index.canonicals)
    known = (relation for others in closed.values() for relation in others.values())
    relation = np.array([codes.setdefault(how, len(codes)) for how in known], np.int32)
    said = (x >= 0) & (y >= 0)
    row, keys = saying.pairs(x[said], y[said])  # the other direction is a row of its own
    return _found(keys, _RELATION, relation=relation[said][row])


def _near_miss_pairs(saying: _Groups, misses: Sequence[NearMiss]) -> _Found:
    """Return the near misses, perhaps more than once; a canonical id stands for every claim that says it."""
    names = strings([name for miss in misses for name in (miss.a, miss.b)])
    unique = names.unique()
    claim, canonical = saying.index.numbers(unique), places(unique, saying.index.canonicals)
    single = np.flatnonzero(claim >= 0)  # each is a group of its own, behind the others
    total = saying.total + len(single) + 1
    group = np.where(canonical >= 0, canonical, total - 1)  # the last is empty: nobody says it
    group[single] = saying.total + np.arange(len(single))
    named = _Groups(
        saying.index,
        np.concatenate([saying.claims, claim[single]]),
        np.concatenate([saying.group, group[single]]),
        total,
    )
    one, other = group[places(names, unique).reshape(-1, 2).T]
    directions = (named.pairs(one, other), named.pairs(other, one))
    miss, keys = (np.concatenate(parts) for parts in zip(*directions, strict=True))
    order = np.argsort(miss, kind="stable")  # of two near misses of a pair, the first counts
    return _found(keys[order], _NEAR_MISS, miss=miss[order])
