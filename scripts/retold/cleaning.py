"""The clean text of an article: its raw text with the repairs made, and offsets from each to the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from retold.frozen import record
from retold.records import Repair

# Of these kinds, a replacement as long as the text stands for it character by character.
_ALIGNED_KINDS = frozenset({"lost_capital", "typo"})


def is_aligned(repair: Repair) -> bool:
    """Whether each character of the replacement stands for the one that it replaces."""
    return repair.kind in _ALIGNED_KINDS and len(repair.replacement) == len(repair.span.text)


def clean(text: str, repairs: Iterable[Repair]) -> tuple[str, CharacterMap]:
    """Make the repairs, and tell where every character has gone.

    Args:
        text: The raw text.
        repairs: In text order, none overlapping.

    Raises:
        ValueError: The repairs overlap, are not in order, or are not of this text.
    """
    parts: list[str] = []
    changes: list[_Change] = []
    done = 0
    for repair in repairs:
        span = repair.span
        if span.start < done or text[span.start : span.end] != span.text:
            raise ValueError(f"{repair.id} is out of order, overlaps another repair, or is of another text")
        parts += (text[done : span.start], repair.replacement)
        done = span.end
        changes.append(_Change(span.start, span.end, len(repair.replacement), is_aligned(repair)))
    return "".join((*parts, text[done:])), CharacterMap(changes)


@record
class _Change:
    """``[start, end)`` of one text is ``length`` characters in the other."""

    start: int
    end: int
    length: int
    aligned: bool


class CharacterMap:
    """Offsets of the raw text in the clean text and back, in code points from 0.

    ``replacements`` are the stretches ``(start, end)`` of the clean text that stand for the repaired ones,
    in text order; that of a deletion is empty.
    """

    def __init__(self, changes: Sequence[_Change]) -> None:
        """Take the changes from the raw to the clean text, in text order, none overlapping."""
        self._forth = _Way(changes)
        self.replacements = self._forth.results()
        self._back = _Way(
            [
                _Change(start, end, change.end - change.start, change.aligned)
                for change, (start, end) in zip(changes, self.replacements, strict=True)
            ]
        )

    def to_clean(self, offset: int) -> int:
        """Return where the raw character at ``offset`` stands in the clean text.

        That is behind what is inserted before it. For a deleted character it is the place of the deletion,
        for one of a replaced stretch the begin of its replacement (the character for character one, if the
        repair is aligned).
        """
        return self._forth.begin(offset)

    def to_raw(self, offset: int) -> int:
        """Return where the clean character at ``offset`` stands in the raw text; the other way round."""
        return self._back.begin(offset)

    def span_to_clean(self, start: int, end: int) -> tuple[int, int]:
        """Return the clean stretch of a raw one.

        What is inserted at its edges is outside; it is empty if all of it is deleted. An edge within a
        replaced stretch takes in the whole replacement.
        """
        return self._forth.begin(start), self._forth.end(end)

    def span_to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw stretch of a clean one, the narrowest: what is deleted at its edges is outside."""
        return self._back.begin(start), self._back.end(end)


class _Way:
    """Offsets from one text to the other."""

    def __init__(self, changes: Sequence[_Change]) -> None:
        self._changes = changes
        self._starts = [change.start for change in changes]
        self._ends = [change.end for change in changes]
        grown = (change.length - (change.end - change.start) for change in changes)
        self._shifts = list(accumulate(grown, initial=0))

    def results(self) -> tuple[tuple[int, int], ...]:
        """Return for each change the stretch of the other text."""
        starts = (change.start + shift for change, shift in zip(self._changes, self._shifts, strict=False))
        return tuple(
            (start, start + change.length) for start, change in zip(starts, self._changes, strict=True)
        )

    def begin(self, offset: int) -> int:
        """Return where what begins at ``offset`` begins: behind an insertion there."""
        return self._place(offset, bisect_right(self._ends, offset), whole=0)

    def end(self, offset: int) -> int:
        """Return where what ends at ``offset`` ends: before an insertion there."""
        passed = min(bisect_left(self._starts, offset), bisect_right(self._ends, offset))
        return self._place(offset, passed, whole=1)

    def _place(self, offset: int, passed: int, whole: int) -> int:
        """Move an offset by what ``passed`` changes have added; within the next one, to its begin or end."""
        shift = self._shifts[passed]
        change = self._changes[passed] if passed < len(self._changes) else None
        if change is None or change.aligned or not change.start < offset < change.end:
            return offset + shift
        return change.start + shift + whole * change.length
