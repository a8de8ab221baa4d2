"""Regions and relations of a Label Studio annotation to items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from retold.exchange.items import ITEM_TYPES, Item, ItemType, start_of
from retold.exchange.label_studio.controls import LABEL_FIELDS, NO_TOPIC, RANKS, controls_of, head_label
from retold.exchange.label_studio.regions import Parsed, Region
from retold.exchange.numbering import give_ids

Json = dict[str, Any]


def items_from(parsed: Parsed, article: str) -> tuple[list[Item], list[str]]:
    """Return the items of an annotation in file order, and what was left out, a line each.

    A region that was drawn by hand has an id of Label Studio's: its item has none yet.
    """
    reading = _Reading(parsed, article)
    items = [*reading.region_items(), *reading.topic_items()]
    return items, [*parsed.notices, *reading.notices]


class _Reading:
    def __init__(self, parsed: Parsed, article: str) -> None:
        self._parsed = parsed
        self._article = article
        self.notices: list[str] = []
        self._heads = {key: region for key, region in parsed.regions.items() if _is_head(region)}
        self._items = {key: self._item(region) for key, region in self._heads.items()}
        for kind in {region.kind.name: region.kind for region in self._heads.values()}.values():
            self._number(kind)

    def region_items(self) -> Iterator[Item]:
        """Yield an item a head region, with what relations tie to it."""
        tied: set[str] = set()
        for source, target in self._parsed.relations:
            tied |= self._tie(source, target)
        for key, region in self._parsed.regions.items():
            if key in self._items:
                for name in region.kind.spans:
                    self._items[key][name].sort(key=lambda span: (span["start"], span["end"]))
                yield region.kind, self._items[key]
            elif key not in tied:
                self._notice(key, f"is a {region.label} that no relation ties to a {region.kind.name}")

    def topic_items(self) -> Iterator[Item]:
        """Yield the topics of the article and of its blocks."""
        regions = sorted(self._heads.items(), key=lambda pair: pair[1].start)
        notes = dict(note.split(": ", 1) for note in self._parsed.whole.get("note", []) if ": " in note)
        codes = {rank: self._parsed.whole.get(rank, []) for rank in RANKS}
        for rank in RANKS:
            for code in codes[rank]:
                evidence = [
                    self._id(key) for key, region in regions if code in region.values.get("evidence", [])
                ]
                topic = {"rank": rank, "topic": code, "evidence": evidence, "note": notes.get(code)}
                yield ITEM_TYPES["ArticleTopic"], topic
        for key, region in regions:
            if "topics" in region.values:
                topics = [code for code in region.values["topics"] if code != NO_TOPIC]
                note = _one(region.values.get("note", []))
                yield ITEM_TYPES["BlockTopic"], {"block": self._id(key), "topics": topics, "note": note}
            for code in set(region.values.get("evidence", [])) - {
                c for found in codes.values() for c in found
            }:
                self._notice(key, f"is evidence of {code}, which is no topic of the article")

    def _id(self, key: str) -> Any:  # noqa: ANN401 (of an item)
        return self._items[key]["id"]

    def _number(self, kind: ItemType) -> None:
        """Give ids to the items of a type that have none, in text order."""
        items = [item for key, item in self._items.items() if self._heads[key].kind is kind]
        if kind.letter:
            give_ids(sorted(items, key=start_of), f"{self._article}-{kind.letter}", kind.digits)

    def _own_id(self, region: Region) -> str | None:
        """Return the id of a region if it is one of the item type's."""
        letter = region.kind.letter
        own = letter and re.fullmatch(rf"{re.escape(self._article)}-{letter}[0-9]+", region.id)
        return region.id if own else None

    def _item(self, region: Region) -> Json:
        kind = region.kind
        item: Json = {"id": self._own_id(region)} if kind.letter else {}
        if kind.spans:
            item |= {name: [] for name in kind.spans}
            item[kind.spans[0]].append(_span(region))
        else:
            item |= _span(region)
        if kind.name in LABEL_FIELDS:
            item[LABEL_FIELDS[kind.name]] = region.label
        for control in controls_of(kind):
            if control.field in {"topics", "evidence"} or (kind.name == "Block" and control.field == "note"):
                continue  # they are told of topics
            values = region.values.get(control.field, [])
            item[control.field] = values if control.many else _one(values)
        if "utterances" in item:
            item["utterances"] = [self._utterance(region, path) for path in item["utterances"]]
        return item

    def _utterance(self, region: Region, path: list[str]) -> Json:
        if len(path) != 2:
            self._notice(region.id, f"tells the utterance {'/'.join(path)} without its rendering")
        return {"utterance": path[0] if path else None, "rendering": path[1] if len(path) > 1 else None}

    def _tie(self, source: str, target: str) -> set[str]:
        """Use a relation; return the regions that now belong to an item."""
        regions = self._parsed.regions
        if source not in regions or target not in regions:
            self.notices.append(
                f"{self._article}: a relation of {source} and {target} leads nowhere: left out"
            )
            return set()
        if source not in self._items or _refers(regions[target].kind, regions[source].kind):
            source, target = target, source
        head, other = regions[source], regions[target]
        if source in self._items and target not in self._items and head.kind is other.kind:
            self._items[source][other.label].append(_span(other))
            return {target}
        names = [name for name, kind in head.kind.references.items() if kind == other.kind.name]
        if source in self._items and target in self._items and names:
            if self._items[source].get(names[0]):
                self._notice(source, f"has a second {names[0]}, {target}")
            else:
                self._items[source][names[0]] = self._id(target)
            return set()
        self._notice(source, f"and {target}: a {head.label} and a {other.label} have no relation")
        return set()

    def _notice(self, region: str, what: str) -> None:
        found = self._parsed.regions.get(region)
        at = f" at {found.start}–{found.end}" if found else ""
        self.notices.append(f"{self._article}: region {region}{at} {what}: left out")


def _is_head(region: Region) -> bool:
    return not region.kind.spans or region.label == head_label(region.kind)


def _refers(kind: ItemType, to: ItemType) -> bool:
    """Whether items of one kind refer to those of another one, but not the other way round."""
    return to.name in kind.references.values() and kind.name not in to.references.values() and kind is not to


def _span(region: Region) -> Json:
    return {"text": region.words, "start": region.start, "end": region.end}


def _one(values: list[Any]) -> Any:  # noqa: ANN401 (of a control)
    return values[0] if values else None
