"""brat standoff, both ways: a ``.txt`` and an ``.ann`` an article, and the configuration of the collection.

Mentions are text-bound annotations of their entity type; blocks, sentences and other quotation marks of a
type of their own; quotes and claims are events, triggered by the first span of their content, with the
other spans as arguments. Closed labels are attributes, ids of registry entries normalisations (of the
databases that ``DATABASES`` names, and of Wikidata), remarks are ``AnnotatorNotes``. What brat has no place
for (our ids, propositions) stands as JSON in a note of the type ``Retold``. Topics and repairs, which may
be empty spans, are not held.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from retold.exchange.brat_configuration import annotation_conf, visual_conf
from retold.exchange.brat_lines import BREAKS, fragments_of, numbered, text_line
from retold.exchange.brat_names import ALSO, DATABASES, WIKIDATA, attribute, role
from retold.exchange.brat_reading import OWN_NOTE, REMARK, read
from retold.exchange.formats import Report
from retold.exchange.items import ItemType, items_of
from retold.exchange.layers import documents_of
from retold.records import Article, Registry, Span

Json = dict[str, Any]

HOLDS = frozenset({"segments", "quotes", "entities", "claims"})

__all__ = ["HOLDS", "export", "read"]


def export(articles: Sequence[Article], registry: Registry, out: Path) -> Report:
    """Write the collection."""
    files = {"annotation.conf": annotation_conf(), "visual.conf": visual_conf()}
    for article in articles:
        files[f"{article.id}.ann"] = "".join(f"{line}\n" for line in _Writer(article, registry).lines())
    for name, content in files.items():
        (out / name).write_text(content, encoding="utf-8", newline="\n")
    for article in articles:
        (out / f"{article.id}.txt").write_bytes(article.text.encode("utf-8"))
    return Report(tuple(sorted([*files, *(f"{article.id}.txt" for article in articles)])))


class _Writer:
    """Writes the lines of one article; brat numbers the lines of each kind from 1."""

    def __init__(self, article: Article, registry: Registry) -> None:
        self._article = article
        self._registry = registry
        self._counts: dict[str, int] = {}
        self._events: dict[str, str] = {}

    def lines(self) -> Iterator[str]:
        """Yield all lines of the article."""
        items = list(items_of(documents_of(self._article), HOLDS))
        events = [item["id"] for kind, item in items if kind.spans]
        self._events = {key: f"E{number}" for number, key in enumerate(events, start=1)}
        for kind, item in items:
            yield from self._item(kind, item)

    def _number(self, letter: str) -> int:
        self._counts[letter] = self._counts.get(letter, 0) + 1
        return self._counts[letter]

    def _text(self, name: str, span: Json) -> tuple[str, str]:
        number = self._number("T")
        fragments = fragments_of(self._article.text, Span(span["start"], span["end"], ""))
        return f"T{number}", text_line(number, name, fragments, self._article.text)

    def _item(self, kind: ItemType, item: Json) -> Iterator[str]:
        if kind.spans:
            key = self._events[item["id"]]
            yield from self._event(kind, item, key)
        else:
            key, line = self._text(item["type"] if kind.name == "Mention" else kind.name, item)
            yield line
        yield from self._labels(kind, item, key)
        yield from self._links(kind, item, key)
        yield from self._notes(kind, item, key)

    def _event(self, kind: ItemType, item: Json, key: str) -> Iterator[str]:
        """Yield the text-bound annotations of an event, its trigger first, then the event itself."""
        first = kind.spans[0]
        trigger, line = self._text(kind.name, item[first][0])
        yield line
        arguments: list[tuple[str, str]] = []
        for field in kind.spans:
            for span in item[field][field == first :]:
                target, line = self._text(role(kind, field), span)
                yield line
                arguments.append((role(kind, field), target))
        for field in kind.references:
            if item[field] in self._events:
                arguments.append((role(kind, field), self._events[item[field]]))
        roles = numbered([name for name, _ in arguments])
        pairs = "".join(f" {name}:{target}" for name, (_, target) in zip(roles, arguments, strict=True))
        yield f"{key}\t{kind.name}:{trigger}{pairs}"

    def _labels(self, kind: ItemType, item: Json, key: str) -> Iterator[str]:
        for field in kind.labels:
            if item[field] is not None and (kind.name, field) != ("Mention", "type"):
                yield f"A{self._number('A')}\t{attribute(kind, field)} {key} {item[field]}"
        further = item.get("also", [])
        for name, value in zip(numbered([ALSO] * len(further)), further, strict=True):
            yield f"A{self._number('A')}\t{name} {key} {value}"

    def _links(self, kind: ItemType, item: Json, key: str) -> Iterator[str]:
        for field in kind.links:
            if item[field] is None:
                continue
            name, wikidata = self._entry(item[field])
            yield f"N{self._number('N')}\tReference {key} {DATABASES[field]}:{item[field]}\t{name}"
            if field == "entity" and wikidata:
                yield f"N{self._number('N')}\tReference {key} {WIKIDATA}:{wikidata}\t{name}"

    def _entry(self, entry: str) -> tuple[str, str | None]:
        """Return what a registry entry is called, on one line, and its Wikidata id."""
        entity, claim = self._registry.entities.get(entry), self._registry.claims.get(entry)
        if entity:
            return " ".join(entity.name.split()), entity.wikidata
        return " ".join(claim.statement.split()) if claim else entry, None

    def _notes(self, kind: ItemType, item: Json, key: str) -> Iterator[str]:
        held = {"id": item["id"]} if "id" in item else {}
        held |= {field: item[field] for field in kind.strings if item[field] is not None}
        held |= {field: item[field] for field in kind.lists if item[field] and field != "also"}
        held |= {
            name: item[name] for name in kind.references if item[name] and item[name] not in self._events
        }
        note = item.get("note")
        plain = note is not None and note == " ".join(note.split())
        if note is not None and not plain:
            held["note"] = note
        if held:
            yield f"#{self._number('#')}\t{OWN_NOTE} {key}\t{_one_line(held)}"
        if plain:
            yield f"#{self._number('#')}\t{REMARK} {key}\t{note}"


def _one_line(held: Json) -> str:
    """Return JSON without any character that ends a line."""
    words = json.dumps(held, ensure_ascii=False)
    return "".join(f"\\u{ord(char):04x}" if char in BREAKS else char for char in words)
