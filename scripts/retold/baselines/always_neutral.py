"""Baseline ``always-neutral``: the floor of claim relations, every pair neutral."""

from __future__ import annotations

from collections.abc import Iterator

from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each pair with the relation ``neutral``."""
    for record in inputs(task, gold):
        yield {"a": record["a"], "b": record["b"], "relation": "neutral"}
