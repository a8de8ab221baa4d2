"""Text that may come from a file, made fit for a terminal."""

from __future__ import annotations


def escaped(text: str) -> str:
    """Return ``text`` in one line and without characters that could do something to a terminal.

    Spelled out, as Python does it, are control characters, line ends, marks of the writing direction, halves
    of surrogate pairs and white space other than a space.
    """
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
