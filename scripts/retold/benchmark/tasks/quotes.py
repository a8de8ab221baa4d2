"""Task ``quotes``: which stretches report what somebody said, thinks or wants, and who that is.

Conventions:
    A prediction is a quote with its content, source and cue, each a list of spans; its type and speaker may
    be given. Two lists of spans match if the Dice coefficient of their characters is at least .5, and exactly
    if they cover the same stretches; an empty one matches an empty one alone. Quotes are matched one to one
    by content (Dice at least .5), so that as many as possible have all three roles matched, then with the
    greatest overlap. Quotes of scope ``wide`` and interview turns are out of the headline: neither hit nor
    miss.

Metrics:
    F1 of quotes whose content, source and cue all match (headline). P, R and F1 of each role, exact and by
    overlap; macro-F1 of the type of matched quotes; accuracy of their speakers; F1 of quotes found with the
    right speaker. The headline's measure in slices.

References:
    Pareti, *PARC 3.0: A Corpus of Attribution Relations*, LREC 2016. Newell et al., *An Attribution Relations
    Corpus for Political News*, LREC 2018. Matching: Petersen-Frey and Biemann, *Dataset of Quotation
    Attribution in German News Articles*, LREC-COLING 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retold.benchmark.conventions import quote_in
from retold.benchmark.gold import Gold
from retold.benchmark.names import Names
from retold.benchmark.options import CORE, Options
from retold.benchmark.outcome import MISSED, SPURIOUS, WRONG, Metric, Mistake, Outcome, said
from retold.benchmark.predictions import SpanReader
from retold.benchmark.tallies import Slice, accuracy_metric, align, f1_metric, macro_f1_metric
from retold.benchmark.units import Units
from retold.measures.spans import dice
from retold.records import Quote, Span

NAME = "quotes"
VERSION = 1
LEAST = 0.5
ROLES = ("content", "source", "cue")
TYPES = ("direct", "indirect", "mixed")
ATTITUDES = ("communication", "belief", "intention")
NOT_GIVEN = "?"

Spans = Sequence[Span]


@dataclass(frozen=True, slots=True)
class PredictedQuote:
    """A quote as a tool gives it; ``speaker`` is ``NOT_GIVEN`` where the tool gives none."""

    content: Spans
    source: Spans
    cue: Spans
    type: str | None
    speaker: str | None


def parse(record: dict[str, Any], reader: SpanReader) -> list[PredictedQuote]:
    """Read the quotes of one article.

    Raises:
        PredictionError: A span is not one of the text.
    """
    items = record["quotes"]
    groups = reader.groups([(item["content"], item.get("source", []), item.get("cue", [])) for item in items])
    return [
        PredictedQuote(content, source, cue, item.get("type"), item.get("speaker", NOT_GIVEN))
        for item, (content, source, cue) in zip(items, groups, strict=True)
    ]


def evaluate(gold: Gold, predicted: Mapping[str, Sequence[PredictedQuote]], options: Options) -> Outcome:
    """Score the quotes of all articles in ``gold``; one without predictions has none found."""
    scorer = _Scorer(gold, predicted, options)
    triple = scorer.metric("content, source and cue", _all_match)
    details = tuple(scorer.metric(role, _role_matches(role), role) for role in ROLES)
    return Outcome(
        headline=triple,
        details=details,
        full=(*scorer.exact(), *scorer.labels(), *scorer.slices()),
        mistakes=tuple(sorted(scorer.mistakes())),
        settings={"triple": "overlap.5", "scope": options.scope, "turns": "out"},
    )


class _Scorer:
    def __init__(
        self, gold: Gold, predicted: Mapping[str, Sequence[PredictedQuote]], options: Options
    ) -> None:
        self._gold = gold
        self._names = Names(gold)
        self._aligned = align(_in_convention(gold, options.convention), predicted, _weight)
        self._out, self._only = Units(gold), Units(gold, "only")
        self._scopes = (CORE,) if options.scope == CORE else (CORE, options.scope)
        self._main = self._slice(self._out, self._scoped(lambda _: True))

    def metric(self, part: str, hit: Callable[..., bool], role: str = "content") -> Metric:
        """Return an F1 in the headline's slice; of a role, of the quotes that have one."""
        has = _has(role)
        return f1_metric(part, self._main.counts(self._aligned, hit, has, has), "F1, overlap")

    def exact(self) -> Iterator[Metric]:
        """Yield the exact F1 of the whole and of each role."""
        yield f1_metric("content, source and cue", self._main.counts(self._aligned, _all_exact), "F1, exact")
        for role in ROLES:
            has = _has(role)
            yield f1_metric(
                role, self._main.counts(self._aligned, _role_is_exact(role), has, has), "F1, exact"
            )

    def labels(self) -> Iterator[Metric]:
        """Yield the scores of types and speakers, as far as the tool gives them."""
        pairs = self._main.pairs(self._aligned)
        typed = [(unit, found.type, gold.type) for unit, gold, found in pairs if found.type is not None]
        if typed:
            yield macro_f1_metric("type of matched quotes", typed, self._out.size)
        if any(found.speaker != NOT_GIVEN for _, _, found in pairs):
            judged = [(unit, self._speaker_right(gold, found)) for unit, gold, found in pairs]
            yield accuracy_metric("speaker of matched quotes", judged, self._out.size)
            yield f1_metric("content and speaker", self._main.counts(self._aligned, self._speaker_right))

    def slices(self) -> Iterator[Metric]:
        """Yield the headline's measure in slices of the gold."""
        for name, units, keep in self._kept():
            part = self._slice(units, keep)
            counts = part.counts(self._aligned, _all_match)
            if counts[:, 2].any():
                yield f1_metric(f"slice: {name}", counts, "F1, overlap")

    def mistakes(self) -> Iterator[Mistake]:
        """Yield what is missed, spurious or wrong in the headline's slice."""
        aligned, part = self._aligned, self._main
        for article, gold in aligned.missed:
            if part.unit(article, gold) is not None:
                yield Mistake.of(article, gold.content, MISSED, f"{gold.type} quote", item=gold.id)
        for article, found in aligned.spurious:
            if part.found_unit(article, found) is not None:
                yield Mistake.of(article, found.content, SPURIOUS, f"{found.type or ''} quote".strip())
        for article, gold, found in aligned.pairs:
            if part.unit(article, gold) is not None:
                yield from self._wrong(article, gold, found)

    def _wrong(self, article: str, gold: Quote, found: PredictedQuote) -> Iterator[Mistake]:
        for role in ROLES:
            ours, theirs = getattr(gold, role), getattr(found, role)
            if not _match(ours, theirs):
                yield _wrong(article, gold, role, said(ours), said(theirs))
        if found.type is not None and found.type != gold.type:
            yield _wrong(article, gold, "type", gold.type, found.type)
        if found.speaker != NOT_GIVEN and not self._speaker_right(gold, found):
            yield _wrong(article, gold, "speaker", gold.speaker, found.speaker)

    def _speaker_right(self, gold: Quote, found: PredictedQuote) -> bool:
        return found.speaker != NOT_GIVEN and self._names.entity(found.speaker) == gold.speaker

    def _slice(self, units: Units, keep: Callable[[Quote], bool]) -> Slice[Quote, PredictedQuote]:
        return Slice(units, _begin, _begin, keep)

    def _kept(self) -> Iterator[tuple[str, Units, Callable[[Quote], bool]]]:
        for field, labels in (("type", TYPES), ("attitude", ATTITUDES)):
            for label in labels:
                yield label, self._out, self._scoped(lambda quote, f=field, of=label: getattr(quote, f) == of)
        yield "marks lost", self._out, self._scoped(_has_lost_marks)
        yield "interview turns", self._only, self._scoped(lambda _: True)
        yield "wide", self._out, lambda quote: quote.scope != CORE

    def _scoped(self, keep: Callable[..., bool]) -> Callable[[Quote], bool]:
        return lambda quote: quote.scope in self._scopes and keep(quote)


