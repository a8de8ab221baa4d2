"""Task ``entities``: names and values with their types.

Conventions:
    A prediction is a span with a type of the label set. Gold is every name, adjective of nationality and
    value; pronouns and nominals, and what a label set has no type for, are neither hit nor miss where a
    prediction has just their extent. Spans may nest and overlap. A type of ``also`` is as right as the type
    itself. Label sets: ``ontonotes18``; ``conll4`` (PER, ORG, LOC, MISC; Tjong Kim Sang and De Meulder 2003);
    ``uner3`` (PER, ORG, LOC; Mayhew et al. 2024). Interview turns are out of the headline.

Metrics:
    Strict micro-F1 (headline): same extent, same type; a mention is found once. Exact, partial and type F1 as
    SemEval-2013 task 9 defines them (``measures.semeval``). Strict F1 by type and form.

References:
    Segura-Bedmar et al., *SemEval-2013 Task 9*, 2013. Pradhan et al., *Towards Robust Linguistic Analysis
    using OntoNotes*, CoNLL 2013.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from retold.benchmark.conventions import name_in
from retold.benchmark.gold import Gold
from retold.benchmark.options import ONTONOTES18, Options
from retold.benchmark.outcome import MISSED, SPURIOUS, WRONG, Metric, Mistake, Outcome
from retold.benchmark.predictions import PredictionError, SpanReader
from retold.benchmark.statistics import Floats
from retold.benchmark.tallies import exact_counts, f1_metric
from retold.benchmark.units import Units
from retold.measures.semeval import SCHEMES, Labelled, credit, match
from retold.records import Mention, Span
from retold.tokens import TAGGED_FORMS

NAME = "entities"
VERSION = 1

_LOCATIONS = dict.fromkeys(("GPE", "LOC", "FAC"), "LOC")
_PEOPLE = {"PERSON": "PER", "ORG": "ORG", **_LOCATIONS}
_MISC = dict.fromkeys(("NORP", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART", "LANGUAGE"), "MISC")
LABEL_SETS: Mapping[str, Mapping[str, str] | None] = {
    ONTONOTES18: None,
    "conll4": _PEOPLE | _MISC,
    "uner3": _PEOPLE,
}

Key = tuple[str, int, int, str]  # article, start, end, type
Extent = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class PredictedMention:
    """A span with a type."""

    span: Span
    type: str


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A mention of the gold; ``types`` are those that are right, none where it is neither hit nor miss."""

    span: Span
    types: tuple[str, ...]
    form: str
    id: str


def parse(record: dict[str, Any], reader: SpanReader) -> list[PredictedMention]:
    """Read the mentions of one article.

    Raises:
        PredictionError: A span is not one of the text.
    """
    items = record["mentions"]
    return [
        PredictedMention(span, item["type"]) for span, item in zip(reader.flat(items), items, strict=True)
    ]


def evaluate(gold: Gold, predicted: Mapping[str, Sequence[PredictedMention]], options: Options) -> Outcome:
    """Score the mentions of all articles in ``gold``.

    Raises:
        PredictionError: A type is not one of the label set.
    """
    _check_types(gold, predicted, options.labels)
    scorer = _Scorer(gold, predicted, options, Units(gold))
    strict = f1_metric("names and values", scorer.strict(), "F1, strict")
    semeval = [f1_metric("names and values", scorer.scheme(name), f"F1, {name}") for name in SCHEMES[1:]]
    turns = _Scorer(gold, predicted, options, Units(gold, "only"))
    return Outcome(
        headline=strict,
        details=tuple(semeval),
        full=(*scorer.parts(), *_turns(turns)),
        mistakes=tuple(sorted(scorer.mistakes())),
        settings={"spans": "strict", "labels": options.labels, "turns": "out"},
    )


def _turns(scorer: _Scorer) -> Iterator[Metric]:
    counts = scorer.strict()
    if counts[:, 2].any():
        yield f1_metric("slice: interview turns", counts, "F1, strict")


