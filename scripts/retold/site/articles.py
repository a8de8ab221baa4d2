"""An article and its layers, as the page reads them; offsets are code points into the raw text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retold.records import Article, Block, Claim, Mention, Quote, Repair, SentenceLabel
from retold.site.jsontools import Json, lean, pairs


def article_data(article: Article, split: str | None) -> Json:
    """Return all that the page shows of an article."""
    labels = {label.sentence: label for label in article.sentence_labels}
    topics = {entry.block: list(entry.topics) for entry in article.block_topics}
    return lean(
        {
            "id": article.id,
            "text": article.text,
            "split": split,
            **_metadata(article),
            "blocks": [_block(block, labels, topics) for block in article.blocks],
            "quotes": [_quote(quote) for quote in article.quotes],
            "marks": [
                lean({"at": [mark.span.start, mark.span.end], "function": mark.function, "note": mark.note})
                for mark in article.other_marks
            ],
            "mentions": [_mention(mention) for mention in article.mentions],
            "claims": [_claim(claim) for claim in article.claims],
            "repairs": [_repair(repair) for repair in article.repairs],
            "topics": [
                lean({"code": topic.topic, "rank": rank, "evidence": topic.evidence, "note": topic.note})
                for rank, topics in (("main", article.main_topics), ("secondary", article.secondary_topics))
                for topic in topics
            ],
        }
    )


def _metadata(article: Article) -> Json:
    about = article.metadata
    fields = ("title", "publisher", "author", "date", "url", "language", "rights")
    flags = [
        lean({"flag": flag.flag, "words": [word.text for word in flag.words], "note": flag.note})
        for flag in about.flags
    ]
    return {**{name: getattr(about, name) for name in fields}, "unknown": dict(about.notes), "flags": flags}


def _block(block: Block, labels: Mapping[str, SentenceLabel], topics: Mapping[str, list[str]]) -> Json:
    sentences = []
    for sentence in block.sentences:
        label = labels.get(sentence.id)
        judged: dict[str, Any] = (
            {"check": label.checkability, "reason": label.reason, "note": label.note} if label else {}
        )
        sentences.append(lean({"id": sentence.id, "at": [sentence.span.start, sentence.span.end], **judged}))
    return lean(
        {
            "id": block.id,
            "kind": block.kind,
            "at": [block.start, block.end],
            "topics": topics.get(block.id),
            "sentences": sentences,
        }
    )


def _quote(quote: Quote) -> Json:
    plain = ("id", "type", "marking", "attitude", "polarity", "scope", "speaker", "parent", "note")
    parts = ("content", "cue", "source", "verbatim")
    return lean(
        {
            **{name: getattr(quote, name) for name in plain},
            **{name: pairs(getattr(quote, name)) for name in parts},
            "utterances": [[tie.utterance, tie.rendering] for tie in quote.utterances],
        }
    )


def _mention(mention: Mention) -> Json:
    plain = ("id", "form", "type", "also", "entity", "metonym_of", "value", "modifier", "note")
    return lean(
        {"at": [mention.span.start, mention.span.end], **{name: getattr(mention, name) for name in plain}}
    )


def _claim(claim: Claim) -> Json:
    plain = (
        "id",
        "sentence",
        "proposition",
        "category",
        "claimant",
        "polarity",
        "certainty",
        "quote",
        "canonical",
        "note",
    )
    return lean({"spans": pairs(claim.spans), **{name: getattr(claim, name) for name in plain}})


def _repair(repair: Repair) -> Json:
    return lean(
        {
            "id": repair.id,
            "at": [repair.span.start, repair.span.end],
            "replacement": repair.replacement,
            "kind": repair.kind,
            "note": repair.note,
        }
    )
