"""What a task makes of predictions: scores that can be resampled, and a list of mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retold.benchmark.statistics import Statistic
from retold.records import Span

MISSED, SPURIOUS, WRONG = "missed", "spurious", "wrong"


@dataclass(frozen=True)
class Metric:
    """A score of some part of a task.

    Attributes:
        part: What is scored.
        measure: How, such as ``F1``.
        statistic: The score itself.
        found: How many items were predicted, ``None`` where that says nothing.
        expected: How many the gold has.
        precision: Precision, where the score is an F1 that has one.
        recall: Recall, likewise.
    """

    part: str
    measure: str
    statistic: Statistic
    found: float | None = None
    expected: float | None = None
    precision: float | None = None
    recall: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What the score is of."""
        return self.part, self.measure


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """A difference between gold and predictions in the headline's slice.

    ``kind`` is ``missed``, ``spurious`` or ``wrong`` (found, with a wrong label); ``label`` says what is
    missed, or which label is wrong. Offsets are code points into the article's text; ``start`` is negative
    for words that the text does not have. A pair of claims stands with its ids in ``item``.
    """

    article: str
    start: int
    end: int
    kind: str
    label: str
    text: str
    expected: str | None = None
    found: str | None = None
    item: str | None = None

    @classmethod
    def of(  # noqa: PLR0913 (each is a field)
        cls,
        article: str,
        spans: Sequence[Span],
        kind: str,
        label: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        item: str | None = None,
    ) -> Mistake:
        """Return a mistake about the words of some spans."""
        text = said(spans)
        return cls(article, spans[0].start, spans[-1].end, kind, label, text, expected, found, item)


@dataclass(frozen=True)
class Outcome:
    """The scores of a task.

    Attributes:
        headline: The one score to report.
        details: Three scores that explain it best.
        full: All other scores.
        mistakes: In text order.
        settings: What the scores depend on, for the signature, in its order.
    """

    headline: Metric
    details: tuple[Metric, ...]
    full: tuple[Metric, ...]
    mistakes: tuple[Mistake, ...]
    settings: dict[str, str]

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All scores, the headline first."""
        return (self.headline, *self.details, *self.full)


def said(spans: Sequence[Span]) -> str:
    """Return the words of spans as one string."""
    return " … ".join(span.text for span in spans)
