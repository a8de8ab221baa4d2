"""The words to the left of a span, by which a text that occurs more than once is placed."""

from __future__ import annotations


def stands_before(raw: str, start: int, before: str, *, directly: bool = False) -> bool:
    """Whether ``before`` stands to the left of ``start``; white space between them is free.

    Args:
        raw: The article's raw text.
        start: Code points from 0.
        before: The words.
        directly: White space counts too, as it must for an insertion, which has no text of its own.
    """
    if directly:
        return raw.endswith(before, 0, start)
    before = before.rstrip()
    while start > 0 and raw[start - 1].isspace():
        start -= 1
    return raw.endswith(before, 0, start)
