"""An article as a UIMA CAS."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from retold.exchange.cas_types import (
    NAMED_ENTITY,
    PARTS,
    SENTENCE,
    STRINGS,
    TOKEN,
    WIKIDATA,
    Cas,
    Structure,
    Types,
    feature_name,
    layer_name,
    part_name,
    string_fields,
)
from retold.exchange.items import ItemType, items_of
from retold.exchange.layers import documents_of
from retold.layout import CORPUS_LAYERS
from retold.records import Article, Registry
from retold.tokens import tokenize

Json = dict[str, Any]


def cas_of(article: Article, registry: Registry, types: Types) -> Cas:
    """Return the CAS of an article with all its layers; ``types`` is our type system."""
    from cassis import Cas  # noqa: PLC0415 (an extra)

    cas = Cas(typesystem=types)
    cas.sofa_string = article.text
    cas.sofa_mime = "text/plain"
    writer = _Writer(cas, types, registry)
    for kind, item in items_of(documents_of(article), CORPUS_LAYERS):
        writer.add(kind, item)
    token = types.get_type(TOKEN)
    cas.add_all([token(begin=start, end=end) for start, end in tokenize(article.text)])
    return cas


@contextmanager
def quietly() -> Iterator[None]:
    """Keep the library from warning of spans outside the text: they are findings of ``retold validate``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


class _Writer:
    """Adds items to a CAS."""

    def __init__(self, cas: Cas, types: Types, registry: Registry) -> None:
        self._cas = cas
        self._types = types
        self._registry = registry

    def add(self, kind: ItemType, item: Json) -> None:
        """Add an item, its parts, and what other tools know of it."""
        features: Json = {
            feature_name(field): item[field] for field in string_fields(kind) if item.get(field) is not None
        }
        for field in kind.lists:
            if item[field]:
                features[feature_name(field)] = self._strings([_packed(value) for value in item[field]])
        if kind.anchored:
            features["begin"], features["end"] = _place(kind, item)
        if kind.spans:
            features[PARTS] = self._parts(kind, item)
        self._cas.add(self._types.get_type(layer_name(kind))(**features))
        if kind.name == "Mention":
            self._add_named_entity(item)
        elif kind.name == "Sentence":
            sentence = self._types.get_type(SENTENCE)
            self._cas.add(sentence(begin=item["start"], end=item["end"], id=item["id"]))

    def _strings(self, values: list[str]) -> Structure:
        return self._types.get_type(STRINGS)(elements=values)

    def _parts(self, kind: ItemType, item: Json) -> Structure:
        part = self._types.get_type(part_name(kind))
        link = self._types.get_type(f"{layer_name(kind)}PartsLink")
        links = []
        for field in kind.spans:
            for span in item[field]:
                target = part(begin=span["start"], end=span["end"])
                self._cas.add(target)
                links.append(link(role=field, target=target))
        return self._types.get_type("uima.cas.FSArray")(elements=links)

    def _add_named_entity(self, item: Json) -> None:
        entity = self._registry.entities.get(item["entity"] or "")
        identifier = f"{WIKIDATA}{entity.wikidata}" if entity and entity.wikidata else None
        kind = self._types.get_type(NAMED_ENTITY)
        self._cas.add(kind(begin=item["start"], end=item["end"], value=item["type"], identifier=identifier))


def _place(kind: ItemType, item: Json) -> tuple[int, int]:
    span = item[kind.spans[0]][0] if kind.spans else item
    return span["start"], span["end"]


def _packed(value: str | Json) -> str:
    """Return a value of a list as one string: an utterance and its rendering with a space between."""
    return value if isinstance(value, str) else " ".join(value.values())
