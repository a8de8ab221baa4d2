"""Krippendorff's alpha for labels and for sets of labels.

Krippendorff, *Computing Krippendorff's Alpha-Reliability*, 2011. Distance of sets: Passonneau, *Measuring
Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation*, LREC 2006.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import combinations
from typing import TypeVar

Value = TypeVar("Value", bound=Hashable)


def nominal(a: Hashable, b: Hashable) -> float:
    """Return the distance of two labels: 0.0 if they are the same, else 1.0."""
    return float(a != b)


def masi(a: frozenset[Hashable], b: frozenset[Hashable]) -> float:
    """Return 1 minus Jaccard's coefficient times monotonicity; 0.0 for equal sets, two empty ones too.

    Monotonicity is 1 for equal sets, 2/3 if one holds the other, 1/3 if they only overlap, 0 if they share
    nothing.
    """
    if a == b:
        return 0.0
    common = a & b
    if not common:
        return 1.0
    monotonicity = 2 / 3 if common in (a, b) else 1 / 3
    return 1 - monotonicity * len(common) / len(a | b)


def krippendorff_alpha(
    units: Iterable[Sequence[Value]], distance: Callable[[Value, Value], float] = nominal
) -> float | None:
    """Return ``1 - observed / expected`` disagreement, for any number of annotators.

    Args:
        units: for each unit the values that it got, in any order; a missing value is left out, and a unit
            with fewer than two says nothing.
        distance: of two values, 0.0 for equal ones.

    Returns:
        Alpha, or ``None`` where it is not defined: no unit has two values, or all values are the same.
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = Counter(value for unit in paired for value in unit)
    n = values.total()
    observed = sum(
        2 * sum(distance(x, y) for x, y in combinations(unit, 2)) / (len(unit) - 1) for unit in paired
    )
    # sums over ordered pairs of values, so twice those over unordered ones
    expected = sum(
        2 * count * other_count * distance(x, y)
        for (x, count), (y, other_count) in combinations(values.items(), 2)
    )
    return 1 - (n - 1) * observed / expected if expected else None
