"""Task ``checkability``: of which sentences evidence could decide whether they are true.

Conventions:
    The sentences are given (``retold inputs checkability``); a prediction is a sentence (by id, or by the
    words or offsets that share at least half of it, Dice) with a label, and a score for ``checkable``. A
    sentence that is left out is predicted to be nothing. ``other`` stands for ``vague`` or ``none`` from a
    tool that does not tell them apart, and is neither. Interview turns are out of the headline.

Metrics:
    F1 of ``checkable`` (headline), as in CLEF CheckThat!; macro-F1 of the three labels; average precision of
    ``checkable`` where every predicted sentence has a score (sentences without one come last; ties are one
    threshold).

References:
    Nakov et al., *Overview of the CLEF-2022 CheckThat! Lab Task 1*, 2022. Average precision: Buckley and
    Voorhees, *Evaluating evaluation measure stability*, SIGIR 2000, as scikit-learn computes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from retold.benchmark.gold import Gold
from retold.benchmark.options import Options
from retold.benchmark.outcome import MISSED, WRONG, Metric, Mistake, Outcome
from retold.benchmark.parts import PartReader
from retold.benchmark.predictions import SpanReader
from retold.benchmark.statistics import Floats, Weighted, ratio
from retold.benchmark.tallies import f1_metric, macro_f1_metric, sum_rows
from retold.benchmark.units import Units
from retold.records import Sentence, SentenceLabel

NAME = "checkability"
VERSION = 1
CHECKABLE = "checkable"


@dataclass(frozen=True, slots=True)
class PredictedLabel:
    """The label of a sentence; ``score`` is ``None`` where the tool gives none."""

    sentence: str
    label: str
    score: float | None


@dataclass(frozen=True, slots=True)
class _Judged:
    article: str
    sentence: Sentence
    unit: int
    expected: SentenceLabel
    found: PredictedLabel | None


def parse(record: dict[str, Any], reader: SpanReader) -> list[PredictedLabel]:
    """Read the labels of one article.

    Raises:
        PredictionError: A sentence is unknown or labelled twice, or a span is not one of the text.
    """
    sentences = [sentence for block in reader.article.blocks for sentence in block.sentences]
    extents = {sentence.id: (sentence.span.start, sentence.span.end) for sentence in sentences}
    items = record["sentences"]
    named = PartReader("sentence", extents, reader).names(items)
    return [
        PredictedLabel(name, item["label"], item.get("score"))
        for name, item in zip(named, items, strict=True)
        if name is not None
    ]


def evaluate(gold: Gold, predicted: Mapping[str, Sequence[PredictedLabel]], _options: Options) -> Outcome:
    """Score the labels of all articles in ``gold``."""
    units, turns = Units(gold), Units(gold, "only")
    judged, spoken = (list(_judged(gold, predicted, where)) for where in (units, turns))
    labels = macro_f1_metric("three labels", [_labels(one) for one in judged], units.size)
    details = [labels]
    if judged and all(one.found is None or one.found.score is not None for one in judged):
        details.append(_average_precision(judged, units.size))
    return Outcome(
        headline=_f1(CHECKABLE, CHECKABLE, judged, units.size),
        details=(*details, *(_f1(label, label, judged, units.size) for label in ("vague", "none"))),
        full=(_f1("slice: interview turns", CHECKABLE, spoken, turns.size),) if spoken else (),
        mistakes=tuple(sorted(_mistakes(judged))),
        settings={"class": CHECKABLE, "turns": "out"},
    )


def _judged(gold: Gold, predicted: Mapping[str, Sequence[PredictedLabel]], units: Units) -> Iterator[_Judged]:
    for name, article in gold.articles.items():
        found = {label.sentence: label for label in predicted.get(name, ())}
        expected = {label.sentence: label for label in article.sentence_labels}
        for block in article.blocks:
            unit = units.of_block(block.id)
            for sentence in block.sentences:
                if sentence.id in expected and unit is not None:
                    yield _Judged(name, sentence, unit, expected[sentence.id], found.get(sentence.id))


def _labels(one: _Judged) -> tuple[int, str | None, str | None]:
    found = one.found.label if one.found else None
    return one.unit, None if found == "other" else found, one.expected.checkability


def _f1(part: str, label: str, judged: Sequence[_Judged], units: int) -> Metric:
    rows = []
    for one in judged:
        unit, found, expected = _labels(one)
        rows.append((unit, found == expected == label, found == label, expected == label))
    return f1_metric(part, sum_rows(rows, units))


def _average_precision(judged: Sequence[_Judged], units: int) -> Metric:
    """Return the average precision of ``checkable`` over the sentences in the order of their scores."""
    scores = np.array([_score(one) for one in judged])
    order = np.argsort(-scores, kind="stable")
    unit = np.array([one.unit for one in judged])[order]
    right = np.array([one.expected.checkability == CHECKABLE for one in judged], dtype=np.float64)[order]
    last = np.append(scores[order][1:] != scores[order][:-1], True)  # of each run of equal scores

    def values(weights: Floats) -> Floats:
        drawn = weights[:, unit]
        hits, seen = (np.cumsum(part, axis=1)[:, last] for part in (drawn * right, drawn))
        gained = np.diff(hits, axis=1, prepend=0.0)
        precision = np.nan_to_num(ratio(hits, seen))
        return ratio((gained * precision).sum(axis=1), hits[:, -1])

    return Metric(CHECKABLE, "average precision", Weighted(units, values), expected=float(right.sum()))


def _score(one: _Judged) -> float:
    return -np.inf if one.found is None or one.found.score is None else one.found.score


def _mistakes(judged: Sequence[_Judged]) -> Iterator[Mistake]:
    for one in judged:
        _, found, expected = _labels(one)
        if found != expected:
            label = expected or ""
            kind = MISSED if one.found is None else WRONG
            yield Mistake.of(
                one.article,
                [one.sentence.span],
                kind,
                label,
                expected=expected,
                found=one.found.label if one.found else None,
                item=one.sentence.id,
            )
