"""One-to-one matching of two lists of items.

Kuhn, *The Hungarian method for the assignment problem*, 1955; solved by SciPy, which is an optional extra.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Protocol, TypeVar

from retold.measures.joining import Groups


class Ordered(Protocol):
    """What can be sorted: ids, positions, tuples of them."""

    def __lt__(self, other: Any, /) -> bool:  # noqa: ANN401 (as in typeshed)
        """Whether this comes first."""
        ...

    def __hash__(self) -> int: ...


Left = TypeVar("Left", bound=Ordered)
Right = TypeVar("Right", bound=Ordered)
Node = tuple[bool, Any]  # whether it is of the left side, its key

INSTALL = "matching needs SciPy, which is an extra: pip install 'retold[score]'"


class MissingExtraError(ImportError):
    """A library that is an extra is not installed; the message says what to do."""


def one_to_one(scores: Mapping[tuple[Left, Right], float]) -> list[tuple[Left, Right]]:
    """Return the pairs of the one-to-one matching with the greatest total score, sorted.

    Items are named by sortable keys. Pairs that are not in ``scores``, or score nothing, are never matched.
    The keys are sorted before the problem is solved, so the result does not depend on any order given; of
    matchings with the same total the one is taken that the solver finds for the sorted keys.

    Raises:
        MissingExtraError: SciPy is not installed.
    """
    candidates = {pair: score for pair, score in scores.items() if score > 0}
    matched: list[tuple[Left, Right]] = []
    for group in _components(candidates):
        matched += group if len(group) == 1 else _solve({pair: candidates[pair] for pair in group})
    return sorted(matched)


def _components(pairs: Collection[tuple[Left, Right]]) -> list[list[tuple[Left, Right]]]:
    """Cut the pairs into groups that share no item: each is a small problem of its own."""
    joined: Groups[Node] = Groups()
    for a, b in pairs:
        joined.join((True, a), (False, b))
    groups: defaultdict[Node, list[tuple[Left, Right]]] = defaultdict(list)
    for pair in sorted(pairs):
        groups[joined.leader((True, pair[0]))].append(pair)
    return list(groups.values())


def _solve(scores: Mapping[tuple[Left, Right], float]) -> list[tuple[Left, Right]]:
    try:
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 (an extra, and slow)
    except ImportError as error:
        raise MissingExtraError(INSTALL) from error
    left, right = sorted({pair[0] for pair in scores}), sorted({pair[1] for pair in scores})
    matrix = [[scores.get((a, b), 0.0) for b in right] for a in left]
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    pairs = [(left[row], right[column]) for row, column in zip(rows, columns, strict=True)]
    return [pair for pair in pairs if pair in scores]
