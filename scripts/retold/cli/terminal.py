"""Progress on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

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
