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
