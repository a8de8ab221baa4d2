"""The invented story: where few-shot examples come from, and the control of the probe.

The five articles tell one story, so that an example from any of them would give labels of the others away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from retold.benchmark.gold import ClaimPair, Gold
from retold.records import (
    Article,
    Block,
    Claim,
    Entity,
    Mention,
    Metadata,
    Quote,
    Sentence,
    SentenceLabel,
    Span,
)

FILE = Path(__file__).resolve().parent / "fewshot" / "ferry-strike.json"

Json = dict[str, Any]


def read_story(path: Path = FILE) -> Gold:
    """Read the story as a gold of its own, with two articles that tell it."""
    story = json.loads(path.read_text(encoding="utf-8"))
    articles = [_article(article) for article in story["articles"]]
    return Gold(
        version=None,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        view="raw",
        articles={article.id: article for article in articles},
        splits={},
        entities={
            entity["id"]: Entity(**entity | {"members": tuple(entity["members"])})
            for entity in story["entities"]
        },
        utterances={},
        pairs=[ClaimPair(**pair, origin="relation") for pair in story["pairs"]],
        topics={},
        entity_types=(),
    )


def _article(part: Json) -> Article:
    return Article(
        id=part["id"],
        text=part["text"],
        sha256=hashlib.sha256(part["text"].encode()).hexdigest(),
        metadata=Metadata(
            part["id"], part["title"], None, None, None, None, "en", FILE.name, "invented", (), {}
        ),
        blocks=tuple(_block(block) for block in part["blocks"]),
        quotes=tuple(Quote(**_spanned(quote)) for quote in part["quotes"]),
        other_marks=(),
        mentions=tuple(_mention(mention) for mention in part["mentions"]),
        sentence_labels=tuple(SentenceLabel(**label) for label in part["sentence_labels"]),
        claims=tuple(Claim(**_spanned(claim)) for claim in part["claims"]),
        main_topics=(),
        secondary_topics=(),
        block_topics=(),
    )


def _block(part: Json) -> Block:
    sentences = tuple(Sentence(sentence["id"], _span(sentence)) for sentence in part["sentences"])
    return Block(part["id"], part["kind"], part["start"], part["end"], sentences)


def _mention(part: Json) -> Mention:
    rest = {key: value for key, value in part.items() if key not in {"start", "end", "text"}}
    return Mention(span=_span(part), **rest | {"also": tuple(part["also"])})


def _span(part: Json) -> Span:
    return Span(part["start"], part["end"], part["text"])


def _spanned(part: Json) -> Json:
    """Return an item whose lists are tuples, of spans where they hold spans."""
    return {key: _tuple(value) if isinstance(value, list) else value for key, value in part.items()}


def _tuple(values: Sequence[Json]) -> tuple[Span, ...]:
    return tuple(_span(value) for value in values)
