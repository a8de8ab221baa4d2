"""What is written to the terminal: progress, and lines that quote files."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable

from retold.escaping import escaped

_PATIENCE = 1.0  # seconds of silence that need no explanation
_WIDTH = 30


def progress_bar(label: str) -> Callable[[int, int], None]:
    """Return a function of (done, all) that draws a bar on standard error.

    It draws nothing in the first second, and nothing at all unless standard error is a terminal.
    """
    began = time.monotonic()
    quiet = not sys.stderr.isatty()
    drawn = False

    def draw(done: int, total: int) -> None:
        nonlocal drawn
        if quiet or (not drawn and time.monotonic() - began < _PATIENCE):
            return
        filled = _WIDTH * done // max(total, 1)
        end = "\n" if done == total else ""
        bar = f"{'#' * filled}{'.' * (_WIDTH - filled)}"
        print(f"\r{label} [{bar}] {done}/{total}", end=end, file=sys.stderr, flush=True)
        drawn = True

    return draw


def print_lines(lines: Iterable[str]) -> None:
    """Print lines that may quote a file: no character of theirs does anything to the terminal."""
    for line in lines:
        print(escaped(line))
