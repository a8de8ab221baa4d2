"""B³ and pair F1 of groupings in which an item may be in several groups, on weighted items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import combinations

import numpy as np

from retold.benchmark.crossed import Crossed
from retold.benchmark.outcome import Metric
from retold.benchmark.statistics import Floats, Weighted, f1, f1_two_ways

Grouping = Mapping[str, Set[str]]


def b_cubed_metric(
    part: str, found: Grouping, expected: Grouping, unit_of: Mapping[str, int], units: int
) -> Metric:
    """Return the F1 of extended B³ (``measures.clustering``).

    Args:
        part: What is scored.
        found: The groups of each item; one in no group, or left out, is not found.
        expected: Likewise; its items are those of ``unit_of``.
        unit_of: The unit of each item.
        units: The number of units.
    """
    items = sorted(unit_of)
    unit = np.array([unit_of[item] for item in items], dtype=np.intp)
    common = [_common(items, grouping) for grouping in (found, expected)]
    there = [np.diag(side) > 0 for side in common]
    kept = [np.divide(np.minimum(*common), side, out=np.zeros_like(side), where=side > 0) for side in common]
    together = [(side > 0).astype(np.float64) for side in common]

    def sums(weights: Floats) -> Floats:
        drawn = weights[:, unit]
        columns = []
        for share, companions, own in zip(kept, together, there, strict=True):
            sizes = drawn @ companions
            mean = np.divide(drawn @ share, sizes, out=np.zeros_like(drawn), where=sizes > 0)
            columns += [(drawn * own * mean).sum(axis=1), (drawn * own).sum(axis=1)]
        return np.stack(columns, axis=-1)

    statistic = Weighted(units, lambda weights: f1_two_ways(sums(weights)))
    right, given, recalled, wanted = map(float, sums(np.ones((1, units)))[0])
    precision, recall = (right / given if given else None), (recalled / wanted if wanted else None)
    return Metric(part, "B³ F1", statistic, given, wanted, precision, recall)


def pair_metric(
    part: str, found: Grouping, expected: Grouping, unit_of: Mapping[str, int], units: int
) -> Metric:
    """Return the F1 of pairs of items that share a group; the arguments are those of ``b_cubed_metric``."""
    rows: list[tuple[int, int, bool, bool]] = []
    for a, b in combinations(sorted(unit_of), 2):
        ours, theirs = (bool(side.get(a, set()) & side.get(b, set())) for side in (expected, found))
        if ours or theirs:
            rows.append((unit_of[a], unit_of[b], theirs, ours))
    table = np.array(rows, dtype=np.intp).reshape(-1, 4)
    counts = np.column_stack([table[:, 2] * table[:, 3], table[:, 2], table[:, 3]]).astype(np.float64)
    hits, theirs_all, ours_all = counts.sum(axis=0)
    return Metric(
        part,
        "pair F1",
        Crossed(units, table[:, 0], table[:, 1], counts, f1),
        float(theirs_all),
        float(ours_all),
        float(hits / theirs_all) if theirs_all else None,
        float(hits / ours_all) if ours_all else None,
    )


def _common(items: Sequence[str], grouping: Grouping) -> Floats:
    """Return how many groups each two items share: a square matrix."""
    groups = {name: n for n, name in enumerate(sorted({g for item in items for g in grouping.get(item, ())}))}
    member = np.zeros((len(items), max(1, len(groups))))
    for row, item in zip(member, items, strict=True):
        for group in grouping.get(item, ()):
            row[groups[group]] = 1
    return member @ member.T
