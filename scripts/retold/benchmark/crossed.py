"""Scores over pairs, each of two units: drawn if both of its units are.

Owen, *The pigeonhole bootstrap*, Annals of Applied Statistics 2007: each pair is weighted by the product of
how often its two units are drawn; a pair within one unit by how often that is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.benchmark.statistics import Floats

_AT_ONCE = 500  # resamples; so that the weights of pairs fit into memory


@dataclass(frozen=True)
class Crossed:
    """A formula of sums of counts over pairs.

    Attributes:
        units: The number of units.
        a: The first unit of each pair.
        b: The second.
        counts: Array (pairs, columns).
        formula: From sums, an array (…, columns), to scores, an array (…).
    """

    units: int
    a: NDArray[np.intp]
    b: NDArray[np.intp]
    counts: Floats
    formula: Callable[[Floats], Floats]
    approximate: bool = False

    def values(self, weights: Floats) -> Floats:
        """Return the score under each row of weights."""
        parts = [self._sums(weights[n : n + _AT_ONCE]) for n in range(0, len(weights), _AT_ONCE)]
        return self.formula(np.concatenate(parts))

    def _sums(self, weights: Floats) -> Floats:
        first, second = weights[:, self.a], weights[:, self.b]
        sums: Floats = np.where(self.a == self.b, first, first * second) @ self.counts
        return sums
