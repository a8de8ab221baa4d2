"""Task ``claims``: which statements an article makes, and who puts them.

Conventions:
    A prediction is a list of spans with a claimant: a name, a Wikidata item, a registry id, ``article``, or
    ``null`` where open. Claims are matched one to one by the characters of their spans (Dice at least .5), so
    that as many as possible have the right claimant, then with the greatest overlap. Propositions are not
    scored: there is no one right wording. Interview turns are out of the headline.

Metrics:
    F1 of claims whose spans match and whose claimant is right (headline). F1 of claims whose spans match;
    accuracy of claimants on them; F1 of the characters that stand in claims (span coverage); the share of the
    mentions in a gold claim that stand in its match too (element coverage); macro-F1 of the category of
    matched claims; the headline's measure for the article's own claims and those of others.

References:
    Reddy et al., *NewsClaims*, EMNLP 2022 (claim span, claimer). Metropolitansky and Larson, *Towards
    Effective Extraction and Evaluation of Factual Claims*, ACL 2025 (element coverage).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retold.benchmark.gold import Gold
from retold.benchmark.names import Names
from retold.benchmark.options import Options
from retold.benchmark.outcome import MISSED, SPURIOUS, WRONG, Metric, Mistake, Outcome
from retold.benchmark.predictions import SpanReader
from retold.benchmark.tallies import Slice, accuracy_metric, align, f1_metric, macro_f1_metric
from retold.benchmark.units import Units
from retold.measures.spans import dice
from retold.records import Article, Claim, Span

NAME = "claims"
VERSION = 1
LEAST = 0.5
ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class PredictedClaim:
    """A claim as a tool gives it; ``category`` is ``None`` where the tool gives none."""

    spans: Sequence[Span]
    claimant: str | None
    category: str | None


def parse(record: dict[str, Any], reader: SpanReader) -> list[PredictedClaim]:
    """Read the claims of one article.

    Raises:
        PredictionError: A span is not one of the text.
    """
    items = record["claims"]
    groups = reader.groups([(item["spans"],) for item in items])
    return [
        PredictedClaim(spans, item["claimant"], item.get("category"))
        for item, (spans,) in zip(items, groups, strict=True)
    ]


def evaluate(gold: Gold, predicted: Mapping[str, Sequence[PredictedClaim]], _options: Options) -> Outcome:
    """Score the claims of all articles in ``gold``; one without predictions has none found."""
    scorer = _Scorer(gold, predicted)
    return Outcome(
        headline=scorer.f1("span and claimant", scorer.claimant_right),
        details=(scorer.f1("span", _any), scorer.claimants(), scorer.coverage()),
        full=(scorer.elements(), *scorer.categories(), *scorer.slices()),
        mistakes=tuple(sorted(scorer.mistakes())),
        settings={"span": "overlap.5", "claimant": "right", "turns": "out"},
    )


class _Scorer:
    def __init__(self, gold: Gold, predicted: Mapping[str, Sequence[PredictedClaim]]) -> None:
        self._gold = gold
        self._names = Names(gold)
        self._units = Units(gold)
        self._predicted = predicted
        claims = {name: article.claims for name, article in gold.articles.items()}
        self._aligned = align(claims, predicted, self._weight)
        self._main = _slice(self._units, _any)

    def f1(self, part: str, hit: Callable[[Claim, PredictedClaim], bool]) -> Metric:
        """Return an F1 in the headline's slice."""
        return f1_metric(part, self._main.counts(self._aligned, hit))

    def claimant_right(self, gold: Claim, found: PredictedClaim) -> bool:
        """Return whether a claimant is the right one."""
        named = found.claimant if found.claimant == ARTICLE else self._names.entity(found.claimant)
        return named == gold.claimant

    def claimants(self) -> Metric:
        """Return the accuracy of claimants on matched claims."""
        pairs = self._main.pairs(self._aligned)
        judged = [(unit, self.claimant_right(gold, found)) for unit, gold, found in pairs]
        return accuracy_metric("claimant of matched claims", judged, self._units.size)

    def coverage(self) -> Metric:
        """Return the F1 of the characters that stand in a claim."""
        counts = np.zeros((self._units.size, 3))
        for name, article in self._gold.articles.items():
            ours = _covered(article, (span for claim in article.claims for span in claim.spans))
            theirs = _covered(article, (s for claim in self._predicted.get(name, ()) for s in claim.spans))
            for block in article.blocks:
                unit = self._units.of_block(block.id)
                if unit is not None:
                    found, expected = theirs[block.start : block.end], ours[block.start : block.end]
                    counts[unit] += ((found & expected).sum(), found.sum(), expected.sum())
        return f1_metric("characters in claims", counts, "F1, span coverage")

    def elements(self) -> Metric:
        """Return the share of the mentions in gold claims that their matches have too."""
        match = {(article, gold.id): found.spans for article, gold, found in self._aligned.pairs}
        judged: list[tuple[int, bool]] = []
        for name, article in self._gold.articles.items():
            for claim in article.claims:
                unit = self._main.unit(name, claim)
                if unit is not None:
                    spans = match.get((name, claim.id), ())
                    judged += [(unit, _inside(m, spans)) for m in _mentioned(article, claim)]
        return accuracy_metric("mentions in claims", judged, self._units.size, "element coverage")

    def categories(self) -> Iterator[Metric]:
        """Yield the macro-F1 of categories, if the tool gives them."""
        pairs = self._main.pairs(self._aligned)
        given = [(unit, found.category, gold.category) for unit, gold, found in pairs if found.category]
        if given:
            yield macro_f1_metric("category of matched claims", given, self._units.size)

    def slices(self) -> Iterator[Metric]:
        """Yield the headline's measure in slices of the gold."""
        turns = Units(self._gold, "only")
        for name, units, keep in (
            ("the article's own", self._units, _is_own),
            ("of others", self._units, lambda claim: not _is_own(claim)),
            ("interview turns", turns, _any),
        ):
            counts = _slice(units, keep).counts(self._aligned, self.claimant_right)
            if counts[:, 2].any():
                yield f1_metric(f"slice: {name}", counts)

    def mistakes(self) -> Iterator[Mistake]:
        """Yield what is missed, spurious or wrong in the headline's slice."""
        for article, gold in self._aligned.missed:
            if self._main.unit(article, gold) is not None:
                yield Mistake.of(article, gold.spans, MISSED, gold.category, item=gold.id)
        for article, found in self._aligned.spurious:
            if self._main.found_unit(article, found) is not None:
                yield Mistake.of(article, found.spans, SPURIOUS, found.category or "claim")
        for article, gold, found in self._aligned.pairs:
            if self._main.unit(article, gold) is not None:
                yield from self._wrong(article, gold, found)

    def _wrong(self, article: str, gold: Claim, found: PredictedClaim) -> Iterator[Mistake]:
        wrong = []
        if not self.claimant_right(gold, found):
            wrong.append(("claimant", gold.claimant, found.claimant))
        if found.category not in (None, gold.category):
            wrong.append(("category", gold.category, found.category))
        for label, ours, theirs in wrong:
            yield Mistake.of(article, gold.spans, WRONG, label, expected=ours, found=theirs, item=gold.id)

    def _weight(self, gold: Claim, found: PredictedClaim) -> float:
        """Weigh a pair that may be matched: the right claimant first, then overlap."""
        overlap = dice(gold.spans, found.spans)
        return 1000.0 * self.claimant_right(gold, found) + overlap if overlap >= LEAST else 0.0


def _slice(units: Units, keep: Callable[[Claim], bool]) -> Slice[Claim, PredictedClaim]:
    return Slice(units, _begin, _begin, keep)


def _begin(claim: Claim | PredictedClaim) -> int:
    return claim.spans[0].start


def _any(*_: object) -> bool:
    return True


def _is_own(claim: Claim) -> bool:
    return claim.claimant == ARTICLE


def _covered(article: Article, spans: Iterator[Span]) -> NDArray[np.bool_]:
    """Return whether each character of an article stands in a span."""
    covered = np.zeros(len(article.text), dtype=bool)
    for span in spans:
        covered[max(0, span.start) : span.end] = True
    return covered


def _mentioned(article: Article, claim: Claim) -> list[Span]:
    return [mention.span for mention in article.mentions if _inside(mention.span, claim.spans)]


def _inside(inner: Span, spans: Sequence[Span]) -> bool:
    return any(span.start <= inner.start and inner.end <= span.end for span in spans)
