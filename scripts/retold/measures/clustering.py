"""Agreement of groupings in which an item may be in several groups.

Extended B³: Amigó et al., *A comparison of extrinsic clustering evaluation metrics based on formal
constraints*, 2009. Where each item is in one group it is B³.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set

from retold.measures.counts import Score

Grouping = Mapping[Hashable, Set[Hashable]]


def extended_b_cubed(found: Grouping, expected: Grouping) -> Score:
    """Score groupings that map each item to the names of its groups; an item in no group is left out.

    For each two items that share groups on one side: the number of groups shared on both sides (never more
    than on the one) over the number shared on the one; then the mean over the item's companions, itself
    included, summed over items. Names of groups need not be the same on both sides.
    """
    return Score(_kept(found, expected), _items(found), _kept(expected, found), _items(expected))


def _items(grouping: Grouping) -> int:
    return sum(1 for groups in grouping.values() if groups)


def _kept(grouping: Grouping, other: Grouping) -> float:
    total = 0.0
    for item, groups in grouping.items():
        kept = []
        for companion, their_groups in grouping.items():
            if common := len(groups & their_groups):
                there = len(other.get(item, set()) & other.get(companion, set()))
                kept.append(min(common, there) / common)
        total += sum(kept) / len(kept) if kept else 0.0
    return total
