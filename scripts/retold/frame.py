"""How far the parts of a text have moved when it was edited, told by words that stand in it only once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Frame:
    """Places that are certain, by which others are judged.

    An edit that puts words in and takes words away leaves the rest in its order, so what stood between two
    certain places stands between them still. Offsets are code points from 0.
    """

    def __init__(self, moves: Iterable[tuple[int, int]]) -> None:
        """Take the old and the new place of each; those that break the order of the others are dropped."""
        kept = _longest_chain(sorted(set(moves)))
        self._old = [old for old, _ in kept]
        self._new = [new for _, new in kept]

    def allows(self, old: int, new: int) -> bool:
        """Whether what stood at ``old`` may stand at ``new`` now: it keeps the order of the certain ones."""
        below, above = bisect_right(self._old, old) - 1, bisect_left(self._old, old)
        return (below < 0 or self._new[below] <= new) and (above == len(self._old) or new <= self._new[above])

    def moves_alike(self, old: int, new: int) -> bool:
        """Whether the certain places on both sides have moved as far as this.

        Words that stand elsewhere too can be trusted only so.
        """
        below, above = bisect_right(self._old, old) - 1, bisect_left(self._old, old)
        beside = {place for place in (below, above) if 0 <= place < len(self._old)}
        return bool(beside) and all(self._new[place] - self._old[place] == new - old for place in beside)


def _longest_chain(moves: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most moves, sorted by the old place, whose new places rise too."""
    tails: list[int] = []  # of chains by length: the lowest new place at which one ends
    at: list[int] = []  # the move that is there
    before: list[int] = []
    for number, (_, new) in enumerate(moves):
        length = bisect_right(tails, new)
        before.append(at[length - 1] if length else -1)
        tails[length:] = [new, *tails[length + 1 :]]
        at[length:] = [number, *at[length + 1 :]]
    chain = []
    number = at[-1] if at else -1
    while number >= 0:
        chain.append(moves[number])
        number = before[number]
    return chain[::-1]
