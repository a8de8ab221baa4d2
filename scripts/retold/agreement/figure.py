"""One figure of agreement, and how the usual ones are made."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from retold.measures.alpha import krippendorff_alpha
from retold.measures.counts import Score
from retold.measures.kappa import cohen_kappa

Labels = Sequence[tuple[Hashable, Hashable]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of some part of a layer; ``value`` is ``None`` where it is not defined.

    ``n`` counts what was judged: matched items for labels, the items of both passes for F1. ``details`` are
    the numbers to read it with, by name.
    """

    layer: str
    part: str
    measure: str
    value: float | None
    n: int
    details: dict[str, float | None]

    @property
    def key(self) -> tuple[str, str, str]:
        """What the figure is of."""
        return self.layer, self.part, self.measure


def f1(layer: str, part: str, score: Score, measure: str = "F1") -> Figure:
    """Return F1 with how many items each pass has and how many they share.

    The first pass is what was found, the second what was expected.
    """
    details = {"precision": score.precision, "recall": score.recall, "a": score.found, "b": score.expected}
    return Figure(layer, part, measure, score.f1, round(score.found + score.expected), details)


def labels(layer: str, part: str, pairs: Labels) -> Iterator[Figure]:
    """Yield kappa, with what was observed and the prevalence of each label, and nominal alpha."""
    kappa = cohen_kappa(pairs)
    shares = {f"share of {label}": share for label, share in kappa.prevalence.items()}
    yield Figure(layer, part, "kappa", kappa.value, kappa.n, {"observed": kappa.observed, **shares})
    yield Figure(layer, part, "alpha", krippendorff_alpha(pairs), len(pairs), {})


def accuracy(layer: str, part: str, pairs: Labels) -> Figure:
    """Return the share of pairs whose two values are the same."""
    same = sum(x == y for x, y in pairs)
    return Figure(layer, part, "accuracy", same / len(pairs) if pairs else None, len(pairs), {})
