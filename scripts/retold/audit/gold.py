"""The gold as the rules read it: sentences with everything that is annotated in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from retold.records import Article, Block, Claim, Mention, Quote, Registry, Sentence, SentenceLabel, Span
from retold.tokens import tokenize

BODY_KINDS = frozenset(("paragraph", "turn"))

Words = tuple[str, ...]


@dataclass(frozen=True)
class SentenceView:
    """A sentence and the items that touch it; ``number`` counts the article's sentences from 0.

    Quotes touch a sentence with their content, claims with their spans, mentions lie in it.
    """

    article: Article
    block: Block
    sentence: Sentence
    number: int
    label: SentenceLabel | None
    mentions: tuple[Mention, ...]
    quotes: tuple[Quote, ...]
    claims: tuple[Claim, ...]

    @cached_property
    def tokens(self) -> list[tuple[int, int]]:
        """Offsets of the tokens, into the article's text."""
        span = self.sentence.span
        return tokenize(self.article.text, span.start, span.end)

    @cached_property
    def words(self) -> Words:
        """The tokens, as rules compare them."""
        return tuple(folded(self.article.text[start:end]) for start, end in self.tokens)

    @property
    def factual(self) -> bool:
        """Whether the sentence is of the body and asserts something."""
        asserts = self.label is not None and self.label.checkability != "none"
        return asserts and self.block.kind in BODY_KINDS


@dataclass(frozen=True)
class Gold:
    """All articles and what they share."""

    articles: tuple[Article, ...]
    registry: Registry

    @cached_property
    def sentences(self) -> tuple[SentenceView, ...]:
        """The sentences of all articles, in order."""
        return tuple(view for article in self.articles for view in sentence_views(article))


def sentence_views(article: Article) -> Iterator[SentenceView]:
    """Yield the sentences of an article, in text order."""
    labels = {label.sentence: label for label in article.sentence_labels}
    pairs = [(block, sentence) for block in article.blocks for sentence in block.sentences]
    for number, (block, sentence) in enumerate(pairs):
        own = sentence.span
        yield SentenceView(
            article,
            block,
            sentence,
            number,
            labels.get(sentence.id),
            tuple(mention for mention in article.mentions if overlap(mention.span, own)),
            tuple(quote for quote in article.quotes if touches(quote.content, own)),
            tuple(claim for claim in article.claims if touches(claim.spans, own)),
        )


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans of one article share a character."""
    return a.start < b.end and b.start < a.end


def touches(spans: Iterable[Span], own: Span) -> bool:
    """Whether one of the spans overlaps ``own``."""
    return any(overlap(span, own) for span in spans)


def folded(word: str) -> str:
    """Return a word with case and the kind of apostrophe taken away."""
    return word.casefold().replace("’", "'")


def words_of(text: str) -> Words:
    """Return a text as folded tokens."""
    return tuple(folded(text[start:end]) for start, end in tokenize(text))


def describe_mention(mention: Mention) -> str:
    """Return the labels of a mention in one line."""
    parts = [mention.form, mention.type, mention.entity, mention.value, mention.modifier]
    also = [f"also {label}" for label in mention.also]
    metonym = [f"for {mention.metonym_of}"] if mention.metonym_of else []
    return " ".join([*filter(None, parts), *also, *metonym])


def describe_quote(quote: Quote) -> str:
    """Return the cue and the labels of a quote in one line."""
    cue = " + ".join(span.text for span in quote.cue) or "no cue"
    return f"[{cue}] {describe_labels(quote)}"


def describe_labels(quote: Quote) -> str:
    """Return the labels of a quote in one line."""
    labels = (quote.type, quote.marking, quote.attitude, quote.polarity, quote.scope)
    return f"{' '.join(labels)}, {quote.speaker or 'speaker open'}"


def describe_claim(claim: Claim) -> str:
    """Return the labels of a claim in one line."""
    labels = (claim.category, claim.polarity, claim.certainty)
    return f"{' '.join(labels)}, {claim.claimant or 'open'}, {claim.canonical or 'no canonical claim'}"


def describe_label(label: SentenceLabel | None) -> str:
    """Return the checkability of a sentence in one line."""
    return " ".join(filter(None, (label.checkability, label.reason))) if label else "no label"
