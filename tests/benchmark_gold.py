"""Predictions made from the gold, and small changes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpora import REPOSITORY
from retold.agreement.passes import GOLD, read_pass
from retold.benchmark.ceiling import PassSystem
from retold.benchmark.gold import Gold
from retold.layout import Layout

Json = dict[str, Any]


def gold_lines(task: str, gold: Gold, root: Path = REPOSITORY) -> list[Json]:
    """The predictions of a system that is always right."""
    own = read_pass(Layout(root), GOLD)
    return list(PassSystem(own, own, gold).predict(task))


def without_offsets(lines: list[Json]) -> list[Json]:
    """The same with words alone, as a language model gives them."""

    def words(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {k: words(v) for k, v in value.items() if k not in ("start", "end", "article_sha256")}
            return kept["text"] if kept.keys() == {"text"} else kept
        return [words(item) for item in value] if isinstance(value, list) else value

    return [words(line) for line in lines]
