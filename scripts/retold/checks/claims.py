"""L5: every sentence has its label, every claim a sentence that may make claims."""

from __future__ import annotations

from collections.abc import Iterator

from retold.checks.inputs import BODY_KINDS, LABELLED_KINDS, ArticleCheck, ArticleInput
from retold.checks.references import ARTICLE
from retold.checks.stretches import Stretches
from retold.findings import Finding


def labels(article: ArticleInput) -> Iterator[Finding]:
    """Check that each sentence of a title, heading, paragraph or turn has one label, in text order.

    Issues: label-missing, label-not-allowed, label-repeated, out-of-order.
    """
    places = article.places
    seen: set[str] = set()
    previous = -1
    for number, label in enumerate(article.labels):
        pointer = ("sentences", number, "sentence")
        order, _, block = places[label.sentence]
        if block.kind not in LABELLED_KINDS:
            yield article.find("claims", "label-not-allowed", pointer, label.sentence, kind=block.kind)
        if label.sentence in seen:
            yield article.find("claims", "label-repeated", pointer, label.sentence)
        elif order < previous:
            yield article.find("claims", "out-of-order", pointer, label.sentence, list="sentences")
        seen.add(label.sentence)
        previous = order
    for sentence, block in article.sentences:
        if block.kind in LABELLED_KINDS and sentence.id not in seen:
            yield article.find("claims", "label-missing", ("sentences",), sentence.id, kind=block.kind)


def claim_places(article: ArticleInput) -> Iterator[Finding]:
    """Check the sentence of each claim, and that claims stand in the order of their sentences.

    Issues: claim-sentence, claim-outside-body, out-of-order.
    """
    places = article.places
    previous = -1
    for number, claim in enumerate(article.claims):
        _, sentence, block = places[claim.sentence]
        span, kind = sentence.span, block.kind
        pointer = ("claims", number, "sentence")
        first = claim.spans[0]
        if not span.start <= first.start < span.end:
            values = {"sentence": claim.sentence, "text": repr(first.text)}
            yield article.find("claims", "claim-sentence", pointer, claim.id, **values)
        if kind not in BODY_KINDS:
            yield article.find("claims", "claim-outside-body", pointer, claim.id, kind=kind)
        if span.start < previous:
            yield article.find("claims", "out-of-order", pointer, claim.id, list="claims")
        previous = span.start


def claim_labels(article: ArticleInput) -> Iterator[Finding]:
    """Check claims against the labels of their sentences.

    Issues: claim-of-none, sentence-without-claim.
    """
    checkability = {label.sentence: label.checkability for label in article.labels}
    for number, claim in enumerate(article.claims):
        if checkability.get(claim.sentence) == "none":
            pointer = ("claims", number, "sentence")
            yield article.find("claims", "claim-of-none", pointer, claim.id, sentence=claim.sentence)
    places = article.places
    claimed = Stretches((span.start, span.end) for claim in article.claims for span in claim.spans)
    for number, label in enumerate(article.labels):
        _, sentence, block = places[label.sentence]
        if label.checkability != "checkable" or block.kind not in BODY_KINDS or label.note is not None:
            continue
        if not claimed.meet(sentence.span.start, sentence.span.end):
            pointer = ("sentences", number, "checkability")
            yield article.find("claims", "sentence-without-claim", pointer, label.sentence)


def claim_sources(article: ArticleInput) -> Iterator[Finding]:
    """Check that a claim with a quote lies in it and is not the article's own.

    Issues: claim-outside-quote, claimant-article.
    """
    contents = {quote.id: quote.content for quote in article.quotes}
    for number, claim in enumerate(article.claims):
        if claim.quote is None:
            continue
        if claim.claimant == ARTICLE:
            pointer = ("claims", number, "claimant")
            yield article.find("claims", "claimant-article", pointer, claim.id, quote=claim.quote)
        if not any(s.start < c.end and c.start < s.end for s in claim.spans for c in contents[claim.quote]):
            pointer = ("claims", number, "quote")
            yield article.find("claims", "claim-outside-quote", pointer, claim.id, quote=claim.quote)


CHECKS = (
    ArticleCheck("L5", ("claims", "segments"), labels),
    ArticleCheck("L5", ("claims", "segments"), claim_places),
    ArticleCheck("L5", ("claims", "segments"), claim_labels),
    ArticleCheck("L5", ("claims", "quotes"), claim_sources),
)
