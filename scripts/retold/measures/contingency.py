"""Measures of coreference on weighted mentions, for many weightings at once.

The measures are those of ``measures.coreference``, which names their sources; here a mention may stand any
whole number of times, as in a bootstrap resample: its copies are different mentions of the same clusters.
Everything follows from how many mentions each two clusters share and how large each cluster is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retold.measures.assignment import INSTALL, MissingExtraError
from retold.measures.joining import Groups

Floats = NDArray[np.float64]
Cells = list[int]


class Contingency:
    """Two partitions of mentions that need not be the same mentions."""

    def __init__(
        self,
        found: Mapping[Hashable, Hashable],
        expected: Mapping[Hashable, Hashable],
        unit_of: Mapping[Hashable, int],
        units: int,
    ) -> None:
        """Count.

        Args:
            found: The cluster of each mention.
            expected: Likewise.
            unit_of: The unit of each mention, from 0: what a weight is given to.
            units: The number of units.
        """
        rows, columns = _numbered(found.values()), _numbered(expected.values())
        self._found = _sizes(found, rows, unit_of, units)
        self._expected = _sizes(expected, columns, unit_of, units)
        cells: dict[tuple[int, int], Floats] = {}
        for mention in found.keys() & expected.keys():
            cell = rows[found[mention]], columns[expected[mention]]
            cells.setdefault(cell, np.zeros(units))[unit_of[mention]] += 1
        keys = sorted(cells)
        self._shared = np.array([cells[key] for key in keys]).reshape(len(keys), units)
        self._row = np.array([row for row, _ in keys], dtype=np.intp)
        self._column = np.array([column for _, column in keys], dtype=np.intp)
        self._components = _components(keys)

    def muc(self, weights: Floats) -> Floats:
        """Return the sums (…, 4) of MUC that ``statistics.f1_two_ways`` makes a score of."""
        shared, rows, columns = self._weighted(weights)
        kept = (shared - (shared > 0)).sum(axis=-1)
        links = [np.maximum(sizes - 1, 0).sum(axis=-1) for sizes in (rows, columns)]
        return np.stack([kept, links[0], kept, links[1]], axis=-1)

    def b_cubed(self, weights: Floats) -> Floats:
        """Return the sums of B³."""
        shared, rows, columns = self._weighted(weights)
        kept = [
            _divided(shared**2, sizes[:, at]).sum(axis=-1)
            for sizes, at in ((rows, self._row), (columns, self._column))
        ]
        return np.stack([kept[0], rows.sum(axis=-1), kept[1], columns.sum(axis=-1)], axis=-1)

    def lea(self, weights: Floats) -> Floats:
        """Return the sums of LEA."""
        shared, rows, columns = self._weighted(weights)
        own, other = rows[:, self._row], columns[:, self._column]
        alone = (own == 1) & (other == 1) & (shared == 1)
        kept = [
            np.where(size == 1, alone, size * _divided(_links(shared), _links(size))).sum(axis=-1)
            for size in (own, other)
        ]
        return np.stack([kept[0], rows.sum(axis=-1), kept[1], columns.sum(axis=-1)], axis=-1)

    def ceaf_e(self, weights: Floats) -> Floats:
        """Return the sums of CEAF-e.

        Raises:
            MissingExtraError: SciPy is not installed.
        """
        shared, rows, columns = self._weighted(weights)
        similar = _divided(2 * shared, rows[:, self._row] + columns[:, self._column])
        total = np.zeros(len(weights))
        for cells in self._components:
            total += self._matched(similar[:, cells], cells)
        sizes = [(side > 0).sum(axis=-1) for side in (rows, columns)]
        return np.stack([total, sizes[0], total, sizes[1]], axis=-1)

    def _matched(self, similar: Floats, cells: Cells) -> Floats:
        """Return, for each weighting, the greatest total of a one-to-one matching within a component."""
        row, column = self._row[cells], self._column[cells]
        if len(set(row)) == 1 or len(set(column)) == 1:
            best: Floats = similar.max(axis=-1)
            return best
        assign = _assignment()
        rows, row_at = np.unique(row, return_inverse=True)
        columns, column_at = np.unique(column, return_inverse=True)
        totals = np.zeros(len(similar))
        for number, values in enumerate(similar):
            matrix = np.zeros((len(rows), len(columns)))
            matrix[row_at, column_at] = values
            totals[number] = matrix[assign(matrix, maximize=True)].sum()
        return totals

    def _weighted(self, weights: Floats) -> tuple[Floats, Floats, Floats]:
        return weights @ self._shared.T, weights @ self._found.T, weights @ self._expected.T


def _numbered(names: Iterable[Hashable]) -> dict[Hashable, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _sizes(
    clusters: Mapping[Hashable, Hashable],
    numbers: Mapping[Hashable, int],
    unit_of: Mapping[Hashable, int],
    units: int,
) -> Floats:
    sizes = np.zeros((len(numbers), units))
    for mention, cluster in clusters.items():
        sizes[numbers[cluster], unit_of[mention]] += 1
    return sizes


def _components(keys: Sequence[tuple[int, int]]) -> list[Cells]:
    """Cut cells into groups that share no row and no column."""
    joined: Groups[tuple[bool, int]] = Groups()
    for row, column in keys:
        joined.join((True, row), (False, column))
    groups: defaultdict[tuple[bool, int], Cells] = defaultdict(list)
    for number, (row, _) in enumerate(keys):
        groups[joined.leader((True, row))].append(number)
    return list(groups.values())


def _assignment() -> Callable[..., Any]:
    try:
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 (an extra, and slow)
    except ImportError as error:
        raise MissingExtraError(INSTALL) from error
    assign: Callable[..., Any] = linear_sum_assignment
    return assign


def _divided(part: Floats, whole: Floats) -> Floats:
    quotient: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return quotient


def _links(size: Floats) -> Floats:
    return size * (size - 1) / 2
