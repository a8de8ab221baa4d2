"""L5: mentions lie well to each other and agree with the registry of entities."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from retold.checks.inputs import ArticleCheck, ArticleInput
from retold.findings import Finding
from retold.records import Mention

NATIONAL = frozenset(("GPE", "LOC", "ORG", "NORP"))  # what a NORP may point to
COUNTRY = "GPE"


def mention_spans(article: ArticleInput) -> Iterator[Finding]:
    """Check the order of mentions, and that no two share a span or cross.

    Issues: out-of-order, repeated-mention, crossing-mentions.
    """
    around: list[Mention] = []
    previous: Mention | None = None
    for number, mention in enumerate(article.mentions):
        span = mention.span
        if previous is not None and span.start < previous.span.start:
            yield article.find("entities", "out-of-order", ("mentions", number), mention.id, list="mentions")
        if around:
            around = [other for other in around if other.span.end > span.start]
        for other in around:
            values = {"text": repr(span.text), "other": other.id}
            pointer = ("mentions", number, "text")
            if (other.span.start, other.span.end) == (span.start, span.end):
                yield article.find("entities", "repeated-mention", pointer, mention.id, **values)
            elif other.span.start < span.start < other.span.end < span.end:
                yield article.find("entities", "crossing-mentions", pointer, mention.id, **values)
        around.append(mention)
        previous = mention


def mention_places(article: ArticleInput) -> Iterator[Finding]:
    """Check that no mention goes over the end of a sentence.

    Issues: mention-over-sentences.
    """
    sentences = sorted(
        (sentence.span.start, sentence.span.end, sentence.id) for sentence, _ in article.sentences
    )
    starts = [start for start, _, _ in sentences]
    for number, mention in enumerate(article.mentions):
        place = bisect_right(starts, mention.span.start) - 1
        if place >= 0 and sentences[place][1] < mention.span.end:
            values = {"text": repr(mention.span.text), "sentence": sentences[place][2]}
            pointer = ("mentions", number, "text")
            yield article.find("entities", "mention-over-sentences", pointer, mention.id, **values)


def mention_types(article: ArticleInput) -> Iterator[Finding]:
    """Check the type of each mention against its entity's.

    Issues: type-differs, also-repeats-type.
    """
    entities = article.registry.entities
    for number, mention in enumerate(article.mentions):
        if mention.type in mention.also:
            pointer = ("mentions", number, "also")
            yield article.find("entities", "also-repeats-type", pointer, mention.id, type=mention.type)
        if mention.entity is None:
            continue
        own = entities[mention.entity].type
        fits = own == mention.type or own in mention.also or (mention.type == "NORP" and own in NATIONAL)
        if not fits:
            values = {"type": mention.type, "entity": mention.entity, "expected": own}
            pointer = ("mentions", number, "type")
            yield article.find("entities", "type-differs", pointer, mention.id, **values)


def metonyms(article: ArticleInput) -> Iterator[Finding]:
    """Check that a metonym stands for a country that is not the place itself.

    Issues: metonym-target.
    """
    for number, mention in enumerate(article.mentions):
        if mention.metonym_of is None:
            continue
        target = article.registry.entities[mention.metonym_of]
        if target.type != COUNTRY or target.id == mention.entity:
            values = {"target": target.id, "type": target.type}
            pointer = ("mentions", number, "metonym_of")
            yield article.find("entities", "metonym-target", pointer, mention.id, **values)


CHECKS = (
    ArticleCheck("L5", ("entities",), mention_spans),
    ArticleCheck("L5", ("entities", "segments"), mention_places),
    ArticleCheck("L5", ("entities", "registry-entities"), mention_types),
    ArticleCheck("L5", ("entities", "registry-entities"), metonyms),
)
