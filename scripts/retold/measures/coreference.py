"""Agreement of two partitions of mentions into clusters.

MUC: Vilain et al. 1995. B³: Bagga and Baldwin 1998. CEAF-e: Luo 2005. The three and their mean over mentions
that need not be the same: Pradhan et al., *Scoring Coreference Partitions of Predicted Mentions*, 2014. LEA:
Moosavi and Strube, *Which Coreference Evaluation Metric Do You Trust?*, 2016.

A partition is a list of disjoint sets of hashable mentions. A cluster of one mention counts like any other;
leave such clusters out with ``without_singletons``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence, Set

from retold.measures.assignment import one_to_one
from retold.measures.counts import Score

Cluster = Set[Hashable]
Partition = Sequence[Cluster]


def without_singletons(clusters: Partition) -> list[Cluster]:
    """Return the clusters of two mentions or more."""
    return [cluster for cluster in clusters if len(cluster) > 1]


def muc(found: Partition, expected: Partition) -> Score:
    """Score links: a cluster that the other side has in ``p`` pieces keeps ``size - p`` of ``size - 1``."""

    def kept(_: Cluster, parts: Counter[int]) -> float:
        return parts.total() - len(parts)  # mentions that the other side does not have are a piece each

    return _both_ways(found, expected, kept, lambda cluster: len(cluster) - 1)


def b_cubed(found: Partition, expected: Partition) -> Score:
    """Score mentions: each by the part of its cluster that it shares with its cluster on the other side."""

    def kept(cluster: Cluster, parts: Counter[int]) -> float:
        return sum(size * size for size in parts.values()) / len(cluster)

    return _both_ways(found, expected, kept, len)


def ceaf_e(found: Partition, expected: Partition) -> Score:
    """Score clusters matched one to one, each match by the F1 of its mentions (φ₄).

    Raises:
        MissingExtraError: SciPy is not installed.
    """
    owner = _owners(expected)
    scores: dict[tuple[int, int], float] = {}
    for number, cluster in enumerate(found):
        for other, size in _parts(cluster, owner).items():
            scores[number, other] = 2 * size / (len(cluster) + len(expected[other]))
    total = sum(scores[pair] for pair in one_to_one(scores))
    return Score.of_hits(total, len(found), len(expected))


def lea(found: Partition, expected: Partition) -> Score:
    """Score links, each cluster weighted by its size; a cluster of one is right if it is one there too."""

    def score(clusters: Partition, others: Partition) -> float:
        owner = _owners(others)
        total = 0.0
        for cluster in clusters:
            parts = _parts(cluster, owner)
            if len(cluster) == 1:
                total += sum(len(others[part]) == 1 for part in parts)
            else:
                total += len(cluster) * sum(map(_links, parts.values())) / _links(len(cluster))
        return total

    sizes = (sum(map(len, found)), sum(map(len, expected)))
    return Score(score(found, expected), sizes[0], score(expected, found), sizes[1])


def conll_f1(found: Partition, expected: Partition) -> float | None:
    """Return the mean of the F1 of MUC, B³ and CEAF-e; ``None`` for no mentions on either side.

    Where no cluster has two mentions there is no link to score: MUC then counts 0, as in the reference
    scorer.

    Raises:
        MissingExtraError: SciPy is not installed.
    """
    if not found and not expected:
        return None
    return sum(measure(found, expected).f1 or 0.0 for measure in (muc, b_cubed, ceaf_e)) / 3


def _both_ways(
    found: Partition,
    expected: Partition,
    kept: Callable[[Cluster, Counter[int]], float],
    weight: Callable[[Cluster], float],
) -> Score:
    """Sum, over the clusters of each side, what the other side keeps of it, and its weight."""
    sums = []
    for clusters, others in ((found, expected), (expected, found)):
        owner = _owners(others)
        sums.append(sum(kept(cluster, _parts(cluster, owner)) for cluster in clusters))
        sums.append(sum(map(weight, clusters)))
    return Score(*sums)


def _owners(clusters: Partition) -> dict[Hashable, int]:
    """Return the number of the cluster of each mention."""
    return {mention: number for number, cluster in enumerate(clusters) for mention in cluster}


def _parts(cluster: Cluster, owner: dict[Hashable, int]) -> Counter[int]:
    """Return how many mentions of a cluster are in each cluster of the other side."""
    return Counter(owner[mention] for mention in cluster if mention in owner)


def _links(size: int) -> float:
    return size * (size - 1) / 2
