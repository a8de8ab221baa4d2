"""L5: the parts of each quote fit together and stand where quotes may stand."""

from __future__ import annotations

from collections.abc import Iterator

from retold.checks.inputs import BODY_KINDS, ArticleCheck, ArticleInput
from retold.findings import Finding, Pointer
from retold.records import Quote, Span


def quote_parts(article: ArticleInput) -> Iterator[Finding]:
    """Check how cue, cue group, content and verbatim words lie to each other.

    Issues: cue-outside-group, cue-in-content, cue-group-in-content, verbatim-outside-content.
    """
    for number, quote in enumerate(article.quotes):
        for key, code, wrong in (
            ("cue", "cue-outside-group", _outside(quote.cue, quote.cue_group)),
            ("cue", "cue-in-content", _overlapping(quote.cue, quote.content)),
            ("cue_group", "cue-group-in-content", _overlapping(quote.cue_group, quote.content)),
            ("verbatim", "verbatim-outside-content", _outside(quote.verbatim, quote.content)),
        ):
            for place, span in wrong:
                pointer = ("quotes", number, key, place, "text")
                yield article.find("quotes", code, pointer, quote.id, text=repr(span.text))


def _outside(inner: tuple[Span, ...], outer: tuple[Span, ...]) -> Iterator[tuple[int, Span]]:
    for place, span in enumerate(inner):
        if not any(one.start <= span.start and span.end <= one.end for one in outer):
            yield place, span


def _overlapping(spans: tuple[Span, ...], others: tuple[Span, ...]) -> Iterator[tuple[int, Span]]:
    for place, span in enumerate(spans):
        if any(span.start < other.end and other.start < span.end for other in others):
            yield place, span


def quote_order(article: ArticleInput) -> Iterator[Finding]:
    """Check that quotes and other marks stand in text order (quotes by their content).

    Issues: out-of-order.
    """
    for name, starts in (
        ("quotes", [quote.content[0].start for quote in article.quotes]),
        ("other_marks", [mark.span.start for mark in article.other_marks]),
    ):
        for number in range(1, len(starts)):
            if starts[number] < starts[number - 1]:
                item = article.quotes[number].id if name == "quotes" else None
                yield article.find("quotes", "out-of-order", (name, number), item, list=name)


def nested_speakers(article: ArticleInput) -> Iterator[Finding]:
    """Check that a nested quote has another speaker than the one around it.

    Issues: nested-same-speaker.
    """
    speakers = {quote.id: quote.speaker for quote in article.quotes}
    for number, quote in enumerate(article.quotes):
        if quote.parent is not None and quote.speaker is not None and speakers[quote.parent] == quote.speaker:
            values = {"speaker": quote.speaker, "parent": quote.parent}
            pointer = ("quotes", number, "speaker")
            yield article.find("quotes", "nested-same-speaker", pointer, quote.id, **values)


def quote_places(article: ArticleInput) -> Iterator[Finding]:
    """Check that content stands in paragraphs and turns, each span in one block.

    Issues: quote-outside-body, span-over-blocks.
    """
    for number, quote in enumerate(article.quotes):
        for place, span in enumerate(quote.content):
            pointer = ("quotes", number, "content", place, "text")
            block = article.block_around(span.start, span.start + 1)
            if block is not None and block.kind not in BODY_KINDS:
                values = {"block": block.id, "kind": block.kind}
                yield article.find("quotes", "quote-outside-body", pointer, quote.id, **values)
            if block is not None and span.end > block.end:
                values = {"text": repr(span.text), "block": block.id}
                yield article.find("quotes", "span-over-blocks", pointer, quote.id, **values)


def turns(article: ArticleInput) -> Iterator[Finding]:
    """Check that each turn is the content of one quote marked by its label, and no other block is.

    Issues: turn-without-quote, turn-label-outside-turn.
    """
    covered: set[str] = set()
    for number, quote in enumerate(article.quotes):
        if quote.marking != "turn_label":
            continue
        for place, span in enumerate(quote.content):
            block = article.block_around(span.start, span.end)
            if block is None or block.kind != "turn":
                pointer: Pointer = ("quotes", number, "content", place, "text")
                yield article.find("quotes", "turn-label-outside-turn", pointer, quote.id)
            elif span.end == block.end:
                covered.add(block.id)
    for block in article.blocks:
        if block.kind == "turn" and block.id not in covered:
            yield article.find("quotes", "turn-without-quote", ("quotes",), block.id)


def states(article: ArticleInput) -> Iterator[Finding]:
    """Check that only what was said tells an utterance, and tells each once.

    Issues: utterance-of-state, repeated-utterance.
    """
    for number, quote in enumerate(article.quotes):
        pointer: Pointer = ("quotes", number, "utterances")
        if quote.utterances and quote.attitude != "communication":
            yield article.find("quotes", "utterance-of-state", pointer, quote.id, attitude=quote.attitude)
        yield from _repeated(article, pointer, quote)


def _repeated(article: ArticleInput, pointer: Pointer, quote: Quote) -> Iterator[Finding]:
    seen = set()
    for place, link in enumerate(quote.utterances):
        if link.utterance in seen:
            where = (*pointer, place, "utterance")
            yield article.find("quotes", "repeated-utterance", where, quote.id, utterance=link.utterance)
        seen.add(link.utterance)


def utterance_speakers(article: ArticleInput) -> Iterator[Finding]:
    """Check that a quote and the utterance that it tells have one speaker.

    Issues: utterance-speaker.
    """
    utterances = article.registry.utterances
    for number, quote in enumerate(article.quotes):
        for link in quote.utterances:
            speaker = utterances[link.utterance].speaker
            if speaker != quote.speaker:
                values = {"speaker": str(quote.speaker), "utterance": link.utterance, "other": str(speaker)}
                pointer = ("quotes", number, "speaker")
                yield article.find("quotes", "utterance-speaker", pointer, quote.id, **values)


CHECKS = (
    ArticleCheck("L5", ("quotes",), quote_parts),
    ArticleCheck("L5", ("quotes",), quote_order),
    ArticleCheck("L5", ("quotes",), nested_speakers),
    ArticleCheck("L5", ("quotes", "segments"), quote_places),
    ArticleCheck("L5", ("quotes", "segments"), turns),
    ArticleCheck("L5", ("quotes",), states),
    ArticleCheck("L5", ("quotes", "registry-utterances"), utterance_speakers),
)
