"""Precision, recall and F1 from counts (van Rijsbergen, *Information Retrieval*, 1979)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what was found was expected, and how much of what was expected was found.

    ``found`` and ``expected`` are numbers of items (or sums of weights), ``found_right`` and
    ``expected_found`` the parts of them that the other side has; for plain counts these two are the same
    number of hits. Between two annotators neither side is expected more than the other: F1 is the same
    both ways, precision and recall change places.
    """

    found_right: float
    found: float
    expected_found: float
    expected: float

    @classmethod
    def of_hits(cls, hits: float, found: float, expected: float) -> Score:
        """Make a score of one number of hits."""
        return cls(hits, found, hits, expected)

    def __add__(self, other: Score) -> Score:
        """Pool two scores (micro average)."""
        return Score(
            self.found_right + other.found_right,
            self.found + other.found,
            self.expected_found + other.expected_found,
            self.expected + other.expected,
        )

    @property
    def precision(self) -> float | None:
        """Return the right part of what was found; ``None`` if nothing was found."""
        return self.found_right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Return the found part of what was expected; ``None`` if nothing was expected."""
        return self.expected_found / self.expected if self.expected else None

    @property
    def f1(self) -> float | None:
        """Return ``2PR / (P + R)``; 0.0 if nothing is right, ``None`` if there are no items at all."""
        if not self.found and not self.expected:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score_items(found: Iterable[Hashable], expected: Iterable[Hashable]) -> Score:
    """Score items that are right if they are equal; one that is there twice counts twice."""
    left, right = Counter(iter(found)), Counter(iter(expected))  # of a mapping the keys, not its values
    return Score.of_hits((left & right).total(), left.total(), right.total())


def macro_f1(
    pairs: Sequence[tuple[Hashable, Hashable]], left_out: Set[Hashable] = frozenset()
) -> float | None:
    """Return the mean of the F1 of each label that occurs on either side; ``None`` if none does.

    Args:
        pairs: the label of each item as found and as expected.
        left_out: labels that have no part in the mean, such as that for nothing found.
    """
    labels = {label for pair in pairs for label in pair} - left_out
    if not labels:
        return None
    hits = Counter(x for x, y in pairs if x == y)
    found, expected = Counter(x for x, _ in pairs), Counter(y for _, y in pairs)
    return sum(2 * hits[label] / (found[label] + expected[label]) for label in labels) / len(labels)
