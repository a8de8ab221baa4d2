"""Files to records, without judgement.

The files must have passed levels L1 and L2 (``retold.validation``): the reader trusts their form and
raises ``KeyError`` or ``TypeError`` where it is broken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from retold.layout import REGISTRIES, REPAIRS, Layout
from retold.records import (
    Article,
    ArticleTopic,
    Block,
    BlockTopics,
    CanonicalClaim,
    Claim,
    Entity,
    Flag,
    Mention,
    Metadata,
    NearMiss,
    OtherMark,
    Quote,
    Registry,
    Relation,
    Repair,
    Sentence,
    SentenceLabel,
    Span,
    Splits,
    Topic,
    Utterance,
    UtteranceLink,
)

Json = dict[str, Any]


def read_json(path: Path) -> Json:
    """Parse one JSON file; ``OSError`` if unreadable, ``orjson.JSONDecodeError`` if it is no JSON."""
    document: Json = orjson.loads(path.read_bytes())
    return document


def read_text(path: Path) -> str:
    """Return a raw text exactly: no newline translation; ``UnicodeDecodeError`` if not UTF-8."""
    return path.read_bytes().decode("utf-8")


def read_article(layout: Layout, article: str) -> Article:
    """Read one article with all its layers."""
    layers = {layer: read_json(layout.layer(article, layer)) for layer in ("segments", "quotes", "entities")}
    claims = read_json(layout.layer(article, "claims"))
    topics = read_json(layout.layer(article, "topics"))
    raw = layout.text(article).read_bytes()
    return Article(
        id=article,
        text=raw.decode("utf-8"),
        sha256=hashlib.sha256(raw).hexdigest(),
        metadata=parse_metadata(read_json(layout.metadata(article))),
        blocks=parse_blocks(layers["segments"]),
        quotes=parse_quotes(layers["quotes"]),
        other_marks=parse_other_marks(layers["quotes"]),
        mentions=parse_mentions(layers["entities"]),
        sentence_labels=parse_sentence_labels(claims),
        claims=parse_claims(claims),
        main_topics=parse_article_topics(topics, "main"),
        secondary_topics=parse_article_topics(topics, "secondary"),
        block_topics=parse_block_topics(topics),
        repairs=read_repairs(layout, article),
    )


def read_repairs(layout: Layout, article: str) -> tuple[Repair, ...]:
    """Read the repairs of one article; a pass has none."""
    return parse_repairs(read_json(layout.layer(article, REPAIRS))) if REPAIRS in layout.layers else ()


def read_registry(layout: Layout) -> Registry:
    """Read the four registries."""
    return parse_registry(read_registries(layout)[0])


def read_registries(layout: Layout) -> tuple[dict[str, Json], dict[str, str]]:
    """Read the files of the four registries: their contents by name, the SHA-256 of each by path."""
    data = {name: layout.registry(name).read_bytes() for name in REGISTRIES}
    documents: dict[str, Json] = {name: orjson.loads(content) for name, content in data.items()}
    paths = {name: layout.registry(name).relative_to(layout.root).as_posix() for name in REGISTRIES}
    return documents, {paths[name]: hashlib.sha256(content).hexdigest() for name, content in data.items()}


def read_splits(layout: Layout) -> Splits:
    """Read the splits and folds."""
    return parse_splits(read_json(layout.splits))


def parse_splits(document: Json) -> Splits:
    """Return the splits and folds of a ``splits.json``."""
    return Splits(
        splits={name: tuple(articles) for name, articles in document["splits"].items()},
        folds=tuple(tuple(fold) for fold in document["folds"]),
    )


def parse_span(item: Json) -> Span:
    """Return the flat span of an item (its ``start``, ``end``, ``text``)."""
    return Span(item["start"], item["end"], item["text"])


def parse_spans(items: list[Json]) -> tuple[Span, ...]:
    """Return a list of spans."""
    return tuple([Span(item["start"], item["end"], item["text"]) for item in items])


def parse_metadata(document: Json) -> Metadata:
    """Return an article's metadata; ``<field>_note`` keys become ``notes``."""
    fields = ("id", "title", "publisher", "author", "date", "url", "language", "source_file", "rights")
    flags = (Flag(f["flag"], parse_spans(f["words"]), f.get("note")) for f in document["flags"])
    notes = {key.removesuffix("_note"): value for key, value in document.items() if key.endswith("_note")}
    return Metadata(**{field: document[field] for field in fields}, flags=tuple(flags), notes=notes)


def parse_blocks(document: Json) -> tuple[Block, ...]:
    """Return the blocks of a ``segments.json``."""
    return tuple(
        Block(
            block["id"],
            block["kind"],
            block["start"],
            block["end"],
            tuple([Sentence(item["id"], parse_span(item)) for item in block["sentences"]]),
        )
        for block in document["blocks"]
    )


