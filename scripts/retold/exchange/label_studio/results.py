"""Items to the ``result`` of a Label Studio annotation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from retold.exchange.items import Item, ItemType
from retold.exchange.label_studio.controls import (
    LABEL_FIELDS,
    NO_TOPIC,
    RANK_NOTES,
    RANKS,
    REGIONS,
    RELATION,
    TEXT,
    Control,
    controls_of,
    head_label,
    rank_control,
)

Json = dict[str, Any]


def result_of(article: str, text: str, items: Iterable[Item]) -> list[Json]:
    """Return the result list of an article: regions with their fields, then topics, then relations."""
    return list(_Writer(article, text, list(items)).result())


class _Writer:
    """The items of one article, with topics and evidence at hand."""

    def __init__(self, article: str, text: str, items: Sequence[Item]) -> None:
        self._article = article
        self._text = text
        self._items = items
        self._block_topics = {item["block"]: item for kind, item in items if kind.name == "BlockTopic"}
        self._topics = [item for kind, item in items if kind.name == "ArticleTopic"]
        self._evidence: defaultdict[str, list[str]] = defaultdict(list)
        for topic in self._topics:
            for sentence in topic["evidence"]:
                self._evidence[sentence].append(topic["topic"])
        self._parts: dict[str, Json] = {}
        self._relations: list[Json] = []
        self._marks = 0

    def result(self) -> Iterator[Json]:
        """Yield all results."""
        for kind, item in self._items:
            if kind.anchored and kind.name.lower() in REGIONS:
                yield from self._item(kind, item)
        yield from self._parts.values()
        yield from self._article_topics()
        yield from self._relations

    def _item(self, kind: ItemType, item: Json) -> Iterator[Json]:
        spans = [(name, span) for name in kind.spans for span in item[name]]
        head = spans[0][1] if spans else item
        start, end = head["start"], head["end"]
        region = self._region_id(kind, item)
        label_field = LABEL_FIELDS.get(kind.name)
        label = item[label_field] if label_field else head_label(kind)
        yield self._region(region, kind, label, start, end)
        for control in controls_of(kind):
            if values := self._values(kind, item, control):
                yield _result(region, control, values, self._place(start, end, control))
        for name, span in spans[1:]:
            self._relate(region, self._part(kind, name, span), name)
        for name in kind.references:
            if item[name] is not None:
                self._relate(region, item[name], name)

    def _region_id(self, kind: ItemType, item: Json) -> str:
        if item.get("id"):
            return str(item["id"])
        self._marks += 1
        return f"{self._article}-{kind.name.lower()}-{self._marks}"

    def _values(self, kind: ItemType, item: Json, control: Control) -> list[Any]:
        """Return what a control of an item's region holds, empty where it holds nothing."""
        field = control.field
        if kind.name == "Block" and field in {"topics", "note"}:
            topics = self._block_topics.get(item["id"])
            if field == "topics":
                return [] if topics is None else topics["topics"] or [NO_TOPIC]
            item = topics or {}
        elif field == "evidence":
            return self._evidence[item["id"]]
        elif field == "utterances":
            return [[link["utterance"], link["rendering"]] for link in item["utterances"]]
        value = item.get(field)
        return value if isinstance(value, list) else [] if value is None else [value]

    def _region(self, region: str, kind: ItemType, label: str, start: int, end: int) -> Json:
        return {
            "id": region,
            "from_name": kind.name.lower(),
            "to_name": TEXT,
            "type": "labels",
            "value": {"start": start, "end": end, "text": self._text[start:end], "labels": [label]},
        }

    def _place(self, start: int, end: int, control: Control) -> Json:
        """Return the place that a result of a region repeats; typed text stands where the words would."""
        words = {} if control.key == "text" else {"text": self._text[start:end]}
        return {"start": start, "end": end, **words}

    def _part(self, kind: ItemType, name: str, span: Json) -> str:
        region = f"{self._article}-{name}-{span['start']}-{span['end']}"
        if region not in self._parts:
            self._parts[region] = self._region(region, kind, name, span["start"], span["end"])
        return region

    def _relate(self, source: str, target: str, label: str) -> None:
        self._relations.append(
            {"from_id": source, "to_id": target, "type": RELATION, "direction": "right", "labels": [label]}
        )

    def _article_topics(self) -> Iterator[Json]:
        for rank in RANKS:
            if codes := [topic["topic"] for topic in self._topics if topic["rank"] == rank]:
                control = rank_control(rank)
                yield _result(f"{self._article}-{control.name}", control, codes, {})
        if notes := [f"{t['topic']}: {t['note']}" for t in self._topics if t.get("note")]:
            control = Control(RANK_NOTES, "textarea", "note", many=True)
            yield _result(f"{self._article}-{RANK_NOTES}", control, notes, {})


def _result(region: str, control: Control, values: Sequence[Any], place: Json) -> Json:
    return {
        "id": region,
        "from_name": control.name,
        "to_name": TEXT,
        "type": control.type,
        "value": {**place, control.key: list(values)},
    }
