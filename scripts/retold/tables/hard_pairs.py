"""Which neutral pairs of claims are hard enough to store: chosen by hash, in memory that ids bound.

Candidates are made, hashed and forgotten block by block. Of each claim only its ``HARD_PAIRS_A_CLAIM``
smallest hashes stay, so memory does not grow with the number of candidates.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from retold.tables.claim_index import ClaimIndex
from retold.tables.columnar import Integers, ranges, starts_of

HARD_PAIRS_A_CLAIM = 20
SHARED_ENTITIES = 2
NEIGHBOURS = 100
HASH_BITS = 64  # of a hash, compared at first, as far as the claim's number leaves room for them
BLOCK = 1 << 18  # candidates made at a time: some 30 MB
POOL_CLAIMS = 1 << 15


def hard(index: ClaimIndex, taken: Integers) -> Integers:
    """Return the hard pairs, sorted: neutral ones that share two entities and an article topic.

    A pair is kept if its hash is among the smallest ``HARD_PAIRS_A_CLAIM`` of both its claims: so the
    choice depends on ids alone, not on any order, and a new article changes only the pairs near its own.

    Args:
        index: all claims.
        taken: pairs that are stored for another reason, sorted. A pair of the claims numbered ``a`` and
            ``b`` is the number ``a * len(index) + b``.
    """
    smallest = _Smallest(index)
    for keys in _candidates(index):
        low, high = np.searchsorted(taken, (keys[0], keys[-1] + 1))
        smallest.add(keys[~np.isin(keys, taken[low:high], assume_unique=True)])
    return smallest.of_both()


class _Smallest:
    """The pairs with the smallest hashes of each claim, among those seen so far.

    An entry is a pair seen from one of its claims. Its mark holds the number of this claim in the upper
    bits and, below, the upper bits of the pair's hash; the full hash decides between equal marks.
    """

    def __init__(self, index: ClaimIndex) -> None:
        self._index = index
        self._hash_bits = np.uint64(min(HASH_BITS, 64 - max(1, len(index).bit_length())))
        self._limits = np.full(len(index), np.iinfo(np.uint64).max, np.uint64)
        self._pools = [_Pool() for _ in range(0, len(index), POOL_CLAIMS)]

    def add(self, keys: Integers) -> None:
        """Take pairs not seen before."""
        a, b = np.divmod(keys, len(self._index))
        hashes = np.frombuffer(b"".join(_hashes(self._index, a, b)), ">u8")[::4].astype(np.uint64)
        hashes >>= np.uint64(64) - self._hash_bits
        claims, others = np.concatenate([a, b]), np.concatenate([b, a]).astype(np.int32)
        marks = (claims.astype(np.uint64) << self._hash_bits) | np.tile(hashes, 2)
        small = np.flatnonzero(marks <= self._limits[claims])
        small = small[np.argsort(claims[small], kind="stable")]
        bounds = np.arange(len(self._pools) + 1) * POOL_CLAIMS
        for pool, (low, high) in zip(
            self._pools, pairwise(np.searchsorted(claims[small], bounds).tolist()), strict=True
        ):
            pool.add(marks[small[low:high]], others[small[low:high]])
            if pool.size > pool.kept + pool.kept // 2 + BLOCK // 4:
                self._compact(pool)

    def of_both(self) -> Integers:
        """Return the pairs that are among the smallest of both their claims, sorted."""
        found = np.empty(sum(pool.size for pool in self._pools), np.int64)
        end = 0
        while self._pools:
            a, b = self._oriented(*self._compact(self._pools.pop()))
            found[end : end + len(a)] = a * len(self._index) + b
            end += len(a)
        found = found[:end]
        found.sort()
        twice: Integers = found[1:][found[1:] == found[:-1]]
        return twice

    def _compact(self, pool: _Pool) -> tuple[NDArray[np.uint64], Integers]:
        """Forget all entries of a pool but the smallest of each claim; return these."""
        marks, others = pool.entries()
        order = np.argsort(marks)
        marks, others = marks[order], others[order]
        self._part(marks, others)
        claims = marks >> self._hash_bits
        first = np.flatnonzero(np.diff(claims, prepend=~claims[:1]))
        rank = np.arange(len(claims)) - np.repeat(first, np.diff(first, append=len(claims)))
        last = rank == HARD_PAIRS_A_CLAIM - 1
        self._limits[claims[last].astype(np.int64)] = marks[last]
        kept = rank < HARD_PAIRS_A_CLAIM
        pool.keep(marks[kept], others[kept])
        return pool.entries()

    def _part(self, marks: NDArray[np.uint64], others: Integers) -> None:
        """Bring entries of one mark into the order of their full hashes, in place."""
        equal = marks[1:] == marks[:-1]
        if not equal.any():
            return
        tied = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
        pairs = self._oriented(marks[tied], others[tied])
        hashes = np.frombuffer(b"".join(_hashes(self._index, *pairs)), "S32")
        others[tied] = others[tied][np.lexsort((hashes, marks[tied]))]

    def _oriented(self, marks: NDArray[np.uint64], others: Integers) -> tuple[Integers, Integers]:
        """Return the claims of entries, as the pairs have them."""
        claims = (marks >> self._hash_bits).astype(np.int64)
        return np.minimum(claims, others), np.maximum(claims, others)


class _Pool:
    """Entries of some claims; ``kept`` of them have been found to be the smallest so far."""

    def __init__(self) -> None:
        self._marks: list[NDArray[np.uint64]] = []
        self._others: list[Integers] = []
        self.size = self.kept = 0

    def add(self, marks: NDArray[np.uint64], others: Integers) -> None:
        self._marks.append(marks)
        self._others.append(others)
        self.size += len(marks)

    def entries(self) -> tuple[NDArray[np.uint64], Integers]:
        return (
            np.concatenate([np.zeros(0, np.uint64), *self._marks]),
            np.concatenate([np.zeros(0, np.int32), *self._others]),
        )

    def keep(self, marks: NDArray[np.uint64], others: Integers) -> None:
        self._marks, self._others = [marks], [others]
        self.size = self.kept = len(marks)


def _hashes(index: ClaimIndex, a: Integers, b: Integers) -> list[bytes]:
    """Return the hashes of pairs of claims; quickest where pairs of one ``a`` follow each other."""
    first = np.flatnonzero(np.diff(a, prepend=-1))
    lines = [claim + b"\n" for claim in index.id_bytes(a[first])]
    sizes = np.diff(first, append=len(a)).tolist()
    seconds = iter(index.id_bytes(b))
    return [
        sha256(line + second).digest()
        for line, size in zip(lines, sizes, strict=True)
        for second in islice(seconds, size)
    ]


def _candidates(index: ClaimIndex) -> Iterator[Integers]:
    """Yield, each once, pairs of claims that share entities and an article topic; sorted in each piece.

    Claims that share the same entities are set in the order of the hashes of their ids, and each is paired
    with the next ``NEIGHBOURS``: all pairs in a small corpus, a stable sample of them in a large one, where
    they would grow with its square. This order is the same among all claims, so a pair that is found by
    more than one pair of entities is always found from the same one of its claims, in one piece.
    """
    rank = _hash_ranks(index)
    claims, counts = _sharing(index, rank)
    found = np.flatnonzero(counts)
    found = found[np.argsort(rank[claims[found]], kind="stable")]
    for start, end in _blocks(rank[claims[found]], counts[found]):
        own = found[start:end]
        owner, place = ranges(own + 1, counts[own])
        a, b = claims[own][owner], claims[place]
        apart = index.article[a] != index.article[b]
        a, b = a[apart].astype(np.int64), b[apart]
        keys = np.sort(np.minimum(a, b) * len(index) + np.maximum(a, b))
        keys = keys[np.diff(keys, prepend=-1) != 0]
        keys = keys[_share_topic(index, *np.divmod(keys, len(index)))]
        if len(keys):
            yield keys


def _hash_ranks(index: ClaimIndex) -> Integers:
    """Return for each claim its place in the order of the hashes of claim ids."""
    hashes = bytearray()
    for start in range(0, len(index), BLOCK):
        claims = index.id_bytes(np.arange(start, min(start + BLOCK, len(index))))
        hashes += b"".join([sha256(claim).digest() for claim in claims])
    rank = np.empty(len(index), np.int32)
    rank[np.argsort(np.frombuffer(hashes, "S32"))] = np.arange(len(index), dtype=np.int32)
    return rank


def _sharing(index: ClaimIndex, rank: Integers) -> tuple[Integers, Integers]:
    """Return claims, once for every pair of their entities, grouped by these pairs and sorted by rank.

    With each comes the number of those after it, in its group, that it is paired with.
    """
    claims, groups = _entity_pairs(index)
    order = np.lexsort((rank[claims], groups))
    claims, groups = claims[order], groups[order]
    first = np.flatnonzero(np.diff(groups, prepend=-1))
    sizes = np.diff(first, append=len(groups))
    after = np.repeat(first + sizes, sizes) - np.arange(len(groups)) - 1
    return claims, np.minimum(after, NEIGHBOURS).astype(np.uint8)


def _entity_pairs(index: ClaimIndex) -> tuple[Integers, Integers]:
    """Return claims, once for every pair of entities that they mention, and a number for this pair."""
    sizes = np.diff(index.entity_starts)
    entities = int(index.entities.max(initial=0)) + 1
    claims, groups = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)]
    for size in np.unique(sizes[sizes >= SHARED_ENTITIES]).tolist():
        chosen = np.flatnonzero(sizes == size)
        # Each claim's entities are sorted by name, so two of them always come in the same order.
        listed = index.entities[index.entity_starts[chosen][:, None] + np.arange(size)].astype(np.int64)
        one, other = np.triu_indices(size, 1)
        groups.append((listed[:, one] * entities + listed[:, other]).ravel())
        claims.append(np.repeat(chosen.astype(np.int32), len(one)))
    return np.concatenate(claims), np.concatenate(groups)


def _blocks(owners: Integers, counts: Integers) -> Iterator[tuple[int, int]]:
    """Yield ranges of entries that together have about ``BLOCK`` counts; entries of one owner stay together.

    Args:
        owners: the owner of each entry, sorted.
        counts: a number an entry.
    """
    sums = starts_of(counts)
    start = 0
    while start < len(owners):
        cut = int(np.searchsorted(sums, sums[start] + BLOCK))
        last = owners[min(cut, len(owners)) - 1]
        end = int(np.searchsorted(owners, last, side="right"))
        yield start, end
        start = end


def _share_topic(index: ClaimIndex, a: Integers, b: Integers) -> NDArray[np.bool_]:
    one, other = index.article[a], index.article[b]
    shared = np.zeros(len(a), np.bool_)
    for word in index.topics.T:
        shared |= (word[one] & word[other]) != 0
    return shared
