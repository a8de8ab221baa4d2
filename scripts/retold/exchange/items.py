"""The annotation as a list of items, each of an item type: what two-way formats write and read.

An item is a JSON object as in the annotation files, but for sentences, which carry their label with them,
and topics, which carry their rank. The table says what each field is, so that a format need not know the
layers one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from retold.exchange.layers import head_of
from retold.exchange.numbering import give_ids

Json = dict[str, Any]
FLAT = ("text", "start", "end")


@dataclass(frozen=True, slots=True)
class ItemType:
    """What the items of one kind are made of; fields of all parts are those of the annotation files.

    ``spans`` are lists of spans, the first of them never empty; an item type without them has a flat span,
    unless it is not ``anchored``. ``labels`` maps closed labels to their vocabulary, ``references`` ids of
    items to their type; ``links`` are ids of registry entries, ``strings`` free text, ``lists`` lists of
    strings. ``order`` is the order of the keys in the file. ``letter`` and ``digits`` make ids.
    """

    name: str
    layer: str
    order: tuple[str, ...]
    spans: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    strings: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    letter: str = ""
    digits: int = 2
    anchored: bool = True


Item = tuple[ItemType, Json]

BLOCK = ItemType(
    "Block", "segments", ("id", "kind", "start", "end"), labels={"kind": "block-kind"}, letter="b"
)  # fmt: skip
SENTENCE = ItemType(
    "Sentence",
    "segments",
    ("id", *FLAT, "checkability", "reason"),
    labels={"checkability": "checkability", "reason": "none-reason"},
    letter="s",
    digits=3,
)
QUOTE = ItemType(
    "Quote",
    "quotes",
    (
        *("id", "type", "marking", "attitude", "polarity", "scope", "content", "cue", "cue_group", "source"),
        *("speaker", "verbatim", "parent", "utterances"),
    ),
    spans=("content", "cue", "cue_group", "source", "verbatim"),
    labels={name: f"quote-{name}" for name in ("type", "marking", "attitude", "polarity", "scope")},
    links=("speaker",),
    references={"parent": "Quote"},
    lists=("utterances",),
    letter="q",
)
MARK = ItemType("Mark", "quotes", (*FLAT, "function"), labels={"function": "mark-function"})
MENTION = ItemType(
    "Mention",
    "entities",
    ("id", *FLAT, "form", "type", "also", "entity", "metonym_of", "value", "modifier"),
    labels={"type": "entity-type", "form": "mention-form", "modifier": "modifier"},
    links=("entity", "metonym_of"),
    strings=("value",),
    lists=("also",),
    letter="m",
    digits=3,
)
CLAIM = ItemType(
    "Claim",
    "claims",
    (
        *("id", "sentence", "spans", "proposition", "category", "claimant", "polarity", "certainty"),
        *("quote", "canonical"),
    ),
    spans=("spans",),
    labels={"category": "claim-category", "polarity": "claim-polarity", "certainty": "certainty"},
    links=("claimant", "canonical"),
    references={"quote": "Quote"},
    strings=("sentence", "proposition"),
    letter="c",
    digits=3,
)
ARTICLE_TOPIC = ItemType(
    "ArticleTopic",
    "topics",
    ("topic", "evidence"),
    strings=("rank", "topic"),
    lists=("evidence",),
    anchored=False,
)
BLOCK_TOPIC = ItemType(
    "BlockTopic", "topics", ("block", "topics"), strings=("block",), lists=("topics",), anchored=False
)
REPAIR = ItemType(
    "Repair",
    "repairs",
    ("id", *FLAT, "replacement", "kind"),
    labels={"kind": "repair-kind"},
    strings=("replacement",),
    letter="r",
)
ITEM_TYPES: Mapping[str, ItemType] = {
    kind.name: kind
    for kind in (BLOCK, SENTENCE, QUOTE, MARK, MENTION, CLAIM, ARTICLE_TOPIC, BLOCK_TOPIC, REPAIR)
}


def items_of(documents: Mapping[str, Json], layers: Iterable[str]) -> Iterator[Item]:
    """Yield the items of some layers of an article, layer by layer in file order."""
    wanted = set(layers)
    for kind in ITEM_TYPES.values():
        if kind.layer in wanted:
            yield from ((kind, item) for item in _LISTED[kind.name](documents))


def documents_from(
    items: Iterable[Item], article: str, sha256: str, layers: Iterable[str]
) -> tuple[dict[str, Json], list[str]]:
    """Return the layers that items make, and what could not be placed, a line each.

    Items stand in text order (those at one place in the order given). An item without an id gets the next
    number of its type in the article. Labels that are missing are ``None``: validation finds them.
    """
    by_type: dict[str, list[Json]] = {name: [] for name in ITEM_TYPES}
    for kind, item in items:
        by_type[kind.name].append(item)
    for kind in ITEM_TYPES.values():
        if kind.anchored:
            by_type[kind.name].sort(key=start_of)
        if kind.letter:
            give_ids(by_type[kind.name], f"{article}-{kind.letter}", kind.digits)
    tidy = {name: [_tidy(ITEM_TYPES[name], item) for item in found] for name, found in by_type.items()}
    blocks, notices = _nested(tidy["Block"], tidy["Sentence"])
    lists: dict[str, Json] = {
        "segments": {"blocks": blocks},
        "quotes": {"quotes": tidy["Quote"], "other_marks": tidy["Mark"]},
        "entities": {"mentions": tidy["Mention"]},
        "claims": {"sentences": _labels(tidy["Sentence"]), "claims": _with_sentence(tidy)},
        "topics": {
            "article_topics": {
                rank: [
                    item
                    for item, source in zip(tidy["ArticleTopic"], by_type["ArticleTopic"], strict=True)
                    if source.get("rank") == rank
                ]
                for rank in ("main", "secondary")
            },
            "block_topics": tidy["BlockTopic"],
        },
        "repairs": {"repairs": tidy["Repair"]},
    }
    return {layer: {**head_of(layer, article, sha256), **lists[layer]} for layer in layers}, notices


def start_of(item: Json) -> int:
    """Return where an item begins: its flat span, or the first of its first list of spans."""
    spans = item.get("content") or item.get("spans")
    start: int = spans[0]["start"] if spans else item.get("start", 0)
    return start


def _sentences(documents: Mapping[str, Json]) -> Iterator[Json]:
    labels = {label["sentence"]: label for label in documents["claims"]["sentences"]}
    for block in documents["segments"]["blocks"]:
        for sentence in block["sentences"]:
            label = labels.get(sentence["id"], {})
            note = {"note": label["note"]} if "note" in label else {}
            kept = {key: label.get(key) for key in ("checkability", "reason")}
            yield {**{key: sentence[key] for key in ("id", *FLAT)}, **kept, **note}


def _article_topics(documents: Mapping[str, Json]) -> Iterator[Json]:
    for rank, topics in documents["topics"]["article_topics"].items():
        yield from ({**topic, "rank": rank} for topic in topics)


_LISTED: Mapping[str, Any] = {
    "Block": lambda documents: documents["segments"]["blocks"],
    "Sentence": _sentences,
    "Quote": lambda documents: documents["quotes"]["quotes"],
    "Mark": lambda documents: documents["quotes"]["other_marks"],
    "Mention": lambda documents: documents["entities"]["mentions"],
    "Claim": lambda documents: documents["claims"]["claims"],
    "ArticleTopic": _article_topics,
    "BlockTopic": lambda documents: documents["topics"]["block_topics"],
    "Repair": lambda documents: documents["repairs"]["repairs"],
}


def _tidy(kind: ItemType, item: Json) -> Json:
    """Return an item with its keys complete and in the order of the file."""
    many = (*kind.spans, *kind.lists)
    tidy = {key: item.get(key, [] if key in many else None) for key in kind.order}
    return tidy | ({"note": item["note"]} if item.get("note") else {})


def _nested(blocks: list[Json], sentences: list[Json]) -> tuple[list[Json], list[str]]:
    """Put each sentence into the last block that begins before it ends."""
    nested: list[Json] = [{**block, "sentences": []} for block in blocks]
    notices = []
    for sentence in sentences:
        home = [block for block in nested if block["start"] < max(sentence["end"], sentence["start"] + 1)]
        if home:
            home[-1]["sentences"].append({key: sentence[key] for key in ("id", *FLAT)})
        else:
            notices.append(f"sentence {sentence['id']}: no block begins before it: left out")
    return nested, notices


def _labels(sentences: list[Json]) -> list[Json]:
    fields = ("checkability", "reason", "note")
    return [
        {"sentence": item["id"], **{key: item[key] for key in fields if key in item}}
        for item in sentences
        if item["checkability"] is not None
    ]


def _with_sentence(tidy: Mapping[str, list[Json]]) -> list[Json]:
    """Give claims that name no sentence the one in which they begin."""
    for claim in tidy["Claim"]:
        if claim["sentence"] is None:
            within = [
                item["id"] for item in tidy["Sentence"] if item["start"] <= start_of(claim) < item["end"]
            ]
            claim["sentence"] = within[0] if within else None
    return tidy["Claim"]
