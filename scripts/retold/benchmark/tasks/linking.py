"""Task ``linking``: which Wikidata item a name refers to.

Conventions:
    The names are given (``retold inputs linking``); a prediction is a span with an item, ``null`` where
    Wikidata has none. It counts for the name that has just its extent; two different items for one name are
    wrong. A capital or building that stands for a country is right as the capital (the literal reading).
    Interview turns are out of the headline.

Metrics:
    Entity-macro accuracy (headline): the mean over entities of the share of their names that are linked
    right, so that a name that stands a hundred times counts no more than one that stands once. Accuracy
    over names; over names that Wikidata has no item for; InKB F1 (Wikidata items end to end: a link is
    right if a name has its extent and item; predictions on adjectives, nominals and pronouns are neither
    hit nor miss); accuracy of metonymic names in the literal and in the metonymic reading.

References:
    Röder, Usbeck and Ngonga Ngomo, *GERBIL*, Semantic Web 2018 (InKB, NIL). Shen, Wang and Han, *Entity
    Linking with a Knowledge Base*, TKDE 2015.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from retold.benchmark.gold import Gold
from retold.benchmark.options import Options
from retold.benchmark.outcome import MISSED, SPURIOUS, WRONG, Metric, Mistake, Outcome
from retold.benchmark.predictions import SpanReader
from retold.benchmark.statistics import Counted, macro_accuracy
from retold.benchmark.tallies import accuracy_metric, f1_metric, sum_rows
from retold.benchmark.units import Units
from retold.records import Mention, Span

NAME = "linking"
VERSION = 1
FORM = "name"
NIL = "NIL"

Extent = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class PredictedLink:
    """A span with its item, ``None`` for one that Wikidata does not have."""

    span: Span
    wikidata: str | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """A name of the gold; ``found`` is ``None`` where nothing or two different things were said."""

    article: str
    mention: Mention
    unit: int
    item: str
    metonymic: str | None
    found: str | None


def parse(record: dict[str, Any], reader: SpanReader) -> list[PredictedLink]:
    """Read the links of one article.

    Raises:
        PredictionError: A span is not one of the text.
    """
    items = record["mentions"]
    spans = reader.flat(items)
    return [PredictedLink(span, item["wikidata"]) for span, item in zip(spans, items, strict=True)]


def evaluate(gold: Gold, predicted: Mapping[str, Sequence[PredictedLink]], _options: Options) -> Outcome:
    """Score the links of all articles in ``gold``."""
    found = _said(predicted)
    units = Units(gold)
    judged = list(_judged(gold, found, units))
    right = [(name.unit, name.found == name.item) for name in judged]
    without = [(name.unit, name.found == NIL) for name in judged if name.item == NIL]
    return Outcome(
        headline=_macro(judged, units.size),
        details=(
            accuracy_metric("names", right, units.size),
            accuracy_metric("names without an item", without, units.size),
            _end_to_end(gold, predicted, judged, units),
        ),
        full=tuple(_readings(gold, found, judged, units)),
        mistakes=tuple(sorted(_mistakes(gold, predicted, judged, units))),
        settings={"names": "given", "reading": "literal", "turns": "out"},
    )


def _said(predicted: Mapping[str, Sequence[PredictedLink]]) -> dict[Extent, str | None]:
    """Return what was said of each extent; ``None`` where two things were."""
    said: dict[Extent, str | None] = {}
    for article, links in predicted.items():
        for link in links:
            extent, item = (article, link.span.start, link.span.end), link.wikidata or NIL
            said[extent] = item if said.get(extent, item) == item else None
    return said


def _judged(gold: Gold, found: Mapping[Extent, str | None], units: Units) -> Iterator[_Judged]:
    for name, article in gold.articles.items():
        for mention in article.mentions:
            unit = units.at(name, mention.span.start)
            if mention.form == FORM and mention.entity is not None and unit is not None:
                extent = name, mention.span.start, mention.span.end
                metonymic = _item(gold, mention.metonym_of) if mention.metonym_of else None
                item = _item(gold, mention.entity)
                yield _Judged(name, mention, unit, item, metonymic, found.get(extent))


def _item(gold: Gold, entity: str) -> str:
    return gold.entities[entity].wikidata or NIL


def _macro(judged: Sequence[_Judged], units: int) -> Metric:
    entities = {name: n for n, name in enumerate(dict.fromkeys(j.mention.entity for j in judged))}
    counts = np.zeros((units, 2 * len(entities)))
    for name in judged:
        column = 2 * entities[name.mention.entity]
        counts[name.unit, column : column + 2] += (name.found == name.item, 1)
    statistic = Counted(counts, macro_accuracy(len(entities)), approximate=True)
    return Metric("names", "entity-macro accuracy", statistic, expected=float(len(entities)))


def _end_to_end(
    gold: Gold, predicted: Mapping[str, Sequence[PredictedLink]], judged: Sequence[_Judged], units: Units
) -> Metric:
    rows: list[tuple[int | None, float, float, float]] = []
    rows += [
        (name.unit, name.found == name.item, name.found not in (None, NIL), 1)
        for name in judged
        if name.item != NIL
    ]
    rows += [(n.unit, 0, 1, 0) for n in judged if n.item == NIL and n.found not in (None, NIL)]
    rows += [(units.at(a, s.start), 0, 1, 0) for a, s in _elsewhere(gold, predicted)]
    return f1_metric("Wikidata items, end to end", sum_rows(rows, units.size), "InKB F1")


def _elsewhere(gold: Gold, predicted: Mapping[str, Sequence[PredictedLink]]) -> Iterator[tuple[str, Span]]:
    """Yield the items that are said of what is no mention, or of a name again or beside another item."""
    said = _said(predicted)
    for name, links in predicted.items():
        seen: set[tuple[int, int]] = set()
        others = {(m.span.start, m.span.end) for m in gold.articles[name].mentions if m.form != FORM}
        names = {(m.span.start, m.span.end) for m in gold.articles[name].mentions if m.form == FORM}
        for link in links:
            extent = link.span.start, link.span.end
            first = extent not in seen
            seen.add(extent)
            agreed = said[name, *extent] is not None or extent in others
            if link.wikidata and not (first and agreed and extent in names | others):
                yield name, link.span


def _readings(
    gold: Gold, found: Mapping[Extent, str | None], judged: Sequence[_Judged], units: Units
) -> Iterator[Metric]:
    metonyms = [name for name in judged if name.metonymic is not None]
    for reading in ("literal", "metonymic"):
        right = [(n.unit, n.found == (n.item if reading == "literal" else n.metonymic)) for n in metonyms]
        yield accuracy_metric(f"metonymic names, {reading} reading", right, units.size)
    turns = Units(gold, "only")
    spoken = list(_judged(gold, found, turns))
    if spoken:
        right = [(name.unit, name.found == name.item) for name in spoken]
        yield accuracy_metric("slice: interview turns", right, turns.size)


def _mistakes(
    gold: Gold, predicted: Mapping[str, Sequence[PredictedLink]], judged: Sequence[_Judged], units: Units
) -> Iterator[Mistake]:
    for name in judged:
        span = [name.mention.span]
        if name.found is None:
            yield Mistake.of(name.article, span, MISSED, name.item, item=name.mention.id)
        elif name.found != name.item:
            yield Mistake.of(
                name.article, span, WRONG, "item", expected=name.item, found=name.found, item=name.mention.id
            )
    for article, place in _elsewhere(gold, predicted):
        if units.at(article, place.start) is not None:
            yield Mistake.of(article, [place], SPURIOUS, "link")
