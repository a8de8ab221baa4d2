"""Where ``retold build`` spends its time: process time by stage, each without those that it calls.

    .venv/bin/python tests/benchmarks/stages.py ROOT OUT

``STAGES`` names the functions of each stage as their callers see them; whatever is in none of them counts as
``other``. Prints seconds by stage as JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import json
import sys
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

STAGES: dict[str, tuple[str, ...]] = {
    "read": ("retold.validation:Validation._read",),
    "parse": ("retold.checks.files:parse_json",),
    "schema": ("retold.schemas:Schemas.errors",),
    "checks, records": ("retold.gate:Gate.run", "retold.validation:Validation.conclude"),
    "facts": ("retold.checks.facts:Facts.add", "retold.checks.facts:Facts.join"),
    "columns": ("retold.shard_compiler:article_columns",),
    "clean view": ("retold.shard_compiler:dropped_rows",),
    "arrow tables": ("retold.shard_compiler:columns_table",),
    "counts": ("retold.sink:count_labels", "retold.sink:count_view"),
    "digest": ("retold.parquet:RowDigest.update",),
    "write": ("retold.parquet:TableWriter.write", "retold.parquet:TableWriter.close"),
    "pairs, registries": ("retold.corpus_tables:CorpusTables.write",),
    "manifest, card": (
        "retold.compiler:make_manifest",
        "retold.compiler:make_croissant",
        "retold.compiler:write_croissant",
        "retold.cli.build:publish",
    ),
}


class Clock:
    """Adds up process time by stage; what a stage calls of another one counts there alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running = ["other"]
        self._since = time.process_time()

    def switch(self) -> None:
        """Book the time since the last switch to what is running."""
        now = time.process_time()
        running = self._running[-1]
        self.seconds[running] = self.seconds.get(running, 0.0) + now - self._since
        self._since = now

    def enter(self, stage: str) -> None:
        """Begin a stage."""
        self.switch()
        self._running.append(stage)

    def leave(self) -> None:
        """Go back to the stage that was running before."""
        self.switch()
        self._running.pop()

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function (or generator function) whose time counts for the stage."""

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            self.enter(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self.leave()

        @wraps(function)
        def generate(*args: Any, **kwargs: Any) -> Any:
            items = function(*args, **kwargs)
            while True:
                self.enter(stage)
                try:
                    item = next(items, self)
                finally:
                    self.leave()
                if item is self:
                    return
                yield item

        return generate if inspect.isgeneratorfunction(function) else call


def install(clock: Clock) -> None:
    """Put the clock around every function of ``STAGES``."""
    for stage, places in STAGES.items():
        for place in places:
            module, _, name = place.partition(":")
            *owners, last = name.split(".")
            owner: Any = importlib.import_module(module)
            for step in owners:
                owner = getattr(owner, step)
            setattr(owner, last, clock.timed(stage, getattr(owner, last)))


def main() -> int:
    """Build what the command line names, with the clock running."""
    root, out = sys.argv[1:]
    from retold.cli import main as retold  # noqa: PLC0415 (its import is a stage)

    importlib.import_module("retold.cli.build")
    seconds = {"start, imports": time.process_time()}
    clock = Clock()
    install(clock)
    with contextlib.redirect_stdout(io.StringIO()):
        code = retold(["build", "--root", root, "--out", out, "--jobs", "1"])
    clock.switch()
    print(json.dumps(seconds | {stage: clock.seconds.get(stage, 0.0) for stage in (*STAGES, "other")}))
    return code


if __name__ == "__main__":
    sys.exit(main())
