"""Sets of offsets as the stretches that they form: quick however long a stretch is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Stretches:
    """The offsets of some stretches ``[start, end)``, which may overlap and come in any order."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        """Take the stretches; empty ones hold nothing."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(stretches):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            elif start < end:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, offset: int) -> bool:
        return self.cover(offset, offset + 1)

    def cover(self, start: int, end: int) -> bool:
        """Whether all offsets of ``[start, end)`` are held; an empty stretch is."""
        place = bisect_right(self._ends, start)
        return start >= end or (
            place < len(self._ends) and self._starts[place] <= start and end <= self._ends[place]
        )

    def meet(self, start: int, end: int) -> bool:
        """Whether any offset of ``[start, end)`` is held."""
        place = bisect_right(self._ends, start)
        return place < len(self._ends) and self._starts[place] < end

    def rest(self, text: str, start: int, end: int) -> str:
        """Return the text of ``[start, end)`` without these offsets, no white space at its edges."""
        parts = []
        place = bisect_right(self._ends, start)
        while place < len(self._ends) and self._starts[place] < end:
            parts.append(text[start : max(start, self._starts[place])])
            start = self._ends[place]
            place += 1
        return "".join((*parts, text[start:end])).strip()
