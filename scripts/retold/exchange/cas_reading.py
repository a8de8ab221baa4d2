"""UIMA CAS read: own exports by our type system, foreign ones by a mapping."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat

from retold.exchange.cas_foreign import nodes_of
from retold.exchange.cas_types import (
    NAMED_ENTITY,
    PARTS,
    Cas,
    Structure,
    Types,
    feature_name,
    layer_name,
    number_of,
    place_of,
    string_fields,
    type_system,
)
from retold.exchange.foreign import convert
from retold.exchange.formats import ExchangeError, Imported
from retold.exchange.items import ITEM_TYPES, Item, ItemType, documents_from
from retold.exchange.sidecar import SIDECAR
from retold.layout import CORPUS_LAYERS

Json = dict[str, Any]
Load = Callable[[Path, Types], Cas]
TYPE_SYSTEMS = ("typesystem.xml", "TypeSystem.xml")


def read(path: Path, suffix: str, load: Load, mapping: Mapping[str, Any] | None) -> Iterator[Imported]:
    """Read a folder of CAS files, or one file; ``load`` makes a CAS of a file and a type system.

    Raises:
        ExchangeError: Something cannot be read as a CAS; the message names the file.
        MissingExtraError: dkpro-cassis is not installed.
    """
    types = type_system()
    files = sorted(path.glob(f"*{suffix}")) if path.is_dir() else [path]
    files = [file for file in files if file.name != SIDECAR]
    if not files:
        raise ExchangeError(f"{path} holds no {suffix} files. Name the folder that holds them.")
    folder = path if path.is_dir() else path.parent
    described = next((folder / name for name in TYPE_SYSTEMS if (folder / name).is_file()), None)
    if described is not None:
        types = _loaded(described, _load_types)
    for file in files:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            cas = _loaded(file, lambda file: load(file, types))
        text = cas.sofa_string
        if not isinstance(text, str):
            raise ExchangeError(f"{file}: it has no text. Only a CAS with its text in it can be read.")
        notices = tuple(f"{file.name}: {warning.message}" for warning in said)
        yield _imported(file, text, cas, mapping, notices)


def refuse_document_type(file: Path) -> None:
    """Refuse XML with a document type: only one can declare entities, and no CAS needs any.

    Raises:
        ExchangeError: There is one, or the file is no XML.
    """

    def found(*_: object) -> None:
        raise _DocumentTypeError

    def begun(*_: object) -> None:
        raise _BodyReachedError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = found
    parser.StartElementHandler = begun
    try:
        parser.Parse(file.read_bytes(), True)
    except _BodyReachedError:
        return
    except _DocumentTypeError:
        raise ExchangeError(
            f"{file}: it has a document type (<!DOCTYPE …>), which can declare entities. Remove it."
        ) from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ExchangeError(f"{file}: no XML that can be read: {error}.") from None


class _DocumentTypeError(Exception):
    """A document type declaration begins."""


class _BodyReachedError(Exception):
    """The first element begins: whatever comes now declares nothing."""


def _load_types(file: Path) -> Types:
    from cassis import load_typesystem  # noqa: PLC0415 (an extra)

    refuse_document_type(file)
    with file.open("rb") as stream:
        return load_typesystem(stream)


def _loaded(file: Path, load: Callable[[Path], Cas]) -> Cas:
    """Return what a library makes of a file; whatever it stumbles over is a fault of the file."""
    try:
        return load(file)
    except (ExchangeError, OSError):
        raise
    except Exception as error:  # the library raises what it happens to meet, from KeyError on
        reason = " ".join(str(error).split())[:160] or type(error).__name__
        raise ExchangeError(
            f"{file}: it cannot be read as a CAS: {type(error).__name__}: {reason}"
        ) from error


def _imported(
    file: Path,
    text: str,
    cas: Cas,
    mapping: Mapping[str, Any] | None,
    notices: tuple[str, ...],
) -> Imported:
    if mapping is not None:
        found = convert(file.stem, text, nodes_of(cas, text, file.name), mapping)
        return Imported(found.article, text, found.layers, found.registries, (*notices, *found.notices))
    reading = _Reading(cas, text, file.name)
    items = list(reading.items())
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    layers, unplaced = documents_from(items, file.stem, sha256, CORPUS_LAYERS)
    return Imported(file.stem, text, layers, notices=(*notices, *reading.notices, *unplaced))


class _Reading:
    """Reads the items of one own CAS."""

    def __init__(self, cas: Cas, text: str, place: str) -> None:
        self._cas = cas
        self._text = text
        self._place = place
        self.notices: list[str] = []

    def items(self) -> Iterator[Item]:
        """Yield the items, each layer in the order in which the file names them."""
        entities = self._entities()
        for kind in ITEM_TYPES.values():
            for found in self._select(layer_name(kind)):
                item = self._item(kind, found)
                if kind.name == "Mention":
                    item["type"] = entities.pop((item["start"], item["end"]), None)
                yield kind, item
        mention = ITEM_TYPES["Mention"]
        for (start, end), value in entities.items():
            yield mention, {**self._span(start, end), "type": value, "form": "name"}

    def _select(self, name: str) -> list[Structure]:
        if not self._cas.typesystem.contains_type(name):
            return []
        return sorted(filter(self._is_placed, self._cas.select(name)), key=number_of)

    def _is_placed(self, found: Structure) -> bool:
        """Whether an annotation has offsets; topics have none by their type."""
        if not hasattr(found, "begin") or place_of(found) is not None:
            return True
        self.notices.append(f"{self._place}: a {found.type.name} has no offsets: left out")
        return False

    def _entities(self) -> dict[tuple[int, int], str | None]:
        """Return the types of DKPro's named entities by their place; of two at one place, the first."""
        found: dict[tuple[int, int], str | None] = {}
        for entity in self._select(NAMED_ENTITY):
            place = place_of(entity)
            if place is None:
                continue
            if place in found:
                self.notices.append(
                    f"{self._place}: two named entities at {place[0]}–{place[1]}: one is left out"
                )
            found.setdefault(place, _string(entity, "value"))
        return found

    def _item(self, kind: ItemType, found: Structure) -> Json:
        item: Json = {field: _string(found, feature_name(field)) for field in string_fields(kind)}
        for field in kind.lists:
            values = _elements(found, feature_name(field))
            item[field] = [_unpacked(field, value) for value in values if isinstance(value, str)]
        if kind.spans:
            item |= self._parts(kind, found)
        elif kind.anchored:
            item |= self._span(*(place_of(found) or (0, 0)))
        return item

    def _parts(self, kind: ItemType, found: Structure) -> dict[str, list[Json]]:
        parts: dict[str, list[Json]] = {field: [] for field in kind.spans}
        for link in _elements(found, PARTS):
            role, place = _string(link, "role"), place_of(getattr(link, "target", None))
            if role in parts and place is not None:
                parts[role].append(self._span(*place))
            else:
                name = _string(found, feature_name("id"))
                self.notices.append(f"{self._place}: {kind.name} {name}: no part has the role {role}")
        first = kind.spans[0]
        if not parts[first]:  # drawn anew in the tool: the layer's own span says it
            parts[first].append(self._span(*(place_of(found) or (0, 0))))
        for spans in parts.values():
            spans.sort(key=lambda span: span["start"])
        return parts

    def _span(self, start: int, end: int) -> Json:
        return {"text": self._text[max(start, 0) : max(end, 0)], "start": start, "end": end}


def _string(found: Structure, name: str) -> str | None:
    """Return a feature that holds a string; a file may hold anything there, or have no such feature."""
    value = getattr(found, name, None)
    return value if isinstance(value, str) else None


def _elements(found: Structure, name: str) -> list[Any]:
    elements = getattr(getattr(found, name, None), "elements", None)
    return elements if isinstance(elements, list) else []


def _unpacked(field: str, value: str) -> str | Json:
    if field != "utterances":
        return value
    utterance, _, rendering = value.partition(" ")
    return {"utterance": utterance, "rendering": rendering or None}
