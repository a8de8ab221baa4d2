"""L5: quotation marks, the types of quotes and the lists of marked words agree."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter

from retold.checks.inputs import BODY_KINDS, TEXT, ArticleCheck, ArticleInput
from retold.checks.stretches import Stretches
from retold.findings import Finding, Pointer
from retold.frozen import record
from retold.records import Quote, Span

OPENING, CLOSING, STRAIGHT = "“", "”", '"'
_MARK = re.compile(f"[{OPENING}{CLOSING}{STRAIGHT}]")
_EDGE = " \t\n,.;:!?…"  # may stand between a marked word and its closing mark


@record
class Pair:
    """A pair of quotation marks: offsets of the opening and of the closing mark."""

    opening: int
    closing: int

    def encloses(self, span: Span) -> bool:
        """Whether the span lies between the marks."""
        return self.opening < span.start and span.end <= self.closing


def pairs(text: str, start: int, end: int) -> list[Pair]:
    """Return the pairs of ``“…”`` and ``"…"`` in a stretch of text, in the order of their closing marks.

    Pairs may be nested. A closing mark closes the last open one of its kind; a straight mark closes the last
    open straight one or, if there is none, opens. What was opened since then and is open still has no
    partner; such marks belong to no pair, since texts lose marks. Apostrophes are none.
    """
    found: list[Pair] = []
    opened: list[int] = []
    waiting = {OPENING: 0, STRAIGHT: 0}  # how many of each are open
    for match in _MARK.finditer(text, start, end):
        offset, mark = match.start(), match.group()
        partner = OPENING if mark == CLOSING else STRAIGHT
        if mark != OPENING and waiting[partner]:
            while text[opened[-1]] != partner:
                waiting[text[opened.pop()]] -= 1
            waiting[partner] -= 1
            found.append(Pair(opened.pop(), offset))
        elif mark != CLOSING:
            waiting[mark] += 1
            opened.append(offset)
    return found


def innermost(span: Span, among: Iterable[Pair]) -> Pair | None:
    """Return the narrowest pair around a span."""
    around = [pair for pair in among if pair.encloses(span)]
    return min(around, key=lambda pair: pair.closing - pair.opening, default=None)


class Nest:
    """The pairs of an article, nested as they are; finds the one around a span without looking at all."""

    def __init__(self, found: Iterable[Pair]) -> None:
        """Take pairs of which any two are apart or one lies within the other."""
        self.pairs = sorted(found, key=attrgetter("closing"))
        self._closings = [pair.closing for pair in self.pairs]
        self._at = {(pair.opening, pair.closing): pair for pair in self.pairs}
        self._around: list[int | None] = [None] * len(self.pairs)  # the number of the next wider pair
        apart: list[int] = []
        for number, pair in enumerate(self.pairs):
            while apart and self.pairs[apart[-1]].opening > pair.opening:
                self._around[apart.pop()] = number
            apart.append(number)

    def innermost(self, span: Span) -> Pair | None:
        """Return the narrowest pair around a span."""
        place = bisect_left(self._closings, span.end)
        number = place if place < len(self.pairs) else None
        while number is not None and self.pairs[number].opening >= span.start:
            number = self._around[number]
        return None if number is None else self.pairs[number]

    def claimed(self, span: Span) -> Pair | None:
        """Return the narrowest pair around a span, else the one whose marks are its edges."""
        return self.innermost(span) or self._at.get((span.start, span.end - 1))


def _nest(article: ArticleInput) -> Nest:
    return Nest(pair for block in article.blocks for pair in pairs(article.text, block.start, block.end))


def _marked_spans(quote: Quote) -> tuple[tuple[str, tuple[Span, ...]], ...]:
    """Return the spans that must stand between marks, with the name of their list."""
    if quote.marking != "quotation_marks":
        return ()
    return (("content", quote.content),) if quote.type == "direct" else (("verbatim", quote.verbatim),)


def marking(article: ArticleInput) -> Iterator[Finding]:
    """Check that words said to stand in marks do.

    Issues: words-without-marks, verbatim-incomplete, other-mark-without-marks.
    """
    nest = _nest(article)
    for number, quote in enumerate(article.quotes):
        for key, spans in _marked_spans(quote):
            words = Stretches((span.start, span.end) for span in spans)
            for place, span in enumerate(spans):
                pair = nest.claimed(span)
                pointer: Pointer = ("quotes", number, key, place, "text")
                if pair is None:
                    values = {"text": repr(span.text), "type": quote.type}
                    yield article.find("quotes", "words-without-marks", pointer, quote.id, **values)
                elif key == "verbatim" and not _is_covered(article.text, pair, words):
                    values = {"words": repr(article.text[pair.opening + 1 : pair.closing])}
                    yield article.find("quotes", "verbatim-incomplete", pointer, quote.id, **values)
    for number, mark in enumerate(article.other_marks):
        span = mark.span
        pair = nest.innermost(span)
        if pair is None or not _is_covered(article.text, pair, Stretches([(span.start, span.end)])):
            pointer = ("other_marks", number, "text")
            yield article.find("quotes", "other-mark-without-marks", pointer, None, text=repr(span.text))


def _is_covered(text: str, pair: Pair, words: Stretches) -> bool:
    """Whether all words between the marks lie in the stretches; closing punctuation may be out."""
    inside = text[pair.opening + 1 : pair.closing].rstrip(_EDGE)
    return not words.rest(text, pair.opening + 1, pair.opening + 1 + len(inside))


def pairs_accounted(article: ArticleInput) -> Iterator[Finding]:
    """Check that each pair in paragraphs and turns belongs to one quote or to ``other_marks``.

    Issues: unclaimed-marks, marks-claimed-twice.
    """
    nest = _nest(article)
    claims = _claimants(article, nest)
    for pair in nest.pairs:
        claimants = claims.get(pair)
        if claimants is not None and not _is_contested(article, claimants):
            continue
        values = {"words": repr(article.text[pair.opening : pair.closing + 1]), "start": str(pair.opening)}
        if claimants is None:
            block = article.block_around(pair.opening, pair.closing)
            if block is not None and block.kind in BODY_KINDS:
                yield article.find("quotes", "unclaimed-marks", ("other_marks",), None, **values)
        else:
            quotes = [number for number in claimants if number is not None]
            named = [article.quotes[number].id for number in quotes]
            values["by"] = ", ".join(named + ["other_marks"] * (len(claimants) - len(quotes)))
            yield article.find("quotes", "marks-claimed-twice", ("quotes", quotes[0]), None, **values)


def _claimants(article: ArticleInput, nest: Nest) -> dict[Pair, list[int | None]]:
    """Return by pair the numbers of the quotes whose marks it is; ``None`` if ``other_marks`` lists it."""
    claims: dict[Pair, list[int | None]] = defaultdict(list)
    for number, quote in enumerate(article.quotes):
        spans = (span for _, spans in _marked_spans(quote) for span in spans)
        for pair in {pair for span in spans if (pair := nest.claimed(span))}:
            claims[pair].append(number)
    for mark in article.other_marks:
        pair = nest.innermost(mark.span)
        if pair is not None:
            claims[pair].append(None)
    return claims


def _is_contested(article: ArticleInput, claimants: list[int | None]) -> bool:
    """Whether a quote and ``other_marks``, or a quote and one nested in it, claim the same pair."""
    if len(claimants) == 1:
        return False
    quotes = [article.quotes[number] for number in claimants if number is not None]
    ids = {quote.id for quote in quotes}
    return bool(quotes) and (len(quotes) < len(claimants) or any(quote.parent in ids for quote in quotes))


CHECKS = (
    ArticleCheck("L5", ("quotes", "segments", TEXT), marking),
    ArticleCheck("L5", ("quotes", "segments", TEXT), pairs_accounted),
)