class _Scorer:
    """Gold and predictions of one slice, by article."""

    def __init__(
        self, gold: Gold, predicted: Mapping[str, Sequence[PredictedMention]], options: Options, units: Units
    ) -> None:
        self._units = units
        self._types = LABEL_SETS[options.labels]
        self._gold: dict[str, list[GoldMention]] = {}
        self._found: dict[str, list[PredictedMention]] = {}
        for name, article in gold.articles.items():
            ours = [self._gold_mention(m, article.text, options) for m in article.mentions]
            ours = [mention for mention in ours if units.at(name, mention.span.start) is not None]
            theirs = [
                PredictedMention(name_in(options.convention, article.text, m.span), m.type)
                for m in predicted.get(name, ())
                if units.at(name, m.span.start) is not None
            ]
            self._gold[name] = [mention for mention in ours if mention.types]
            self._found[name] = _heard(ours, sorted(theirs, key=repr))
        self._matched = {
            name: match(_labelled(self._gold[name]), _labelled(self._found[name])) for name in self._gold
        }

    def strict(
        self, keep: Callable[[GoldMention], bool] = lambda _: True, types: Sequence[str] | None = None
    ) -> Floats:
        """Return hits, found and expected by unit of what has the same extent and type.

        With ``keep``, of gold mentions that it keeps, and of predictions that have one of ``types`` and do
        not match other gold.
        """
        expected: list[list[Key]] = [[] for _ in range(self._units.size)]
        found: list[list[Key]] = [[] for _ in range(self._units.size)]
        for name, mentions in self._gold.items():
            right = {(*_extent(name, m.span), label): m for m in mentions for label in m.types}
            for mention in filter(keep, mentions):
                expected[self._at(name, mention.span)].append(
                    (*_extent(name, mention.span), mention.types[0])
                )
            for guess in self._found[name]:
                of = right.get((*_extent(name, guess.span), guess.type))
                label = guess.type if of is None else of.types[0]
                if (types is None or label in types) if of is None else keep(of):
                    found[self._at(name, guess.span)].append((*_extent(name, guess.span), label))
        return exact_counts(found, expected)

    def scheme(self, name: str) -> Floats:
        """Return hits, found and expected by unit as SemEval-2013 counts them."""
        counts = np.zeros((self._units.size, 3))
        for article, mentions in self._gold.items():
            for mention in mentions:
                counts[self._at(article, mention.span)] += (0, 0, 1)
            matched = {j: mentions[i] for i, j in self._matched[article]}
            for j, guess in enumerate(self._found[article]):
                hit = credit(name, *_labelled([matched[j]]), *_labelled([guess])) if j in matched else 0.0
                at = matched[j].span if j in matched else guess.span
                counts[self._at(article, at)] += (hit, 1, 0)
        return counts

    def parts(self) -> Iterator[Metric]:
        """Yield strict F1 by type, and recall by form as an F1 against what matches nothing else."""
        labels = sorted({m.types[0] for mentions in self._gold.values() for m in mentions})
        for label in labels:
            counts = self.strict(lambda m, label=label: m.types[0] == label, (label,))  # type: ignore[misc]
            yield f1_metric(f"type {label}", counts, "F1, strict")
        for form in ("name", "adjective", "value"):
            types = {m.types[0] for ms in self._gold.values() for m in ms if m.form == form}
            counts = self.strict(lambda m, form=form: m.form == form, sorted(types))  # type: ignore[misc]
            yield f1_metric(f"form {form}", counts, "F1, strict")

    def mistakes(self) -> Iterator[Mistake]:
        """Yield what is missed, spurious, or wrong in its type or extent."""
        for article, mentions in self._gold.items():
            guesses = self._found[article]
            pairs = self._matched[article]
            for i in sorted(set(range(len(mentions))) - {i for i, _ in pairs}):
                mention = mentions[i]
                yield Mistake.of(article, [mention.span], MISSED, mention.types[0], item=mention.id)
            for j in sorted(set(range(len(guesses))) - {j for _, j in pairs}):
                yield Mistake.of(article, [guesses[j].span], SPURIOUS, guesses[j].type)
            for mention, guess in ((mentions[i], guesses[j]) for i, j in pairs):
                yield from _wrong(article, mention, guess)

    def _gold_mention(self, mention: Mention, text: str, options: Options) -> GoldMention:
        labels = (mention.type, *mention.also) if mention.form in TAGGED_FORMS else ()
        if self._types is not None:
            labels = tuple(dict.fromkeys(self._types[label] for label in labels if label in self._types))
        span = (
            name_in(options.convention, text, mention.span) if mention.form in TAGGED_FORMS else mention.span
        )
        return GoldMention(span, labels, mention.form, mention.id)

    def _at(self, article: str, span: Span) -> int:
        return self._units.at(article, span.start) or 0


def _check_types(gold: Gold, predicted: Mapping[str, Sequence[PredictedMention]], labels: str) -> None:
    types = LABEL_SETS[labels]
    known = set(types.values()) if types is not None else set(gold.entity_types)
    for name, mentions in predicted.items():
        for mention in mentions:
            if mention.type not in known:
                raise PredictionError(
                    f"{name}: the type {mention.type!r} is not one of the label set {labels} "
                    f"({', '.join(sorted(known))}). Rename it, or choose another with --labels"
                )


def _heard(ours: Sequence[GoldMention], theirs: Sequence[PredictedMention]) -> list[PredictedMention]:
    """Leave out predictions on just the extent of gold that is neither hit nor miss, once each."""
    judged = {(m.span.start, m.span.end) for m in ours if m.types}
    ignored = {(m.span.start, m.span.end) for m in ours if not m.types} - judged
    heard = []
    for guess in theirs:
        extent = guess.span.start, guess.span.end
        if extent in ignored:
            ignored.discard(extent)
        else:
            heard.append(guess)
    return heard


def _labelled(mentions: Sequence[GoldMention] | Sequence[PredictedMention]) -> list[Labelled]:
    return [Labelled(m.span.start, m.span.end, _types(m)) for m in mentions]


def _types(mention: GoldMention | PredictedMention) -> tuple[str, ...]:
    return mention.types if isinstance(mention, GoldMention) else (mention.type,)


def _wrong(article: str, mention: GoldMention, guess: PredictedMention) -> Iterator[Mistake]:
    span, item = [mention.span], mention.id
    if (mention.span.start, mention.span.end) != (guess.span.start, guess.span.end):
        yield Mistake.of(
            article, span, WRONG, "extent", expected=mention.span.text, found=guess.span.text, item=item
        )
    if guess.type not in mention.types:
        yield Mistake.of(article, span, WRONG, "type", expected=mention.types[0], found=guess.type, item=item)


def _extent(article: str, span: Span) -> Extent:
    return article, span.start, span.end
