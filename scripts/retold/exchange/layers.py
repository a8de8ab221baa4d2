"""Records to documents in the form of the annotation files: the way back of ``retold.reader``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from retold.layout import CORPUS_LAYERS
from retold.records import (
    Article,
    ArticleTopic,
    Block,
    BlockTopics,
    Claim,
    Mention,
    OtherMark,
    Quote,
    Repair,
    SentenceLabel,
    Span,
)

Json = dict[str, Any]


def documents_of(article: Article) -> dict[str, Json]:
    """Return all layers of an article, keyed by layer; records have no votes and no ``before``."""
    return {
        layer: {**head_of(layer, article.id, article.sha256), **_LISTS[layer](article)}
        for layer in CORPUS_LAYERS
    }


def head_of(layer: str, article: str, sha256: str) -> Json:
    """Return the first members of a layer's file."""
    return {
        "$schema": f"../../schema/{layer}.schema.json",
        "article": article,
        "article_sha256": sha256,
    }


def segments_lists(blocks: Iterable[Block]) -> Json:
    """Return the list of a ``segments.json``."""
    return {
        "blocks": [
            {
                "id": block.id,
                "kind": block.kind,
                "start": block.start,
                "end": block.end,
                "sentences": [{"id": item.id, **span_json(item.span)} for item in block.sentences],
            }
            for block in blocks
        ]
    }


def quotes_lists(quotes: Iterable[Quote], other_marks: Iterable[OtherMark]) -> Json:
    """Return the lists of a ``quotes.json``."""
    return {
        "quotes": [_quote(quote) for quote in quotes],
        "other_marks": [_mark(mark) for mark in other_marks],
    }


def entities_lists(mentions: Iterable[Mention]) -> Json:
    """Return the list of an ``entities.json``."""
    return {"mentions": [_mention(mention) for mention in mentions]}


def claims_lists(labels: Iterable[SentenceLabel], claims: Iterable[Claim]) -> Json:
    """Return the lists of a ``claims.json``."""
    return {"sentences": [_label(label) for label in labels], "claims": [_claim(claim) for claim in claims]}


def topics_lists(
    main: Iterable[ArticleTopic], secondary: Iterable[ArticleTopic], blocks: Iterable[BlockTopics]
) -> Json:
    """Return the lists of a ``topics.json``."""
    ranks = {"main": main, "secondary": secondary}
    return {
        "article_topics": {
            rank: [
                {"topic": item.topic, "evidence": list(item.evidence), **_note(item.note)} for item in topics
            ]
            for rank, topics in ranks.items()
        },
        "block_topics": [
            {"block": item.block, "topics": list(item.topics), **_note(item.note)} for item in blocks
        ],
    }


def repairs_lists(repairs: Iterable[Repair]) -> Json:
    """Return the list of a ``repairs.json``."""
    return {
        "repairs": [
            {
                "id": item.id,
                **span_json(item.span),
                "replacement": item.replacement,
                "kind": item.kind,
                **_note(item.note),
            }
            for item in repairs
        ]
    }


def span_json(span: Span) -> Json:
    """Return a span as the annotation files write it."""
    return {"text": span.text, "start": span.start, "end": span.end}


_LISTS = {
    "segments": lambda article: segments_lists(article.blocks),
    "quotes": lambda article: quotes_lists(article.quotes, article.other_marks),
    "entities": lambda article: entities_lists(article.mentions),
    "claims": lambda article: claims_lists(article.sentence_labels, article.claims),
    "topics": lambda article: topics_lists(
        article.main_topics, article.secondary_topics, article.block_topics
    ),
    "repairs": lambda article: repairs_lists(article.repairs),
}


def _quote(quote: Quote) -> Json:
    return {
        "id": quote.id,
        "type": quote.type,
        "marking": quote.marking,
        "attitude": quote.attitude,
        "polarity": quote.polarity,
        "scope": quote.scope,
        "content": _spans(quote.content),
        "cue": _spans(quote.cue),
        "cue_group": _spans(quote.cue_group),
        "source": _spans(quote.source),
        "speaker": quote.speaker,
        "verbatim": _spans(quote.verbatim),
        "parent": quote.parent,
        "utterances": [
            {"utterance": link.utterance, "rendering": link.rendering} for link in quote.utterances
        ],
        **_note(quote.note),
    }


def _mark(mark: OtherMark) -> Json:
    return {**span_json(mark.span), "function": mark.function, **_note(mark.note)}


def _mention(mention: Mention) -> Json:
    return {
        "id": mention.id,
        **span_json(mention.span),
        "form": mention.form,
        "type": mention.type,
        "also": list(mention.also),
        "entity": mention.entity,
        "metonym_of": mention.metonym_of,
        "value": mention.value,
        "modifier": mention.modifier,
        **_note(mention.note),
    }


def _label(label: SentenceLabel) -> Json:
    return {
        "sentence": label.sentence,
        "checkability": label.checkability,
        "reason": label.reason,
        **_note(label.note),
    }


def _claim(claim: Claim) -> Json:
    return {
        "id": claim.id,
        "sentence": claim.sentence,
        "spans": _spans(claim.spans),
        "proposition": claim.proposition,
        "category": claim.category,
        "claimant": claim.claimant,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "quote": claim.quote,
        "canonical": claim.canonical,
        **_note(claim.note),
    }


def _spans(spans: Iterable[Span]) -> list[Json]:
    return [span_json(span) for span in spans]


def _note(note: str | None) -> Json:
    return {} if note is None else {"note": note}
