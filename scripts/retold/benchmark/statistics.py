"""Scores as functions of weights on units, so that each can be computed again on resampled data.

A unit is what is drawn in a resample: a block of an article, with what cannot be drawn apart from it. All
arrays are of floats; a value is ``nan`` where it is not defined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Statistic(Protocol):
    """A score; ``approximate`` if resampling it is costly or known to be only roughly right."""

    @property
    def units(self) -> int:
        """The number of units."""
        ...

    @property
    def approximate(self) -> bool:
        """Whether its interval is approximate."""
        ...

    def values(self, weights: Floats) -> Floats:
        """Return the score under each row of ``weights``, an array (resamples, units)."""
        ...


@dataclass(frozen=True)
class Counted:
    """A score that is a formula of sums of counts.

    Attributes:
        counts: Array (units, columns).
        formula: From sums, an array (…, columns), to scores, an array (…).
    """

    counts: Floats
    formula: Callable[[Floats], Floats]
    approximate: bool = False

    @property
    def units(self) -> int:
        """The number of units."""
        return len(self.counts)

    def values(self, weights: Floats) -> Floats:
        """Return the score under each row of weights."""
        return self.formula(weights @ self.counts)


@dataclass(frozen=True)
class Weighted:
    """A score that cannot be had from sums of counts; ``function`` does what ``values`` says."""

    units: int
    function: Callable[[Floats], Floats]
    approximate: bool = True

    def values(self, weights: Floats) -> Floats:
        """Return the score under each row of weights."""
        return self.function(weights)


@dataclass(frozen=True)
class Difference:
    """How much higher ``a`` is than ``b``, two scores over the same units."""

    a: Statistic
    b: Statistic

    @property
    def units(self) -> int:
        """The number of units."""
        return self.a.units

    @property
    def approximate(self) -> bool:
        """Whether either is approximate."""
        return self.a.approximate or self.b.approximate

    def values(self, weights: Floats) -> Floats:
        """Return the difference under each row of weights."""
        difference: Floats = self.a.values(weights) - self.b.values(weights)
        return difference


def point(statistic: Statistic) -> float | None:
    """Return the score on the data as they are, ``None`` where it is not defined."""
    value = float(statistic.values(np.ones((1, statistic.units)))[0])
    return None if np.isnan(value) else value


def ratio(part: Floats, whole: Floats) -> Floats:
    """Return ``part / whole``, ``nan`` where the whole is 0."""
    found: Floats = np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)
    return found


def accuracy(sums: Floats) -> Floats:
    """Return right over all, of columns (right, all)."""
    return ratio(sums[..., 0], sums[..., 1])


def f1(sums: Floats) -> Floats:
    """Return F1 of columns (hits, found, expected); ``nan`` if nothing is found and nothing expected."""
    return ratio(2 * sums[..., 0], sums[..., 1] + sums[..., 2])


def f1_two_ways(sums: Floats) -> Floats:
    """Return F1 of columns (found right, found, expected found, expected), as ``measures.counts.Score``.

    0 if nothing is right, ``nan`` if there are no items at all.
    """
    precision = np.nan_to_num(ratio(sums[..., 0], sums[..., 1]))
    recall = np.nan_to_num(ratio(sums[..., 2], sums[..., 3]))
    found = np.nan_to_num(ratio(2 * precision * recall, precision + recall))
    return np.where(sums[..., 1] + sums[..., 3] > 0, found, np.nan)


def macro_f1(labels: int) -> Callable[[Floats], Floats]:
    """Return a formula: the mean F1 over ``labels`` groups of columns (hits, found, expected).

    A label that is neither found nor expected has no part in the mean.
    """

    def formula(sums: Floats) -> Floats:
        each = f1(sums.reshape(*sums.shape[:-1], labels, 3))
        return mean_defined(each)

    return formula


def macro_accuracy(groups: int) -> Callable[[Floats], Floats]:
    """Return a formula: the mean accuracy over ``groups`` groups of columns (right, all) that have items."""

    def formula(sums: Floats) -> Floats:
        each = accuracy(sums.reshape(*sums.shape[:-1], groups, 2))
        return mean_defined(each)

    return formula


def mean_defined(values: Floats) -> Floats:
    """Return the mean over the last axis of what is defined, ``nan`` if nothing is."""
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0.0).sum(axis=-1), defined.sum(axis=-1).astype(np.float64))


def label_counts(pairs: Sequence[tuple[int, str | None, str | None]], units: int) -> tuple[Floats, list[str]]:
    """Return the columns that ``macro_f1`` needs, and the labels in their order.

    Args:
        pairs: For each item its unit, the label found and the label expected; ``None`` for none.
        units: The number of units.
    """
    labels = sorted({label for _, *both in pairs for label in both if label is not None})
    column = {label: 3 * number for number, label in enumerate(labels)}
    counts = np.zeros((units, 3 * len(labels)))
    for unit, found, expected in pairs:
        if found is not None:
            counts[unit, column[found] + 1] += 1
            counts[unit, column[found]] += found == expected
        if expected is not None:
            counts[unit, column[expected] + 2] += 1
    return counts, labels
