"""Task ``utterances``: which quotes, of all articles, tell the same remark, and how they render it.

Conventions:
    The quotes are given (``retold inputs utterances``); a prediction names, for a quote (by id, or by
    content that shares at least half, Dice), the remarks that it tells, by names that all articles share;
    none for a remark of its own. A quote that is left out is not found. Gold groups the core quotes by
    utterance; one that tells no utterance is a group of its own. Wide quotes and interview turns are out.

Metrics:
    Extended B³ F1 over quotes (headline; a quote may be in two groups). F1 of pairs of quotes that share a
    remark, which groups of one do not help; macro-F1 of the rendering of the quotes that tell one utterance.

References:
    Amigó et al., *A comparison of extrinsic clustering evaluation metrics*, 2009. Resampling of pairs:
    Owen, *The pigeonhole bootstrap*, 2007.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from retold.benchmark.gold import Gold
from retold.benchmark.grouping import b_cubed_metric, pair_metric
from retold.benchmark.options import CORE, Options
from retold.benchmark.outcome import MISSED, WRONG, Metric, Mistake, Outcome
from retold.benchmark.predictions import PredictionError, SpanReader
from retold.benchmark.tallies import f1_metric, macro_f1_metric, sum_rows
from retold.benchmark.units import Units
from retold.measures.spans import dice
from retold.records import Quote, Span

NAME = "utterances"
VERSION = 1
LEAST = 0.5


@dataclass(frozen=True, slots=True)
class PredictedTelling:
    """The remarks that a quote tells, by name, and how it renders them."""

    quote: str
    clusters: frozenset[str]
    rendering: str | None


def parse(record: dict[str, Any], reader: SpanReader) -> list[PredictedTelling]:
    """Read the quotes of one article.

    Raises:
        PredictionError: A quote is unknown or there twice, or a span is not one of the text.
    """
    quotes = {quote.id: quote for quote in reader.article.quotes}
    loose = reader.groups([(item["content"],) for item in record["quotes"] if "quote" not in item])
    tellings: dict[str, PredictedTelling] = {}
    for item in record["quotes"]:
        name = item["quote"] if "quote" in item else _nearest(next(loose)[0], quotes)
        if name is None:
            continue
        if name not in quotes or name in tellings:
            what = "is there twice" if name in tellings else f"is no quote of {reader.article.id}"
            raise PredictionError(f"line {reader.line.number}: {name} {what}")
        tellings[name] = PredictedTelling(name, frozenset(item["clusters"]), item.get("rendering"))
    return list(tellings.values())


def evaluate(gold: Gold, predicted: Mapping[str, Sequence[PredictedTelling]], _options: Options) -> Outcome:
    """Score the grouping of the quotes of all articles in ``gold``."""
    units = Units(gold)
    judged = dict(_judged(gold, units))
    unit_of = {quote.id: unit for quote, unit in judged.items()}
    told = {telling.quote: telling for tellings in predicted.values() for telling in tellings}
    found, expected = _groupings(judged, told)
    given = sum_rows([(unit, q.id in told, q.id in told, 1) for q, unit in judged.items()], units.size)
    single = [(unit, q) for q, unit in judged.items() if len(q.utterances) == 1]
    renderings = [
        (unit, told[q.id].rendering if q.id in told else None, q.utterances[0].rendering)
        for unit, q in single
    ]
    return Outcome(
        headline=b_cubed_metric("quotes", found, expected, unit_of, units.size),
        details=(
            pair_metric("quotes of one remark", found, expected, unit_of, units.size),
            macro_f1_metric("rendering", renderings, units.size),
            f1_metric("quotes that are judged", given),
        ),
        full=tuple(_turns(gold, told)),
        mistakes=tuple(sorted(_mistakes(gold, judged, told, found, expected))),
        settings={"scope": CORE, "measure": "B3", "turns": "out"},
    )


def _judged(gold: Gold, units: Units) -> Iterator[tuple[Quote, int]]:
    for name, article in gold.articles.items():
        for quote in article.quotes:
            unit = units.at(name, quote.content[0].start)
            if quote.scope == CORE and unit is not None:
                yield quote, unit


def _groupings(
    judged: Iterable[Quote], told: Mapping[str, PredictedTelling]
) -> tuple[dict[str, Set[str]], dict[str, Set[str]]]:
    """Return the groups of each quote, as found and as expected; one that is in none is alone."""
    quotes = list(judged)
    expected: dict[str, Set[str]] = {
        quote.id: {link.utterance for link in quote.utterances} or {_alone(quote.id)} for quote in quotes
    }
    found: dict[str, Set[str]] = {
        name: told[name].clusters or {_alone(name)} for name in expected if name in told
    }
    return found, expected


def _turns(gold: Gold, told: Mapping[str, PredictedTelling]) -> Iterator[Metric]:
    """Yield the headline's measure over the quotes in interview turns; one interview stands twice."""
    units = Units(gold, "only")
    judged = dict(_judged(gold, units))
    if judged:
        unit_of = {quote.id: unit for quote, unit in judged.items()}
        yield b_cubed_metric("slice: interview turns", *_groupings(judged, told), unit_of, units.size)


def _alone(quote: str) -> str:
    return f"alone {quote}"


def _nearest(content: Sequence[Span], quotes: Mapping[str, Quote]) -> str | None:
    scores = {name: dice(content, quote.content) for name, quote in quotes.items()}
    best = max(scores, key=lambda name: (scores[name], name), default=None)
    return best if best is not None and scores[best] >= LEAST else None


def _mistakes(
    gold: Gold,
    judged: Mapping[Quote, int],
    told: Mapping[str, PredictedTelling],
    found: Mapping[str, Set[str]],
    expected: Mapping[str, Set[str]],
) -> Iterator[Mistake]:
    """Yield the quotes that are not grouped with just the quotes that they belong with."""
    for quote in judged:
        article = gold.quotes[quote.id][0].id
        if quote.id not in told:
            yield Mistake.of(article, quote.content, MISSED, "quote", item=quote.id)
            continue
        ours, theirs = (
            sorted(
                q.id for q in judged if side.get(quote.id, set()) & side.get(q.id, set()) and q is not quote
            )
            for side in (expected, found)
        )
        if ours != theirs:
            said = [", ".join(side) or "alone" for side in (ours, theirs)]
            yield Mistake.of(
                article, quote.content, WRONG, "group", expected=said[0], found=said[1], item=quote.id
            )
