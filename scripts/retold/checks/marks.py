"""L5: quotation marks, the types of quotes and the lists of marked words agree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retold.checks.inputs import BODY_KINDS, TEXT, ArticleCheck, ArticleInput
from retold.findings import Finding, Pointer
from retold.records import Quote, Span

OPENING, CLOSING, STRAIGHT = "“", "”", '"'
_MARK = re.compile(f"[{OPENING}{CLOSING}{STRAIGHT}]")
_EDGE = " \t\n,.;:!?…"  # may stand between a marked word and its closing mark


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of quotation marks: offsets of the opening and of the closing mark."""

    opening: int
    closing: int

    def encloses(self, span: Span) -> bool:
        """Whether the span lies between the marks."""
        return self.opening < span.start and span.end <= self.closing


def pairs(text: str, start: int, end: int) -> list[Pair]:
    """Return the pairs of ``“…”`` and ``"…"`` in a stretch of text, in the order of their closing marks.

    Pairs may be nested. A straight mark closes the last open one if that is straight too, else it opens.
    Marks without a partner belong to no pair, since texts lose marks; apostrophes are none.
    """
    found: list[Pair] = []
    opened: list[int] = []
    for match in _MARK.finditer(text, start, end):
        offset, mark = match.start(), match.group()
        if mark == OPENING:
            opened.append(offset)
            continue
        partner = OPENING if mark == CLOSING else STRAIGHT
        if any(text[one] == partner for one in opened):
            while text[opened[-1]] != partner:
                opened.pop()
            found.append(Pair(opened.pop(), offset))
        elif mark == STRAIGHT:
            opened.append(offset)
    return found


def innermost(span: Span, among: Iterable[Pair]) -> Pair | None:
    """Return the narrowest pair around a span."""
    around = [pair for pair in among if pair.encloses(span)]
    return min(around, key=lambda pair: pair.closing - pair.opening, default=None)


def _all_pairs(article: ArticleInput) -> list[Pair]:
    return [pair for block in article.blocks for pair in pairs(article.text, block.start, block.end)]


def _edge_pair(span: Span, among: Iterable[Pair]) -> Pair | None:
    """Return the pair whose marks are the first and last character of a span."""
    return next((p for p in among if (p.opening, p.closing) == (span.start, span.end - 1)), None)


def _marked_spans(quote: Quote) -> tuple[tuple[str, tuple[Span, ...]], ...]:
    """Return the spans that must stand between marks, with the name of their list."""
    if quote.marking != "quotation_marks":
        return ()
    return (("content", quote.content),) if quote.type == "direct" else (("verbatim", quote.verbatim),)


def marking(article: ArticleInput) -> Iterator[Finding]:
    """Check that words said to stand in marks do.

    Issues: words-without-marks, verbatim-incomplete, other-mark-without-marks.
    """
    found = _all_pairs(article)
    for number, quote in enumerate(article.quotes):
        for key, spans in _marked_spans(quote):
            for place, span in enumerate(spans):
                pair = innermost(span, found) or _edge_pair(span, found)
                pointer: Pointer = ("quotes", number, key, place, "text")
                if pair is None:
                    values = {"text": repr(span.text), "type": quote.type}
                    yield article.find("quotes", "words-without-marks", pointer, quote.id, **values)
                elif key == "verbatim" and not _is_covered(article.text, pair, quote.verbatim):
                    values = {"words": repr(article.text[pair.opening + 1 : pair.closing])}
                    yield article.find("quotes", "verbatim-incomplete", pointer, quote.id, **values)
    for number, mark in enumerate(article.other_marks):
        pair = innermost(mark.span, found)
        if pair is None or not _is_covered(article.text, pair, (mark.span,)):
            pointer = ("other_marks", number, "text")
            yield article.find("quotes", "other-mark-without-marks", pointer, None, text=repr(mark.span.text))


def _is_covered(text: str, pair: Pair, spans: Iterable[Span]) -> bool:
    """Whether all words between the marks lie in the spans; punctuation at the closing mark may be out."""
    inside = range(
        pair.opening + 1, pair.opening + 1 + len(text[pair.opening + 1 : pair.closing].rstrip(_EDGE))
    )
    return all(
        text[offset].isspace() or any(span.start <= offset < span.end for span in spans) for offset in inside
    )


def pairs_accounted(article: ArticleInput) -> Iterator[Finding]:
    """Check that each pair in paragraphs and turns belongs to one quote or to ``other_marks``.

    Issues: unclaimed-marks, marks-claimed-twice.
    """
    found = _all_pairs(article)
    claims = _claimants(article, found)
    body = [block for block in article.blocks if block.kind in BODY_KINDS]
    for pair in found:
        values = {"words": repr(article.text[pair.opening : pair.closing + 1]), "start": str(pair.opening)}
        if pair not in claims:
            if any(block.start <= pair.opening < block.end for block in body):
                yield article.find("quotes", "unclaimed-marks", ("other_marks",), None, **values)
        elif _is_contested(claims[pair]):
            values["by"] = ", ".join(quote.id if quote else "other_marks" for quote in claims[pair])
            number = next(n for n, quote in enumerate(article.quotes) if quote in claims[pair])
            yield article.find("quotes", "marks-claimed-twice", ("quotes", number), None, **values)


def _claimants(article: ArticleInput, found: list[Pair]) -> dict[Pair, list[Quote | None]]:
    """Return by pair the quotes whose marks it is, and ``None`` if ``other_marks`` lists it."""
    claims: dict[Pair, list[Quote | None]] = defaultdict(list)
    for quote in article.quotes:
        spans = (span for _, spans in _marked_spans(quote) for span in spans)
        own = {pair for span in spans if (pair := innermost(span, found) or _edge_pair(span, found))}
        for pair in own:
            claims[pair].append(quote)
    for mark in article.other_marks:
        pair = innermost(mark.span, found)
        if pair is not None:
            claims[pair].append(None)
    return claims


def _is_contested(claimants: list[Quote | None]) -> bool:
    """Whether a quote and ``other_marks``, or a quote and one nested in it, claim the same pair."""
    quotes = [quote for quote in claimants if quote is not None]
    ids = {quote.id for quote in quotes}
    return bool(quotes) and (len(quotes) < len(claimants) or any(quote.parent in ids for quote in quotes))


CHECKS = (
    ArticleCheck("L5", ("quotes", "segments", TEXT), marking),
    ArticleCheck("L5", ("quotes", "segments", TEXT), pairs_accounted),
)
