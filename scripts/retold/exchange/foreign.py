"""Foreign annotations, read by a mapping, become the layers of an article.

Blocks are the lines of the text, all of kind ``paragraph``, with proposed sentences. Mentions are linked by
their Wikidata id where they have one, else by their words: the same words of the same type are the same
entity, which is a guess that the notes of the entities admit. A quote's speaker is the entity of the
mention that its source is, or holds alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from retold.exchange.brat_lines import fragments_of
from retold.exchange.formats import Imported
from retold.exchange.items import MENTION, QUOTE, Item, documents_from
from retold.exchange.layers import head_of, span_json
from retold.exchange.nodes import Node
from retold.exchange.numbering import slug
from retold.records import Span
from retold.scaffold import propose_blocks

Json = dict[str, Any]

LAYERS = ("quotes", "entities")
SELF = "self"
NOT_LINKED = "Imported without a link; mentions with the same words and type were taken for the same entity."
NOT_NORMALISED = "Imported without a normalised value."
NOT_DESCRIBED = "imported, not described yet"
DEFAULTS = {"attitude": "communication", "polarity": "positive", "scope": "core"}
VALUE = "value"
_WIKIDATA = re.compile(r"Q[1-9][0-9]*$")
_OPENING, _CLOSING = "“\"„«‘'", "”\"“»’'"


def convert(article: str, text: str, nodes: Iterable[Node], mapping: Mapping[str, Any]) -> Imported:
    """Return an article with the segments proposed and the quotes and mentions that the mapping names."""
    reading = _Foreign(article, text, list(nodes), mapping)
    items = list(reading.items())
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    layers, unplaced = documents_from(items, article, sha256, LAYERS)
    blocks = [{**block, "kind": "paragraph"} for block in propose_blocks(article, text)]
    layers["segments"] = {**head_of("segments", article, sha256), "blocks": blocks}
    registry = {"entities": {"entities": list(reading.entities.values())}}
    return Imported(article, text, layers, registry, (*reading.notices, *unplaced, *reading.unmapped()))


class _Foreign:
    """One article being read; ``entities`` are those that its mentions need, by id."""

    def __init__(self, article: str, text: str, nodes: list[Node], mapping: Mapping[str, Any]) -> None:
        self._article = article
        self._text = text
        self._nodes = {node.key: node for node in nodes}
        self._mapping = mapping
        self._mentions: list[Json] = []
        self._unknown: dict[str, list[str]] = {}
        self.entities: dict[str, Json] = {}
        self.notices: list[str] = [notice for node in nodes for notice in node.notices]

    def items(self) -> Iterator[Item]:
        """Yield mentions, then quotes."""
        mentions, quotes = self._mapping.get("mentions", {}), self._mapping.get("quotes", {})
        parts = self._parts(quotes)
        for node in self._nodes.values():
            if node.type in mentions:
                yield MENTION, self._mention(node, mentions[node.type])
            elif node.type and node.type not in quotes and node.key not in parts:
                self._unknown.setdefault(node.type, []).append(node.place)
        for node in self._nodes.values():
            if node.type in quotes:
                yield from ((QUOTE, quote) for quote in self._quote(node, quotes[node.type]))

    def unmapped(self) -> Iterator[str]:
        """Yield what is said of types that the mapping does not know."""
        ignored = set(self._mapping.get("ignore", ()))
        for name, places in sorted(self._unknown.items()):
            if name not in ignored:
                count = f"({len(places)} annotations)"
                yield f"{places[0]}: the type {name} is not in the mapping: left out {count}"

    def _parts(self, quotes: Mapping[str, Json]) -> set[str]:
        """Return the keys of nodes that are parts of quotes."""
        return {
            target
            for node in self._nodes.values()
            if node.type in quotes
            for role, target in node.arguments
            if role
            in {name for field in ("content", "cue", "source") for name in quotes[node.type].get(field, ())}
        }

    def _mention(self, node: Node, rule: Json) -> Json:
        span = self._one_span(node)
        kind, form = (
            self._label(node, rule["type"], "type"),
            self._label(node, rule.get("form", "name"), "form"),
        )
        entity = None if form == VALUE else self._entity(node, span, kind)
        note = node.note or (NOT_NORMALISED if form == VALUE else None)
        mention = {**span_json(span), "type": kind, "form": form, "entity": entity, "note": note}
        self._mentions.append(mention)
        return mention

    def _one_span(self, node: Node) -> Span:
        if len(node.spans) < 2:
            return node.spans[0] if node.spans else Span(0, 0, "")
        self.notices.append(f"{node.place}: its fragments stand apart: read as one span over all of them")
        start, end = node.spans[0].start, node.spans[-1].end
        return Span(start, end, self._text[start:end])

    def _entity(self, node: Node, span: Span, kind: str | None) -> str:
        """Return the id of a mention's entity, which is made if it is new."""
        wanted = self._mapping.get("wikidata")
        words = " ".join(span.text.split())
        found = [(_WIKIDATA.search(name), said) for database, name, said in node.links if database == wanted]
        found.append((_WIKIDATA.search(node.features.get(wanted or "", "")), ""))
        linked = next(((match.group(), said) for match, said in found if match), None)
        name = (" ".join(linked[1].split()) if linked else "") or words or "unnamed"
        number = linked[0] if linked else None
        made = slug(name, "entity") if number is None else f"wikidata-{number.lower()}"
        made = made if number else f"{slug(kind or '', 'untyped')}-{made}"
        note = None if number else NOT_LINKED
        entity = {"id": made, "name": name, "type": kind, "wikidata": number, "wikidata_note": note}
        self.entities.setdefault(
            made, {**entity, "description": NOT_DESCRIBED, "members": [], "replaced_by": None}
        )
        return made

    def _quote(self, node: Node, rule: Json) -> Iterator[Json]:
        parts = {field: self._role(node, rule.get(field, ())) for field in ("content", "cue", "source")}
        if not parts["content"]:
            self.notices.append(f"{node.place}: {node.key} ({node.type}) has no content: left out")
            return
        kind, marking = self._guess(parts["content"])
        guessed = {"type": kind, "marking": marking, **DEFAULTS}
        labels = {field: self._label(node, rule.get(field, value), field) for field, value in guessed.items()}
        spans = {field: [span_json(span) for span in found] for field, found in parts.items()}
        speaker = self._speaker(parts["source"])
        yield {**labels, **spans, "cue_group": spans["cue"], "speaker": speaker, "note": node.note}

    def _role(self, node: Node, roles: Iterable[str]) -> list[Span]:
        """Return the spans of some roles of a quote, in text order."""
        wanted = set(roles)
        spans = list(node.spans) if SELF in wanted else []
        for role, target in node.arguments:
            if role in wanted and target in self._nodes:
                spans += self._nodes[target].spans
            elif role in wanted:
                self.notices.append(f"{node.place}: {role}:{target} points to nothing: left out")
        cut = [piece for span in spans for piece in self._lines(span)]
        return sorted(cut, key=lambda span: span.start)

    def _lines(self, span: Span) -> list[Span]:
        """Cut a span where a line, and with it a block, ends; one that is wrong stays as it is."""
        if span.text != self._text[span.start : span.end]:
            return [span]
        pieces = fragments_of(self._text, span)
        return [Span(start, end, self._text[start:end]) for start, end in pieces] or [span]

    def _guess(self, content: list[Span]) -> tuple[str, str]:
        """Say whether quotation marks stand around the content."""
        before = self._text[content[0].start - 1 : content[0].start] if content[0].start else ""
        after = self._text[content[-1].end : content[-1].end + 1]
        marked = before != "" and before in _OPENING and after != "" and after in _CLOSING
        return ("direct", "quotation_marks") if marked else ("indirect", "none")

    def _speaker(self, source: list[Span]) -> str | None:
        if not source:
            return None
        start, end = source[0].start, source[-1].end
        inside = [item for item in self._mentions if start <= item["start"] and item["end"] <= end]
        exact = [item for item in inside if (item["start"], item["end"]) == (start, end)]
        entities = {item["entity"] for item in exact or inside}
        speaker: str | None = entities.pop() if len(entities) == 1 else None
        return speaker

    def _label(self, node: Node, rule: str | Json, field: str) -> str | None:
        """Return a label: fixed, or by the value of a feature."""
        if isinstance(rule, str):
            return rule
        said = node.features.get(rule["feature"])
        label: str | None = rule["values"].get(said, rule.get("default")) if said else rule.get("default")
        if label is None:
            self.notices.append(f"{node.place}: no {field} for {rule['feature']} = {said!r} in the mapping")
        return label
