"""Task ``topics``: what an article and each of its blocks is about, in IPTC Media Topics.

Conventions:
    The blocks are given (``retold inputs topics``): paragraphs and interview turns. A prediction is a set of
    topics for the article and for each block (by id, or by the words or offsets that share at least half of
    it, Dice); a topic is a code or an English label of the vocabulary; one that is neither is wrong. Blocks
    that are left out have no topics. Interview turns are out of the headline.

Metrics:
    Hierarchical micro-F1 over blocks (headline): each set is widened by the broader topics of its members,
    so a neighbour of the right topic is partly right. Set F1: the topics themselves. Both over articles as
    well (main and secondary topics as one set; resampled over articles, of which there are few), and F1 of
    the topmost topics.

References:
    Kiritchenko et al., *Learning and Evaluation in the Presence of Class Hierarchies*, 2006. Silla and
    Freitas, *A survey of hierarchical classification across different application domains*, 2011.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from retold.benchmark.gold import BODY_KINDS, Gold
from retold.benchmark.options import Options
from retold.benchmark.outcome import MISSED, SPURIOUS, Metric, Mistake, Outcome
from retold.benchmark.parts import PartReader
from retold.benchmark.predictions import SpanReader
from retold.benchmark.statistics import Floats
from retold.benchmark.tallies import f1_metric
from retold.benchmark.units import Units
from retold.records import Span
from retold.schemas import MediaTopic

NAME = "topics"
VERSION = 1
WHOLE = ""  # the name of the article's own set among those of its blocks

Topics = frozenset[str]
Widen = Callable[[Topics], Topics]


@dataclass(frozen=True, slots=True)
class _Judged:
    article: str
    start: int
    end: int
    unit: int
    found: Topics
    expected: Topics


class Hierarchy:
    """The topic vocabulary: codes, labels and broader topics."""

    def __init__(self, topics: Mapping[str, MediaTopic]) -> None:
        """Index the vocabulary."""
        self._topics = topics
        active = sorted(topics.values(), key=lambda topic: topic.retired is None)
        self._codes = {topic.label.casefold(): topic.code for topic in active}

    def codes(self, given: Sequence[str]) -> Topics:
        """Return the codes of topics given by code or label; what is neither stands for itself."""
        return frozenset(g if g in self._topics else self._codes.get(g.strip().casefold(), g) for g in given)

    def widened(self, codes: Topics) -> Topics:
        """Return topics with all broader ones."""
        return frozenset(step for code in codes for step in self._path(code))

    def tops(self, codes: Topics) -> Topics:
        """Return the topmost topics."""
        return frozenset(list(self._path(code))[-1] for code in codes)

    def label(self, code: str) -> str:
        """Return a code with its label."""
        return f"{self._topics[code].label} ({code})" if code in self._topics else code

    def _path(self, code: str) -> Iterator[str]:
        step: str | None = code
        seen: set[str] = set()
        while step is not None and step not in seen:
            yield step
            seen.add(step)
            step = self._topics[step].broader if step in self._topics else None


def parse(record: dict[str, Any], reader: SpanReader) -> list[tuple[str, list[str]]]:
    """Read the topics of one article: of its blocks by id, and its own by the name ``WHOLE``.

    Raises:
        PredictionError: A block is unknown or there twice, or a span is not one of the text.
    """
    extents = {block.id: (block.start, block.end) for block in reader.article.blocks}
    items = record["blocks"]
    named = PartReader("block", extents, reader).names(items)
    blocks = [(name, item["topics"]) for name, item in zip(named, items, strict=True) if name is not None]
    return [(WHOLE, record.get("topics", [])), *blocks]


def evaluate(
    gold: Gold, predicted: Mapping[str, Sequence[tuple[str, list[str]]]], _options: Options
) -> Outcome:
    """Score the topics of all articles in ``gold``."""
    hierarchy = Hierarchy(gold.topics)
    found = {
        (article, part): hierarchy.codes(topics)
        for article, parts in predicted.items()
        for part, topics in parts
    }
    units, turns = Units(gold), Units(gold, "only")
    blocks, spoken = (list(_blocks(gold, found, where)) for where in (units, turns))
    wholes = list(_wholes(gold, found))

    def f1(part: str, judged: Sequence[_Judged], size: int, widen: Widen, measure: str) -> Metric:
        return f1_metric(part, _counts(judged, size, widen), measure)

    size, articles = units.size, len(gold.articles)
    return Outcome(
        headline=f1("blocks", blocks, size, hierarchy.widened, "hierarchical F1"),
        details=(
            f1("blocks", blocks, size, _as_is, "set F1"),
            f1("articles", wholes, articles, hierarchy.widened, "hierarchical F1"),
            f1("articles", wholes, articles, _as_is, "set F1"),
        ),
        full=(
            f1("blocks, topmost topics", blocks, size, hierarchy.tops, "set F1"),
            f1("articles, topmost topics", wholes, articles, hierarchy.tops, "set F1"),
            *(
                [f1("slice: interview turns", spoken, turns.size, hierarchy.widened, "hierarchical F1")]
                if spoken
                else []
            ),
        ),
        mistakes=tuple(sorted(_mistakes(gold, blocks, hierarchy))),
        settings={"level": "block", "match": "hierarchical", "turns": "out"},
    )


def _as_is(codes: Topics) -> Topics:
    return codes


def _blocks(gold: Gold, found: Mapping[tuple[str, str], Topics], units: Units) -> Iterator[_Judged]:
    for name, article in gold.articles.items():
        expected = {entry.block: frozenset(entry.topics) for entry in article.block_topics}
        for block in article.blocks:
            unit = units.of_block(block.id)
            if block.kind in BODY_KINDS and unit is not None:
                theirs = found.get((name, block.id), frozenset())
                yield _Judged(name, block.start, block.end, unit, theirs, expected.get(block.id, frozenset()))


def _wholes(gold: Gold, found: Mapping[tuple[str, str], Topics]) -> Iterator[_Judged]:
    for unit, (name, article) in enumerate(gold.articles.items()):
        expected = frozenset(topic.topic for topic in (*article.main_topics, *article.secondary_topics))
        theirs = found.get((name, WHOLE), frozenset())
        yield _Judged(name, 0, len(article.text), unit, theirs, expected)


def _counts(judged: Sequence[_Judged], units: int, widen: Widen) -> Floats:
    counts = np.zeros((units, 3))
    for one in judged:
        found, expected = widen(one.found), widen(one.expected)
        counts[one.unit] += (len(found & expected), len(found), len(expected))
    return counts


def _mistakes(gold: Gold, judged: Sequence[_Judged], hierarchy: Hierarchy) -> Iterator[Mistake]:
    for one in judged:
        text = gold.articles[one.article].text
        block = [Span(one.start, one.end, text[one.start : one.end])]
        for code in one.expected - one.found:
            yield Mistake.of(one.article, block, MISSED, hierarchy.label(code))
        for code in one.found - one.expected:
            yield Mistake.of(one.article, block, SPURIOUS, hierarchy.label(code))
