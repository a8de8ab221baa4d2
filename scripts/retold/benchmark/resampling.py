"""Intervals by the bootstrap, and the smallest difference that the data can tell.

Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993: percentile intervals of resamples that draw
units with replacement, as many as there are. Scores of clusters and of rare groups are higher in resamples
than on the data (what is drawn twice is in one cluster, what is rare may be away): those are called
approximate, and their interval is shifted so that the middle of the resamples is the score. Paired
comparison: Koehn, *Statistical Significance Tests for Machine Translation Evaluation*, 2004. The smallest
difference that a two-sided test at 5 % finds with a power of 80 % is (z.975 + z.80) standard errors of the
difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from retold.benchmark.statistics import Counted, Difference, Floats, Statistic, point

RESAMPLES = 10_000
FEW_RESAMPLES = 1_000  # of scores that cost more
SEED = 20250226
CONFIDENCE = 0.95
POWER = 0.80
_AT_ONCE = 1_000_000  # units drawn
MOST_UNITS = 2_000  # with more, resamples are drawn over kinds of units that have the same counts


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between ``low`` and ``high`` with 95 % confidence, and its standard error.

    ``smallest_difference`` is, for a score, the least difference to a rival of the same standard error whose
    errors are independent of this one's: at most that much is needed, since errors on the same text usually
    go together. For a difference of two scores it is the least such difference that would be found. It is
    ``None`` where resamples do not vary; all are ``None`` where the value is not defined.
    """

    value: float | None
    low: float | None
    high: float | None
    error: float | None
    smallest_difference: float | None
    approximate: bool


class Resampler:
    """Draws resamples; the same ones for every score over the same number of units."""

    def __init__(self, resamples: int = RESAMPLES, few: int = FEW_RESAMPLES, seed: int = SEED) -> None:
        """Take how many resamples to draw, for costly scores how many, and the seed."""
        self.resamples = resamples
        self.few = few
        self.seed = seed
        self._drawn: dict[int, Floats] = {}

    def interval(self, statistic: Statistic) -> Interval:
        """Return the interval of a score."""
        return _interval(statistic, self.values(statistic), rivals=2)

    def difference(self, a: Statistic, b: Statistic) -> Interval:
        """Return the interval of the paired difference of two scores over the same units.

        Raises:
            ValueError: They are over different units.
        """
        if a.units != b.units:
            raise ValueError("scores over different units cannot be compared in pairs")
        both = _paired(a, b)
        return _interval(both, self.values(both), rivals=1)

    def values(self, statistic: Statistic) -> Floats:
        """Return the score in each resample."""
        if isinstance(statistic, Counted) and statistic.units > MOST_UNITS:
            return _by_kind(statistic, self.resamples, self._generator)
        if statistic.units == 0:
            return np.full(self.resamples, np.nan)
        resamples = self.few if statistic.approximate else self.resamples
        if statistic.units > MOST_UNITS:
            parts = _weights(statistic.units, resamples, self._generator)
            return np.concatenate([statistic.values(weights) for weights in parts])
        if statistic.units not in self._drawn:
            parts = _weights(statistic.units, self.resamples, self._generator)
            self._drawn[statistic.units] = np.concatenate(list(parts))
        return statistic.values(self._drawn[statistic.units][:resamples])

    @property
    def _generator(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)


def _weights(units: int, resamples: int, generator: np.random.Generator) -> Iterator[Floats]:
    """Yield how often each unit is drawn, in arrays (some resamples, units) whose rows sum to ``units``."""
    most = max(1, _AT_ONCE // units)
    for first in range(0, resamples, most):
        number = min(most, resamples - first)
        drawn = generator.integers(units, size=(number, units))
        rows = np.arange(number)[:, None] * units
        flat = np.bincount((rows + drawn).ravel(), minlength=number * units)
        yield flat.reshape(number, units).astype(np.float64)


def _paired(a: Statistic, b: Statistic) -> Statistic:
    if isinstance(a, Counted) and isinstance(b, Counted):
        width = a.counts.shape[1]
        return Counted(
            np.hstack([a.counts, b.counts]),
            lambda sums: a.formula(sums[..., :width]) - b.formula(sums[..., width:]),
            approximate=a.approximate or b.approximate,
        )
    return Difference(a, b)


def _by_kind(statistic: Counted, resamples: int, generator: np.random.Generator) -> Floats:
    """Resample units with the same counts as one kind: a multinomial draw, of the same distribution."""
    kinds = _Kinds(statistic.counts)
    drawn = generator.multinomial(statistic.units, kinds.shares, size=resamples)
    return statistic.formula(drawn.astype(np.float64) @ kinds.rows)


@dataclass(frozen=True)
class _Kinds:
    counts: Floats

    @cached_property
    def _unique(self) -> tuple[Floats, Floats]:
        order = np.lexsort((*self.counts.T, np.zeros(len(self.counts))))  # there may be no columns
        ordered = self.counts[order]
        first = np.ones(len(ordered), dtype=bool)
        first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
        sizes = np.diff(np.append(np.flatnonzero(first), len(ordered)))
        return ordered[first], sizes.astype(np.float64)

    @property
    def rows(self) -> Floats:
        """The different rows of counts."""
        return self._unique[0]

    @property
    def shares(self) -> Floats:
        """The share of units that have each."""
        shares: Floats = self._unique[1] / len(self.counts)
        return shares


def _interval(statistic: Statistic, values: Floats, rivals: int) -> Interval:
    value = point(statistic) if statistic.units else None
    defined = values[~np.isnan(values)]
    if value is None or not len(defined):
        return Interval(value, None, None, None, None, statistic.approximate)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, middle, high = np.percentile(defined, [tail, 50, 100 - tail])
    shift = value - middle if statistic.approximate else 0.0
    bound = 1.0 if rivals > 1 else np.inf  # a score is at most 1, a difference is not clipped
    low, high = max(low + shift, 1.0 - bound), min(high + shift, bound)
    error = float(defined.std(ddof=1)) if len(defined) > 1 else 0.0
    smallest = _smallest_difference(error * rivals**0.5) if error > 0 else None
    return Interval(value, float(low), float(high), error, smallest, statistic.approximate)


def _smallest_difference(error: float) -> float:
    """Return the difference that is found with ``POWER``, of one whose standard error is ``error``."""
    normal = NormalDist()
    return (normal.inv_cdf(1 - (1 - CONFIDENCE) / 2) + normal.inv_cdf(POWER)) * error
