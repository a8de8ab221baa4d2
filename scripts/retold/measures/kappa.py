"""Cohen's kappa (*A coefficient of agreement for nominal scales*, 1960)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement of two annotators on the labels of ``n`` items, corrected for chance.

    ``value`` is ``None`` where it is not defined: no items, or one label for all of them on both sides
    (nothing is left to disagree on by chance). ``observed`` is the share of items with the same label.
    ``prevalence`` is the share of each label among both annotators' labels, most frequent first.
    """

    value: float | None
    observed: float | None
    n: int
    prevalence: dict[Hashable, float]


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> Kappa:
    """Return kappa over pairs of labels, one pair an item: ``(observed - chance) / (1 - chance)``.

    Chance is the sum over labels of the product of the two annotators' shares of it.
    """
    n = len(pairs)
    if n == 0:
        return Kappa(None, None, 0, {})
    first, second = Counter(x for x, _ in pairs), Counter(y for _, y in pairs)
    agreed = sum(x == y for x, y in pairs)
    by_chance = sum(first[label] * second[label] for label in first)  # times n²: whole numbers stay exact
    both = first + second
    order = sorted(both, key=lambda label: (-both[label], str(label)))
    value = None if by_chance == n * n else (n * agreed - by_chance) / (n * n - by_chance)
    return Kappa(value, agreed / n, n, {label: both[label] / (2 * n) for label in order})
