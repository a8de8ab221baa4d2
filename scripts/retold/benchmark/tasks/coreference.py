"""Task ``coreference``: which mentions there are, and which refer to the same.

Conventions:
    A prediction is a span with the name of its cluster. Gold is every mention of an entity: names, adjectives
    of nationality, nominals, pronouns; clusters of one mention count. Within articles, a cluster is an entity
    in one article; across articles, in all. Mentions match if they have the same extent. In head match they
    match if they have the same head: the last word before the first comma, preposition or relative pronoun
    that follows a first word. Values are neither hit nor miss; interview turns are out of the headline.

Metrics:
    Within-article CoNLL F1 (headline): the mean of the F1 of MUC, B³ and CEAF-e, each over the clusters of
    all articles together. The three, LEA, and F1 of mentions. All of it across articles, without clusters
    of one mention, and by head match. Intervals are approximate: a block that is drawn twice stands there
    twice.

References:
    Pradhan et al., *Scoring Coreference Partitions of Predicted Mentions*, ACL 2014. Moosavi and Strube,
    *Which Coreference Evaluation Metric Do You Trust?*, ACL 2016. ``measures.coreference`` has the
    formulas.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from retold.benchmark.gold import Gold
from retold.benchmark.options import Options
from retold.benchmark.outcome import MISSED, SPURIOUS, WRONG, Metric, Mistake, Outcome
from retold.benchmark.predictions import SpanReader
from retold.benchmark.statistics import Floats, Weighted, f1_two_ways
from retold.benchmark.tallies import exact_counts, f1_metric
from retold.benchmark.units import Units
from retold.measures.contingency import Contingency
from retold.records import Span

NAME = "coreference"
VERSION = 1
MEASURES = ("muc", "b_cubed", "ceaf_e", "lea")
TITLES = {"muc": "MUC", "b_cubed": "B³", "ceaf_e": "CEAF-e", "lea": "LEA"}
CONLL = MEASURES[:3]

_END_OF_HEAD = re.compile(
    r",|\s(?:of|in|on|at|for|from|to|with|by|about|over|under|between|among|who|whom|whose|which|that)\b"
)

Extent = tuple[str, int, int]
Clusters = dict[Extent, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PredictedMention:
    """A span with its cluster."""

    span: Span
    cluster: str


@dataclass(frozen=True)
class Sides:
    """The cluster of each mention, as found and as expected, with the unit of each mention."""

    found: Clusters
    expected: Clusters
    unit_of: dict[Extent, int]
    units: int

    def across(self) -> Sides:
        """Return the same with clusters that reach over articles."""
        return self._with(
            *({m: ("", c) for m, (_, c) in side.items()} for side in (self.found, self.expected))
        )

    def without_singletons(self) -> Sides:
        """Return the same without clusters of one mention."""
        return self._with(*(_repeated(side) for side in (self.found, self.expected)))

    def _with(self, found: Clusters, expected: Clusters) -> Sides:
        return Sides(found, expected, self.unit_of, self.units)


def parse(record: dict[str, Any], reader: SpanReader) -> list[PredictedMention]:
    """Read the mentions of one article.

    Raises:
        PredictionError: A span is not one of the text.
    """
    items = record["mentions"]
    spans = reader.flat(items)
    return [PredictedMention(span, item["cluster"]) for span, item in zip(spans, items, strict=True)]


def evaluate(gold: Gold, predicted: Mapping[str, Sequence[PredictedMention]], _options: Options) -> Outcome:
    """Score the clusters of all articles in ``gold``.

    Raises:
        MissingExtraError: SciPy is not installed.
    """
    sides = _sides(gold, predicted, Units(gold))
    heads = _by_head(sides, gold)
    turns = _sides(gold, predicted, Units(gold, "only"))
    measures = _measures("within articles", sides)
    return Outcome(
        headline=_conll("within articles", sides),
        details=tuple(measures[:3]),
        full=(
            *measures[3:],
            _mentions(sides),
            *_all("within articles, no singletons", sides.without_singletons()),
            *_all("within articles, head match", heads),
            *_all("across articles", sides.across()),
            *_all("across articles, no singletons", sides.across().without_singletons()),
            *(_all("slice: interview turns", turns) if turns.expected else ()),
        ),
        mistakes=tuple(sorted(_mistakes(gold, sides))),
        settings={"match": "exact", "singletons": "in", "turns": "out"},
    )


def _all(part: str, sides: Sides) -> list[Metric]:
    return [_conll(part, sides), *_measures(part, sides)]


def _conll(part: str, sides: Sides) -> Metric:
    counts = _contingency(sides)

    def values(weights: Floats) -> Floats:
        scores = np.array([f1_two_ways(getattr(counts, name)(weights)) for name in CONLL])
        mean: Floats = np.nan_to_num(scores).mean(axis=0)
        return np.where(np.isnan(scores).all(axis=0), np.nan, mean)  # there are no mentions

    return Metric(
        part, "CoNLL F1", Weighted(sides.units, values), float(len(sides.found)), float(len(sides.expected))
    )


def _measures(part: str, sides: Sides) -> list[Metric]:
    counts = _contingency(sides)
    return [_metric(part, name, counts, sides) for name in MEASURES]


def _metric(part: str, name: str, counts: Contingency, sides: Sides) -> Metric:
    sums = getattr(counts, name)
    right, found, recalled, expected = sums(np.ones((1, sides.units)))[0]
    return Metric(
        part,
        TITLES[name],
        Weighted(sides.units, lambda weights: f1_two_ways(sums(weights))),
        float(len(sides.found)),
        float(len(sides.expected)),
        float(right / found) if found else None,
        float(recalled / expected) if expected else None,
    )


def _mentions(sides: Sides) -> Metric:
    found: list[list[Extent]] = [[] for _ in range(sides.units)]
    expected: list[list[Extent]] = [[] for _ in range(sides.units)]
    for side, listed in ((sides.found, found), (sides.expected, expected)):
        for mention in side:
            listed[sides.unit_of[mention]].append(mention)
    return f1_metric("mentions", exact_counts(found, expected), "F1, exact")


def _contingency(sides: Sides) -> Contingency:
    return Contingency(sides.found, sides.expected, sides.unit_of, sides.units)  # type: ignore[arg-type]


def _sides(gold: Gold, predicted: Mapping[str, Sequence[PredictedMention]], units: Units) -> Sides:
    expected: Clusters = {}
    found: Clusters = {}
    unit_of: dict[Extent, int] = {}
    for name, article in gold.articles.items():
        ignored = {_extent(name, m.span) for m in article.mentions if m.entity is None}
        for mention in article.mentions:
            unit = units.at(name, mention.span.start)
            if mention.entity is not None and unit is not None:
                unit_of[_extent(name, mention.span)] = unit
                expected[_extent(name, mention.span)] = (name, mention.entity)
        for number, guess in enumerate(sorted(predicted.get(name, ()), key=lambda guess: guess.cluster)):
            at = guess.span.start
            unit = units.at(name, at)
            extent = _extent(name, guess.span) if at >= 0 else (name, -1 - number, 0)  # each its own
            if unit is not None and extent not in ignored and extent not in found:
                unit_of.setdefault(extent, unit)
                found[extent] = (name, guess.cluster)
    return Sides(found, expected, unit_of, units.size)


def _by_head(sides: Sides, gold: Gold) -> Sides:
    """Let mentions that are found with the head of an expected one stand for it; each only once."""
    free = {_head(mention, gold): mention for mention in sides.expected if mention not in sides.found}
    found: Clusters = {}
    for mention, cluster in sides.found.items():
        exact = mention in sides.expected
        found[mention if exact else free.pop(_head(mention, gold), mention)] = cluster
    return Sides(found, sides.expected, sides.unit_of, sides.units)


def _head(extent: Extent, gold: Gold) -> Extent:
    """Return the extent of the head word; a possessive ending is no part of it."""
    article, start, end = extent
    if start < 0:
        return extent
    text = gold.articles[article].text
    first = re.compile(r"\S+").match(text, start, end)
    stop = _END_OF_HEAD.search(text, first.end() if first else start, end)
    words = re.sub(r"['’]s?$", "", text[start : stop.start() if stop else end].rstrip())
    begin = max(words.rfind(" "), words.rfind("\n"), words.rfind("-")) + 1
    return article, start + begin, start + len(words)


def _repeated(side: Clusters) -> Clusters:
    sizes = Counter(side.values())
    return {mention: cluster for mention, cluster in side.items() if sizes[cluster] > 1}


def _mistakes(gold: Gold, sides: Sides) -> Iterator[Mistake]:
    """Yield missed and spurious mentions, and those that stand in a cluster mostly of another entity."""
    shared = Counter((sides.found[m], sides.expected[m]) for m in sides.found.keys() & sides.expected.keys())
    best: dict[tuple[str, str], tuple[str, str]] = {}
    for (cluster, entity), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        best.setdefault(cluster, entity)
    for mention, entity in sides.expected.items():
        if mention not in sides.found:
            yield _mistake(gold, mention, MISSED, entity[1])
        elif best[sides.found[mention]] != entity:
            cluster = sides.found[mention]
            other = f"{cluster[1]} (mostly {best[cluster][1]})"
            yield _mistake(gold, mention, WRONG, "cluster", entity[1], other)
    for mention, cluster in sides.found.items():
        if mention not in sides.expected:
            yield _mistake(gold, mention, SPURIOUS, cluster[1])


def _mistake(  # noqa: PLR0913, PLR0917 (each is a field)
    gold: Gold, mention: Extent, kind: str, label: str, expected: str | None = None, found: str | None = None
) -> Mistake:
    article, start, end = mention
    words = gold.articles[article].text[start:end] if start >= 0 else "(not in the text)"
    return Mistake(article, start, end, kind, label, words, expected, found)


def _extent(article: str, span: Span) -> Extent:
    return article, span.start, span.end
