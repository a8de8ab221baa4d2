"""brat collections read: own exports as they were written, foreign ones by a mapping."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from retold.exchange.brat_foreign import nodes_of
from retold.exchange.brat_lines import Event, Standoff, TextBound, parse, spans_of
from retold.exchange.brat_names import ALSO, FIELDS, attribute, role
from retold.exchange.foreign import convert
from retold.exchange.formats import ExchangeError, Imported
from retold.exchange.items import CLAIM, ITEM_TYPES, MENTION, QUOTE, Item, ItemType, documents_from
from retold.exchange.layers import span_json
from retold.exchange.numbering import give_ids
from retold.exchange.texts import decoded
from retold.records import Span

Json = dict[str, Any]

OWN_NOTE, REMARK = "Retold", "AnnotatorNotes"
_LAYERS = ("segments", "quotes", "entities", "claims")
_FLAT_TYPES = {name: ITEM_TYPES[name] for name in ("Block", "Sentence", "Mark")}
_EVENTS = {kind.name: kind for kind in (QUOTE, CLAIM)}
_PARTS = {role(kind, field) for kind in _EVENTS.values() for field in kind.spans} | set(_EVENTS)


def read(path: Path, mapping: Mapping[str, Any] | None) -> Iterator[Imported]:
    """Read a folder: an article for each ``.txt`` with its ``.ann``."""
    if not path.is_dir():
        raise ExchangeError(f"{path} is not a folder. Name the one that holds the .txt and .ann files.")
    texts = sorted(path.glob("*.txt"))
    if not texts:
        raise ExchangeError(f"{path} holds no .txt files. Name the folder that holds them.")
    for text_path in texts:
        raw = text_path.read_bytes()
        text = decoded(raw, text_path)
        annotation = text_path.with_suffix(".ann")
        content = decoded(annotation.read_bytes(), annotation) if annotation.is_file() else ""
        standoff = parse(content)
        if mapping is not None:
            yield convert(text_path.stem, text, nodes_of(standoff, text, annotation.name), mapping)
        else:
            yield _own(text_path.stem, text, standoff, annotation.name)


def _own(article: str, text: str, standoff: Standoff, place: str) -> Imported:
    reading = _Reading(article, text, standoff, place)
    items = list(reading.items())
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    layers, unplaced = documents_from(items, article, sha256, _LAYERS)
    faults = [f"{place}:{line}: {reason}: left out" for line, reason in standoff.faults]
    return Imported(article, text, layers, notices=(*faults, *reading.notices, *unplaced))


class _Reading:
    """Reads the items of one own ``.ann`` file; ``notices`` say what was left out, each with its place."""

    def __init__(self, article: str, text: str, standoff: Standoff, place: str) -> None:
        self._article = article
        self._text = text
        self._standoff = standoff
        self._place = place
        self._ids: dict[str, str] = {}
        self.notices: list[str] = []

    def items(self) -> Iterator[Item]:
        """Yield the items, in the order of the file."""
        used = self._used()
        flat = {key: item for key, item in self._standoff.texts.items() if key not in used}
        keep = (*flat, *self._standoff.events)
        held = {key: self._held(key) for key in keep}
        self._name(held)
        for key, item in flat.items():
            yield from self._flat(key, item, held[key])
        for key, event in self._standoff.events.items():
            yield from self._event(key, event, held[key])

    def _used(self) -> set[str]:
        """Return the text-bound annotations that events are made of."""
        events = self._standoff.events.values()
        return {event.trigger or "" for event in events} | {
            target for event in events for _, target in event.arguments
        }

    def _say(self, line: int, reason: str) -> None:
        self.notices.append(f"{self._place}:{line}: {reason}")

    def _held(self, key: str) -> Json:
        """Return what the note of type ``Retold`` holds."""
        for kind, words in self._standoff.notes.get(key, ()):
            if kind == OWN_NOTE:
                try:
                    held = orjson.loads(words)
                except ValueError:
                    held = None
                if isinstance(held, dict):
                    return held
                self.notices.append(
                    f"{self._place}: the note {OWN_NOTE} of {key} is no JSON object: left out"
                )
        return {}

    def _name(self, held: Mapping[str, Json]) -> None:
        """Give each event its id, by which others refer to it: its own, or the next number."""
        for kind in _EVENTS.values():
            events = [key for key, event in self._standoff.events.items() if event.type == kind.name]
            named: list[Json] = [{"id": held[key].get("id")} for key in events]
            give_ids(named, f"{self._article}-{kind.letter}", kind.digits)
            self._ids |= {key: str(item["id"]) for key, item in zip(events, named, strict=True)}

    def _flat(self, key: str, line: TextBound, held: Json) -> Iterator[Item]:
        kind = _FLAT_TYPES.get(line.type, MENTION)
        if line.type in _PARTS:
            self._say(line.line, f"{key} ({line.type}) belongs to no event: left out")
            return
        spans, odd = spans_of(line, self._text)
        if odd or len(spans) > 1:
            self._say(
                line.line, f"{key}: {odd or 'its fragments stand apart'}: read as one span over all of them"
            )
        start, end = spans[0].start, spans[-1].end
        words = spans[0].text if len(spans) == 1 else self._text[start:end]
        item = span_json(Span(start, end, words)) | ({"type": line.type} if kind is MENTION else {})
        if kind is MENTION:
            attributes = self._standoff.attributes.get(key, {})
            item["also"] = [
                value for name, value in sorted(attributes.items()) if name.rstrip("0123456789") == ALSO
            ]
        yield kind, {**self._common(kind, key, held), **item}

    def _event(self, key: str, event: Event, held: Json) -> Iterator[Item]:
        kind = _EVENTS.get(event.type)
        trigger = self._standoff.texts.get(event.trigger or "")
        if kind is None or trigger is None:
            reason = "its trigger is missing" if kind else "no such type of event or relation"
            self._say(event.line, f"{key} ({event.type}): {reason}: left out")
            return
        item: Json = {field: [] for field in kind.spans}
        item[kind.spans[0]] = self._spans(event.trigger or "", trigger)
        fields = {role(kind, field): field for field in (*kind.spans, *kind.references)}
        for name, target in event.arguments:
            field = fields.get(name.rstrip("0123456789"), "")
            if field in kind.references and target in self._ids:
                item[field] = self._ids[target]
            elif field in kind.spans and target in self._standoff.texts:
                item[field] += self._spans(target, self._standoff.texts[target])
            else:
                self._say(event.line, f"{key}: the argument {name}:{target} fits nothing: left out")
        for field in kind.spans:
            item[field].sort(key=lambda span: span["start"])
        yield kind, {**self._common(kind, key, held), **item, "id": self._ids[key]}

    def _spans(self, key: str, line: TextBound) -> list[Json]:
        spans, odd = spans_of(line, self._text)
        if odd:
            self._say(line.line, f"{key}: {odd}: read as one span over all of them")
        return [span_json(span) for span in spans]

    def _common(self, kind: ItemType, key: str, held: Json) -> Json:
        """Return labels, links, texts and remark of an item."""
        attributes = self._standoff.attributes.get(key, {})
        item: Json = {field: value for field, value in held.items() if field in (*kind.order, "note")}
        item |= {field: attributes.get(attribute(kind, field)) for field in kind.labels}
        item |= dict.fromkeys(kind.links)
        for database, name, _ in self._standoff.links.get(key, ()):
            field = FIELDS.get(database, "")
            if field in kind.links:
                item[field] = name
        remarks = [words for note, words in self._standoff.notes.get(key, ()) if note == REMARK]
        return item | ({"note": "\n".join(remarks)} if any(remarks) else {})
