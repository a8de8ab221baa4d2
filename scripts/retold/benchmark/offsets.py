"""Offsets in other units than code points."""

from __future__ import annotations

from collections.abc import Callable

UNITS = ("codepoints", "utf16", "bytes")
_WIDTH: dict[str, Callable[[str], int]] = {
    "utf16": lambda character: 1 + (ord(character) > 0xFFFF),
    "bytes": lambda character: len(character.encode("utf-8", "surrogatepass")),
}


class Converter:
    """Turns offsets of one unit into code points of one text."""

    def __init__(self, text: str, unit: str) -> None:
        """Prepare for a text; ``unit`` is one of ``UNITS``."""
        self._points: dict[int, int] | None = None
        self._length = len(text)
        if unit != UNITS[0]:
            width = _WIDTH[unit]
            self._points = {0: 0}
            at = 0
            for number, character in enumerate(text, start=1):
                at += width(character)
                self._points[at] = number

    def point(self, offset: int) -> int | None:
        """Return the offset in code points; ``None`` if it is outside the text or inside a character."""
        if self._points is not None:
            return self._points.get(offset)
        return offset if 0 <= offset <= self._length else None