def _has_lost_marks(quote: Quote) -> bool:
    return quote.type != "indirect" and quote.marking == "none"


def _in_convention(gold: Gold, convention: str) -> dict[str, list[Quote]]:
    return {
        name: [quote_in(convention, article.text, quote) for quote in article.quotes]
        for name, article in gold.articles.items()
    }


def _weight(gold: Quote, found: PredictedQuote) -> float:
    """Weigh a pair that may be matched: all three roles first, then content, cue, source."""
    content = dice(gold.content, found.content)
    if content < LEAST:
        return 0.0
    rest = 1e-3 * dice(gold.cue, found.cue) + 1e-6 * dice(gold.source, found.source)
    return 1000.0 * _all_match(gold, found) + content + rest


def _match(ours: Spans, theirs: Spans) -> bool:
    return dice(ours, theirs) >= LEAST


def _is_exact(ours: Spans, theirs: Spans) -> bool:
    return sorted((s.start, s.end) for s in ours) == sorted((s.start, s.end) for s in theirs)


def _all_match(gold: Quote, found: PredictedQuote) -> bool:
    return all(_match(getattr(gold, role), getattr(found, role)) for role in ROLES)


def _all_exact(gold: Quote, found: PredictedQuote) -> bool:
    return all(_is_exact(getattr(gold, role), getattr(found, role)) for role in ROLES)


def _role_matches(role: str) -> Callable[[Quote, PredictedQuote], bool]:
    return lambda gold, found: bool(getattr(gold, role)) and _match(getattr(gold, role), getattr(found, role))


def _role_is_exact(role: str) -> Callable[[Quote, PredictedQuote], bool]:
    return lambda gold, found: (
        bool(getattr(gold, role)) and _is_exact(getattr(gold, role), getattr(found, role))
    )


def _has(role: str) -> Callable[[Quote | PredictedQuote], bool]:
    return lambda quote: bool(getattr(quote, role))


def _begin(quote: Quote | PredictedQuote) -> int:
    return quote.content[0].start


def _wrong(article: str, gold: Quote, label: str, expected: str | None, found: str | None) -> Mistake:
    return Mistake.of(article, gold.content, WRONG, label, expected=expected, found=found, item=gold.id)
