"""Counts of hits by unit, in slices of the gold.

In a slice, gold outside it and predictions matched to that gold are ignored; a prediction without a match is
spurious if it stands in a block of the slice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from retold.benchmark.outcome import Metric
from retold.benchmark.statistics import (
    Counted,
    Floats,
    accuracy,
    f1,
    label_counts,
    macro_f1,
)
from retold.benchmark.units import Units
from retold.measures.assignment import one_to_one

Gold = TypeVar("Gold")
Found = TypeVar("Found")
Count = tuple[int | None, float, float, float]  # unit, hits, found, expected


@dataclass(frozen=True, slots=True)
class Aligned(Generic[Gold, Found]):
    """Gold and predicted items matched one to one; each with its article."""

    pairs: Sequence[tuple[str, Gold, Found]]
    missed: Sequence[tuple[str, Gold]]
    spurious: Sequence[tuple[str, Found]]


def align(
    gold: Mapping[str, Sequence[Gold]],
    predicted: Mapping[str, Sequence[Found]],
    weigh: Callable[[Gold, Found], float],
) -> Aligned[Gold, Found]:
    """Match the items of each article one to one, with the greatest total weight.

    Args:
        gold: The gold items of every article that is scored.
        predicted: The predicted ones, in any order: none that is given decides.
        weigh: The weight of a pair; 0 for one that may not be matched.

    Raises:
        MissingExtraError: SciPy is not installed.
    """
    pairs, missed, spurious = [], [], []
    for name, ours in gold.items():
        theirs = sorted(predicted.get(name, ()), key=repr)
        weights = {(i, j): weigh(x, y) for i, x in enumerate(ours) for j, y in enumerate(theirs)}
        matched = one_to_one(weights)
        pairs += [(name, ours[i], theirs[j]) for i, j in matched]
        taken, used = {i for i, _ in matched}, {j for _, j in matched}
        missed += [(name, item) for i, item in enumerate(ours) if i not in taken]
        spurious += [(name, item) for j, item in enumerate(theirs) if j not in used]
    return Aligned(pairs, missed, spurious)


@dataclass(frozen=True)
class Slice(Generic[Gold, Found]):
    """A part of the gold that is scored by itself.

    Attributes:
        units: The blocks of the slice.
        gold_at: Where a gold item begins.
        found_at: Where a predicted one does.
        keep: Whether a gold item is of the slice.
    """

    units: Units
    gold_at: Callable[[Gold], int]
    found_at: Callable[[Found], int]
    keep: Callable[[Gold], bool] = lambda _: True

    def unit(self, article: str, item: Gold) -> int | None:
        """Return the unit of a gold item, ``None`` if it is not of the slice."""
        return self.units.at(article, self.gold_at(item)) if self.keep(item) else None

    def found_unit(self, article: str, item: Found) -> int | None:
        """Return the unit of a prediction that has no match; unplaced words count to the article's first."""
        return self.units.at(article, self.found_at(item))

    def pairs(self, aligned: Aligned[Gold, Found]) -> list[tuple[int, Gold, Found]]:
        """Return the matched pairs of the slice, each with its unit."""
        placed = ((self.unit(article, gold), gold, found) for article, gold, found in aligned.pairs)
        return [(unit, gold, found) for unit, gold, found in placed if unit is not None]

    def counts(
        self,
        aligned: Aligned[Gold, Found],
        hit: Callable[[Gold, Found], bool],
        in_gold: Callable[[Gold], bool] = lambda _: True,
        in_found: Callable[[Found], bool] = lambda _: True,
    ) -> Floats:
        """Return hits, found and expected by unit: an array (units, 3).

        ``in_gold`` and ``in_found`` say whether an item has what is counted at all, such as a source.
        """
        rows: list[Count] = [
            (unit, hit(gold, found), in_found(found), in_gold(gold))
            for unit, gold, found in self.pairs(aligned)
        ]
        rows += [(self.unit(a, gold), 0, 0, in_gold(gold)) for a, gold in aligned.missed]
        rows += [(self.found_unit(a, found), 0, in_found(found), 0) for a, found in aligned.spurious]
        return sum_rows(rows, self.units.size)


def sum_rows(rows: Iterable[Count], units: int) -> Floats:
    """Sum counts by unit; a row without a unit is left out."""
    counts = np.zeros((units, 3))
    for unit, *values in rows:
        if unit is not None:
            counts[unit] += values
    return counts


def f1_metric(part: str, counts: Floats, measure: str = "F1") -> Metric:
    """Return an F1 of hits, found and expected by unit."""
    hits, found, expected = counts.sum(axis=0)
    return Metric(
        part,
        measure,
        Counted(counts, f1),
        found=float(found),
        expected=float(expected),
        precision=float(hits / found) if found else None,
        recall=float(hits / expected) if expected else None,
    )


def accuracy_metric(
    part: str, judged: Iterable[tuple[int, bool]], units: int, measure: str = "accuracy"
) -> Metric:
    """Return the share of items that are right; of each item its unit and whether it is."""
    counts = np.zeros((units, 2))
    for unit, right in judged:
        counts[unit] += (right, 1)
    return Metric(part, measure, Counted(counts, accuracy), expected=float(counts[:, 1].sum()))


def macro_f1_metric(part: str, pairs: Sequence[tuple[int, str | None, str | None]], units: int) -> Metric:
    """Return the macro-F1 of labels; of each item its unit, the label found and the label expected."""
    counts, labels = label_counts(pairs, units)
    found = sum(found is not None for _, found, _ in pairs)
    expected = sum(expected is not None for _, _, expected in pairs)
    return Metric(part, "macro-F1", Counted(counts, macro_f1(len(labels))), float(found), float(expected))


def exact_counts(found: Sequence[Sequence[Hashable]], expected: Sequence[Sequence[Hashable]]) -> Floats:
    """Return hits, found and expected of each unit: an array (units, 3).

    Items are right if they are equal. One that is found twice is right once; the gold has no item twice.
    """
    rows = [
        (len(set(theirs).intersection(ours)), len(theirs), len(ours))
        for theirs, ours in zip(found, expected, strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)
