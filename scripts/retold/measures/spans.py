"""How much two lists of spans share, counted in characters.

Spans are half-open offsets into one text. Those of one list do not overlap each other; their order does not
matter.
"""

from __future__ import annotations

from collections.abc import Sequence

from retold.records import Span


def length(spans: Sequence[Span]) -> int:
    """Return the number of characters covered."""
    return sum(span.end - span.start for span in spans)


def shared(a: Sequence[Span], b: Sequence[Span]) -> int:
    """Return the number of characters that both lists cover."""
    return sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in a for y in b)


def dice(a: Sequence[Span], b: Sequence[Span]) -> float:
    """Return ``2 |A ∩ B| / (|A| + |B|)`` over characters (Dice 1945), 1.0 if both lists are empty.

    It is the F1 of the characters of one list against those of the other.
    """
    covered = length(a) + length(b)
    return 2 * shared(a, b) / covered if covered else 1.0


def merged(spans: Sequence[Span], text: str) -> list[Span]:
    """Return the spans of ``text`` in order, those that overlap each other made one."""
    joined: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if joined and span.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span.end))
        else:
            joined.append((span.start, span.end))
    return [Span(start, end, text[start:end]) for start, end in joined]
