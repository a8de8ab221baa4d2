"""What benchmarks share: the least time of some runs, and the environment of processes that they start."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def least(work: Callable[[], object], runs: int = 3) -> float:
    """Return the least process time of some runs, in seconds."""
    times = []
    for _ in range(runs):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def environment() -> dict[str, str]:
    """Return the environment for a process that imports the package from here.

    It keeps bytecode, whatever this one does, as an installed package has it.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(REPOSITORY / "scripts")}
