"""Baseline ``story-prior``: the most frequent topics of the other articles, whatever the text says.

All articles tell one story, so this is how far knowing the story brings. Each unit gets as many topics as
such a unit of the other articles has on average.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from retold.baselines.pieces import head
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs
from retold.records import Article


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's topics and those of its blocks, learned from the labels of the other articles.

    Raises:
        ValueError: There is no other article to learn from.
    """
    for record in inputs(task, gold):
        others = gold.others(record["article"])
        if not others:
            raise ValueError("story-prior learns from the other articles, and there are none")
        block_topics = _frequent([part.topics for article in others for part in article.block_topics])
        blocks = [{"block": block["block"], "topics": block_topics} for block in record["blocks"]]
        yield head(record) | {"topics": _frequent([_topics(article) for article in others]), "blocks": blocks}


def _topics(article: Article) -> list[str]:
    return [ranked.topic for ranked in (*article.main_topics, *article.secondary_topics)]


def _frequent(units: Sequence[Sequence[str]]) -> list[str]:
    """Return the topics of the most units, as many as a unit has on average; of equals the lower code."""
    counts = Counter(topic for unit in units for topic in unit)
    number = round(counts.total() / len(units)) if units else 0
    return sorted(counts, key=lambda code: (-counts[code], code))[:number]
