"""Which neutral pairs of claims are hard enough to store: chosen by hash, in memory that ids bound.

Candidates are made, hashed and forgotten block by block. Of each claim only its ``HARD_PAIRS_A_CLAIM``
smallest hashes stay, so memory does not grow with the number of candidates.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from retold.tables.claim_index import ClaimIndex
from retold.tables.columnar import Integers, ranges, starts_of

HARD_PAIRS_A_CLAIM = 20
SHARED_ENTITIES = 2
NEIGHBOURS = 100
HASH_BITS = 64  # of a hash, compared at first, as far as the claim's number leaves room for them
BLOCK = 1 << 20


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
        self._hash_bits = min(HASH_BITS, 64 - max(1, len(index).bit_length()))
        self._limits = np.full(len(index), np.iinfo(np.uint64).max, np.uint64)
        self._marks: list[NDArray[np.uint64]] = [np.zeros(0, np.uint64)]
        self._others: list[Integers] = [np.zeros(0, np.int32)]
        self._size = self._kept = 0

    def add(self, keys: Integers) -> None:
        """Take pairs not seen before."""
        a, b = np.divmod(keys, len(self._index))
        hashes = np.frombuffer(b"".join(_hashes(self._index, a, b)), ">u8")[::4].astype(np.uint64)
        hashes >>= np.uint64(64 - self._hash_bits)
        for claim, other in ((a, b), (b, a)):
            marks = (claim.astype(np.uint64) << np.uint64(self._hash_bits)) | hashes
            small = marks <= self._limits[claim]
            self._marks.append(marks[small])
            self._others.append(other[small].astype(np.int32))
            self._size += len(self._marks[-1])
        if self._size > 2 * self._kept + BLOCK:
            self._compact()

    def of_both(self) -> Integers:
        """Return the pairs that are among the smallest of both their claims, sorted."""
        marks, others = self._compact()
        claims = (marks >> np.uint64(self._hash_bits)).astype(np.int64)
        keys = np.minimum(claims, others) * len(self._index) + np.maximum(claims, others)
        keys.sort()
        twice: Integers = keys[1:][keys[1:] == keys[:-1]]
        return twice

    def _compact(self) -> tuple[NDArray[np.uint64], Integers]:
        """Forget all entries but the smallest of each claim."""
        marks, others = np.concatenate(self._marks), np.concatenate(self._others)
        order = np.argsort(marks)
        marks, others = marks[order], others[order]
        self._part(marks, others)
        claims = marks >> np.uint64(self._hash_bits)
        first = np.flatnonzero(np.diff(claims, prepend=~claims[:1]))
        rank = np.arange(len(claims)) - np.repeat(first, np.diff(first, append=len(claims)))
        last = rank == HARD_PAIRS_A_CLAIM - 1
        self._limits[claims[last].astype(np.int64)] = marks[last]
        kept = rank < HARD_PAIRS_A_CLAIM
        self._marks, self._others = [marks[kept]], [others[kept]]
        self._size = self._kept = len(self._marks[0])
        return self._marks[0], self._others[0]

    def _part(self, marks: NDArray[np.uint64], others: Integers) -> None:
        """Bring entries of one mark into the order of their full hashes, in place."""
        equal = marks[1:] == marks[:-1]
        if not equal.any():
            return
        tied = np.flatnonzero(np.append(equal, False) | np.append(False, equal))
        claims = (marks[tied] >> np.uint64(self._hash_bits)).astype(np.int64)
        pair = np.minimum(claims, others[tied]), np.maximum(claims, others[tied])
        hashes = np.frombuffer(b"".join(_hashes(self._index, *pair)), "S32")
        others[tied] = others[tied][np.lexsort((hashes, marks[tied]))]


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
        listed = index.entities[index.entity_starts[chosen][:, None] + np.arange(size)].astype(np.int64)
        listed.sort(axis=1)
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
