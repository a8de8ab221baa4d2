"""Scores of the answers to all questions of a task, the same in every harness."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from retold.benchmark.gold import Gold
from retold.benchmark.prompting import parse
from retold.benchmark.resampling import Resampler
from retold.benchmark.scoring import PredictionError, Scorer
from retold.benchmark.tasks.claim_relations import CONTRADICTS
from retold.loading import VIEWS
from retold.measures import counts
from retold.measures.assignment import MissingExtraError

KEYS = {"quotes": "quotes", "entities": "mentions"}  # of the items, by task
LIBRARIES = ("rapidfuzz", "scipy")

Json = dict[str, Any]
Pair = Sequence[str | None]  # the label found and the one expected
Answers = Mapping[str, Json | None]  # lines of a prediction file by article, None if unparsable


def check_libraries() -> None:
    """Make sure that answers can be scored, before a model is asked.

    Raises:
        MissingExtraError: A library of the extra ``score`` is not installed.
    """
    for library in LIBRARIES:
        if importlib.util.find_spec(library) is None:
            raise MissingExtraError(f"scoring needs {library}: pip install 'retold[score]'")


class Judge:
    """Reads and scores the answers about whole articles; the gold is read once."""

    def __init__(self) -> None:
        """Prepare for the corpus that came with this package."""
        self._scorer = Scorer()

    def read(self, task: str, answer: str, article: str) -> Json | None:
        """Return the line of a prediction file that an answer gives, ``None`` if it is unparsable.

        What the scorer would refuse is unparsable too.
        """
        record = {"article": article, "text": self._scorer.gold().articles[article].text}
        line = parse(task, answer, record, self._scorer.schemas)
        try:
            self.headline(task, {article: line})
        except PredictionError:
            return None
        return line

    def headline(self, task: str, answers: Answers) -> float:
        """Return the headline score of a task; an unparsable answer has found nothing.

        Raises:
            PredictionError: A line is none that ``read`` gives.
            MissingExtraError: The extra ``score`` is not installed.
        """
        lines = [line or {"article": article, KEYS[task]: []} for article, line in answers.items()]
        value = _PartScorer(self._scorer.gold(), lines).score(task, lines).value
        return math.nan if value is None else value


class _PartScorer(Scorer):
    """Scores the articles that were asked about: a harness may be told to run only some.

    A type that the label set does not have is a wrong type here, and not refused as in a prediction file: a
    run that has cost its money is scored.
    """

    def __init__(self, whole: Gold, lines: Sequence[Json]) -> None:
        super().__init__(resampler=Resampler(resamples=1, few=1))  # harnesses report no interval
        found = {item["type"] for line in lines for item in line.get("mentions", ())}
        types = (*whole.entity_types, *sorted(found - set(whole.entity_types)))
        self._part = replace(whole.only([line["article"] for line in lines]), entity_types=types)

    def gold(self, view: str = VIEWS[0]) -> Gold:
        """Return the gold of those articles."""
        return self._part


def share(cases: Iterable[bool]) -> float:
    """Return the share of cases that hold."""
    listed = list(cases)
    return sum(listed) / len(listed) if listed else math.nan


def macro_f1(pairs: Iterable[Pair]) -> float:
    """Return the mean F1 of the labels, from pairs of the found one, ``None`` for none, and the expected one.

    As in the benchmark: a label that is neither expected nor found has no part in it, and ``contradicts``,
    of which there are too few, counts only where it is found wrongly.
    """
    value = counts.macro_f1([(found, expected) for found, expected in pairs], {None, CONTRADICTS})
    return math.nan if value is None else value


def label_f1(label: str, pairs: Iterable[Pair]) -> float:
    """Return the F1 of one label."""
    listed = list(pairs)
    found, expected = (sum(pair[side] == label for pair in listed) for side in (0, 1))
    hits = sum(pair[0] == pair[1] == label for pair in listed)
    value = counts.Score.of_hits(hits, found, expected).f1
    return math.nan if value is None else value