def parse_quotes(document: Json) -> tuple[Quote, ...]:
    """Return the quotes of a ``quotes.json``."""
    return tuple(
        Quote(
            item["id"],
            item["type"],
            item["marking"],
            item["attitude"],
            item["polarity"],
            item["scope"],
            parse_spans(item["content"]),
            parse_spans(item["cue"]),
            parse_spans(item["cue_group"]),
            parse_spans(item["source"]),
            item["speaker"],
            parse_spans(item["verbatim"]),
            item["parent"],
            tuple([UtteranceLink(link["utterance"], link["rendering"]) for link in item["utterances"]]),
            item.get("note"),
        )
        for item in document["quotes"]
    )


def parse_other_marks(document: Json) -> tuple[OtherMark, ...]:
    """Return the quotation marks of a ``quotes.json`` that mark no quote."""
    return tuple(
        OtherMark(parse_span(item), item["function"], item.get("note")) for item in document["other_marks"]
    )


def parse_mentions(document: Json) -> tuple[Mention, ...]:
    """Return the mentions of an ``entities.json``."""
    return tuple(
        Mention(
            item["id"],
            parse_span(item),
            item["form"],
            item["type"],
            tuple(item["also"]),
            item["entity"],
            item["metonym_of"],
            item["value"],
            item["modifier"],
            item.get("note"),
        )
        for item in document["mentions"]
    )


def parse_sentence_labels(document: Json) -> tuple[SentenceLabel, ...]:
    """Return the sentence labels of a ``claims.json``."""
    return tuple(
        SentenceLabel(item["sentence"], item["checkability"], item["reason"], item.get("note"))
        for item in document["sentences"]
    )


def parse_claims(document: Json) -> tuple[Claim, ...]:
    """Return the claims of a ``claims.json``."""
    return tuple(
        Claim(
            item["id"],
            item["sentence"],
            parse_spans(item["spans"]),
            item["proposition"],
            item["category"],
            item["claimant"],
            item["polarity"],
            item["certainty"],
            item["quote"],
            item["canonical"],
            item.get("note"),
        )
        for item in document["claims"]
    )


def parse_article_topics(document: Json, rank: str) -> tuple[ArticleTopic, ...]:
    """Return the ``main`` or ``secondary`` topics of a ``topics.json``."""
    return tuple(
        ArticleTopic(item["topic"], tuple(item["evidence"]), item.get("note"))
        for item in document["article_topics"][rank]
    )


def parse_block_topics(document: Json) -> tuple[BlockTopics, ...]:
    """Return the block topics of a ``topics.json``."""
    return tuple(
        BlockTopics(item["block"], tuple(item["topics"]), item.get("note"))
        for item in document["block_topics"]
    )


def parse_repairs(document: Json) -> tuple[Repair, ...]:
    """Return the repairs of a ``repairs.json``."""
    return tuple(
        Repair(item["id"], parse_span(item), item["replacement"], item["kind"], item.get("note"))
        for item in document["repairs"]
    )


def parse_registry(documents: Mapping[str, Json]) -> Registry:
    """Return the registry from its files' contents, keyed by the names in ``REGISTRIES``."""
    claims = documents["claims"]
    return Registry(
        entities={item["id"]: parse_entity(item) for item in documents["entities"]["entities"]},
        utterances={item["id"]: parse_utterance(item) for item in documents["utterances"]["utterances"]},
        claims={item["id"]: parse_canonical(item) for item in claims["claims"]},
        near_misses=tuple(map(parse_near_miss, claims["near_misses"])),
        topics={item["code"]: parse_topic(item) for item in documents["topics"]["topics"]},
    )


def parse_entity(item: Json) -> Entity:
    """Return one entry of the entity registry."""
    plain = ("id", "name", "type", "wikidata", "wikidata_note", "description", "replaced_by")
    return Entity(**{key: item[key] for key in plain}, members=tuple(item["members"]), note=item.get("note"))


def parse_utterance(item: Json) -> Utterance:
    """Return one entry of the utterance registry."""
    plain = ("id", "speaker", "gist", "date", "place", "reference", "replaced_by")
    return Utterance(**{key: item[key] for key in plain}, note=item.get("note"))


def parse_canonical(item: Json) -> CanonicalClaim:
    """Return one entry of the claim registry."""
    return CanonicalClaim(
        id=item["id"],
        statement=item["statement"],
        relations=tuple(
            Relation(relation["to"], relation["relation"], relation["type"], relation["level"])
            for relation in item["relations"]
        ),
        replaced_by=item["replaced_by"],
        note=item.get("note"),
    )


def parse_near_miss(item: Json) -> NearMiss:
    """Return one near miss of the claim registry."""
    return NearMiss(item["a"], item["b"], item["why"])


def parse_topic(item: Json) -> Topic:
    """Return one entry of the topic registry."""
    return Topic(item["code"], item["label"], item["broader"])
