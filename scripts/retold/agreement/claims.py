"""Agreement on the checkability of sentences and on claims."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from retold.agreement.figure import Figure, accuracy, f1, labels
from retold.agreement.matching import Matched, match_claims
from retold.agreement.passes import Pass, common_articles
from retold.measures.counts import Score, macro_f1
from retold.records import Article, Claim, SentenceLabel, Span

LAYER = "claims"
Extent = tuple[int, int]


def figures(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield the figures on sentences of the same extent, on claims, and on the labels of matched claims."""
    articles = common_articles(a, b)
    sentences = list(chain.from_iterable(_sentences(one, other) for one, other in articles))
    checkability = [(x.checkability, y.checkability) for x, y in sentences]
    yield from labels(LAYER, "checkability", checkability)
    yield Figure(LAYER, "checkability", "macro-F1", macro_f1(checkability), len(checkability), {})
    yield from labels(LAYER, "reason", [(x.reason, y.reason) for x, y in sentences if x.reason and y.reason])
    pairs = list(chain.from_iterable(match_claims(one.claims, other.claims) for one, other in articles))
    sizes = [sum(len(pair[side].claims) for pair in articles) for side in (0, 1)]
    yield f1(LAYER, "claims", Score.of_hits(len(pairs), *sizes), "F1, half of words")
    exact = sum(_extents(x) == _extents(y) for x, y in pairs)
    yield f1(LAYER, "claims", Score.of_hits(exact, *sizes), "F1, exact")
    yield from _labels(pairs, a, b)


def _labels(pairs: Matched[Claim], a: Pass, b: Pass) -> Iterator[Figure]:
    for field in ("category", "polarity", "certainty"):
        yield from labels(LAYER, field, [(getattr(x, field), getattr(y, field)) for x, y in pairs])
    yield accuracy(LAYER, "claimant", [(a.entity(x.claimant), b.entity(y.claimant)) for x, y in pairs])


def _sentences(a: Article, b: Article) -> Iterator[tuple[SentenceLabel, SentenceLabel]]:
    """Yield the labels of the sentences that both passes have, cut alike, and label."""
    theirs = {label.sentence: label for label in b.sentence_labels}
    others = {
        _bounds(sentence.span): theirs.get(sentence.id) for block in b.blocks for sentence in block.sentences
    }
    mine = {label.sentence: label for label in a.sentence_labels}
    for block in a.blocks:
        for sentence in block.sentences:
            x, y = mine.get(sentence.id), others.get(_bounds(sentence.span))
            if x is not None and y is not None:
                yield x, y


def _bounds(span: Span) -> Extent:
    return span.start, span.end


def _extents(claim: Claim) -> set[Extent]:
    return {_bounds(span) for span in claim.spans}
