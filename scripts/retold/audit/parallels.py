"""Sentences that say the same, or nearly: their annotation is laid side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import combinations

from retold.audit.cases import Case, Place
from retold.audit.gold import (
    BODY_KINDS,
    Gold,
    SentenceView,
    describe_claim,
    describe_label,
    describe_labels,
    describe_mention,
)
from retold.records import Mention, Span

SIMILAR = 0.5  # share of the words of both sentences that stand in both in the same order
FEWEST_WORDS = 3

Alignment = dict[int, int]  # token of the one sentence -> token of the other


def same_sentences(gold: Gold) -> Iterator[Case]:
    """Sentences of the same text are annotated alike on each layer, or a note says why not."""
    for one, other, ratio in _pairs(gold):
        if ratio == 1:
            question = "The same sentence in two places: why not the same annotation?"
            yield from _cases("same-sentence", question, one, other)


def similar_sentences(gold: Gold) -> Iterator[Case]:
    """Sentences that share most of their words are annotated alike, or their other words say why not."""
    for one, other, ratio in _pairs(gold):
        if ratio < 1:
            question = "Nearly the same sentence in two places: do the differing words explain this?"
            yield from _cases("similar-sentence", question, one, other)


def similarity(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return 2 × the words in common, in order, over all words of both; 0 where it cannot reach SIMILAR."""
    total = len(one) + len(other)
    if 2 * (Counter(one) & Counter(other)).total() < SIMILAR * total:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _pairs(gold: Gold) -> Iterator[tuple[SentenceView, SentenceView, float]]:
    views = [view for view in gold.sentences if len(view.words) >= FEWEST_WORDS]
    for one, other in combinations(views, 2):
        ratio = similarity(one.words, other.words)
        if ratio >= SIMILAR:
            yield one, other, ratio


def _cases(rule: str, question: str, one: SentenceView, other: SentenceView) -> Iterator[Case]:
    for layer, left, right in _differences(one, other):
        if not (_noted(one, layer) or _noted(other, layer)):
            places = (
                Place(one.sentence.id, one.sentence.span.text, f"{layer}: {'; '.join(left) or 'nothing'}"),
                Place(
                    other.sentence.id, other.sentence.span.text, f"{layer}: {'; '.join(right) or 'nothing'}"
                ),
            )
            yield Case(rule, one.sentence.span.text, places, question)


def _noted(view: SentenceView, layer: str) -> bool:
    """Whether a note stands on something that the sentence has on a layer."""
    notes = {
        "label": [view.label.note if view.label else None],
        "mentions": [mention.note for mention in view.mentions],
        "quotes": [quote.note for quote in view.quotes],
        "claims": [claim.note for claim in view.claims],
    }
    return any(notes[layer])


def _differences(one: SentenceView, other: SentenceView) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield layer and what only the one, and only the other sentence has on it."""
    if None not in (one.label, other.label):
        yield from _unlike(
            "label", Counter([describe_label(one.label)]), Counter([describe_label(other.label)])
        )
    yield from _unlike("mentions", *_mentions(one, other))
    if {one.block.kind, other.block.kind} <= BODY_KINDS:
        yield from _unlike("quotes", _quotes(one), _quotes(other))
        yield from _unlike("claims", _claims(one), _claims(other))


def _unlike(
    layer: str, left: Counter[str], right: Counter[str]
) -> Iterator[tuple[str, list[str], list[str]]]:
    if left != right:
        yield layer, sorted((left - right).elements()), sorted((right - left).elements())


def _quotes(view: SentenceView) -> Counter[str]:
    return Counter(describe_labels(quote) for quote in view.quotes)


def _claims(view: SentenceView) -> Counter[str]:
    return Counter(describe_claim(claim) for claim in view.claims)


def _mentions(one: SentenceView, other: SentenceView) -> tuple[Counter[str], Counter[str]]:
    """Return the mentions on words that both sentences have, described with their place in the one."""
    matcher = SequenceMatcher(None, one.words, other.words, autojunk=False)
    there: Alignment = {}
    for a, b, size in matcher.get_matching_blocks():
        there |= {a + step: b + step for step in range(size)}
    back = {b: a for a, b in there.items()}
    left = Counter(_placed(one, mention, there, None) for mention in one.mentions)
    right = Counter(_placed(other, mention, back, back) for mention in other.mentions)
    left.pop("", None)
    right.pop("", None)
    return left, right


def _placed(view: SentenceView, mention: Mention, shared: Alignment, names: Alignment | None) -> str:
    """Describe a mention with the numbers of its words in the one sentence; empty if not all are shared."""
    own = _covered(view, mention.span)
    if any(token not in shared for token in own):
        return ""
    first, last = (names[token] if names else token for token in (own[0], own[-1]))
    words = " ".join(view.words[token] for token in own)
    return f"{words} @{first}–{last} {describe_mention(mention)}"


def _covered(view: SentenceView, span: Span) -> list[int]:
    return [n for n, (start, end) in enumerate(view.tokens) if start < span.end and span.start < end]
