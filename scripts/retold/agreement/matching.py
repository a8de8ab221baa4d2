"""Which item of one pass is which item of the other: one to one, by the words that they stand on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from retold.measures.assignment import one_to_one
from retold.measures.spans import dice
from retold.records import Article, Claim, Mention, OtherMark, Quote, Sentence, Span

Item = TypeVar("Item")
Matched = list[tuple[Item, Item]]

HALF = 0.5  # least overlap (Dice) of two spans that are taken for the same
ANY = 0.0  # any overlap at all, where a reader is to see what stands beside what
# Weights of what decides between items on the same words: far below the least difference of the main score.
SECOND, THIRD = 1e-3, 1e-6


def match_sentences(a: Article, b: Article, least: float = HALF) -> Matched[Sentence]:
    """Match sentences by their extent."""
    one, other = (
        [sentence for block in article.blocks for sentence in block.sentences] for article in (a, b)
    )
    return _match(one, other, lambda x: [x.span], least, lambda _x, _y: 0.0)


def match_quotes(a: Iterable[Quote], b: Iterable[Quote], least: float = HALF) -> Matched[Quote]:
    """Match quotes by their content; of several on the same content, by cue, then by source."""

    def second(x: Quote, y: Quote) -> float:
        return SECOND * dice(x.cue, y.cue) + THIRD * dice(x.source, y.source)

    return _match(list(a), list(b), lambda quote: quote.content, least, second)


def match_mentions(a: Iterable[Mention], b: Iterable[Mention], least: float = 1.0) -> Matched[Mention]:
    """Match mentions by their extent (the whole of it, unless ``least`` says otherwise), then by type."""

    def second(x: Mention, y: Mention) -> float:
        return SECOND * (x.form == y.form) + THIRD * (x.type == y.type)

    return _match(list(a), list(b), lambda mention: [mention.span], least, second)


def match_marks(a: Iterable[OtherMark], b: Iterable[OtherMark], least: float = HALF) -> Matched[OtherMark]:
    """Match quotation marks that mark no quote by the words inside them."""
    return _match(list(a), list(b), lambda mark: [mark.span], least, lambda _x, _y: 0.0)


def match_claims(a: Iterable[Claim], b: Iterable[Claim], least: float = HALF) -> Matched[Claim]:
    """Match claims by their spans; of several on the same words, by the words of their propositions."""

    def second(x: Claim, y: Claim) -> float:
        return SECOND * _words_shared(x.proposition, y.proposition)

    return _match(list(a), list(b), lambda claim: claim.spans, least, second)


def _match(
    a: Sequence[Item],
    b: Sequence[Item],
    spans: Callable[[Item], Sequence[Span]],
    least: float,
    second: Callable[[Item, Item], float],
) -> Matched[Item]:
    """Match items with the greatest total overlap, then the greatest total of ``second``, in text order.

    Items are put in the order of their words and contents first, so no order of files decides.
    """
    left, right = (sorted(items, key=lambda item: (_key(spans(item)), repr(item))) for items in (a, b))
    right_bounds = [_bounds(spans(item)) for item in right]
    scores = {}
    for i, x in enumerate(left):
        start, end = _bounds(spans(x))
        for j, (other_start, other_end) in enumerate(right_bounds):
            if other_start < end and start < other_end:
                overlap = dice(spans(x), spans(right[j]))
                if overlap and overlap >= least:
                    scores[i, j] = overlap + second(x, right[j])
    return [(left[i], right[j]) for i, j in one_to_one(scores)]


def _key(spans: Sequence[Span]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]


def _bounds(spans: Sequence[Span]) -> tuple[int, int]:
    return min(span.start for span in spans), max(span.end for span in spans)


def _words_shared(a: str, b: str) -> float:
    """Return the Dice coefficient of the sets of words, cases aside."""
    one, other = (set(re.findall(r"\w+", text.casefold())) for text in (a, b))
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0
