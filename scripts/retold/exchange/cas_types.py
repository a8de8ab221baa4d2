"""The UIMA type system of the corpus, in the form that INCEpTION knows as layers.

Each item type is a layer ``webanno.custom.<Name>``. Entity types and Wikidata links of mentions stand in
DKPro's ``NamedEntity``, which every such tool knows; DKPro sentences and tokens are the grid on which
INCEpTION draws. Parts of quotes and claims are spans of their own, tied by a link feature (``parts``) whose
role is the field. Topics, which have no span, are document metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retold.exchange.formats import missing
from retold.exchange.items import ITEM_TYPES, ItemType

# Of dkpro-cassis, which is an extra and so imported only where it is used.
Cas = Any
Types = Any
Structure = Any

DKPRO = "de.tudarmstadt.ukp.dkpro.core.api"
NAMED_ENTITY = f"{DKPRO}.ner.type.NamedEntity"
SENTENCE = f"{DKPRO}.segmentation.type.Sentence"
TOKEN = f"{DKPRO}.segmentation.type.Token"
CUSTOM = "webanno.custom"
PARTS = "parts"
WIKIDATA = "http://www.wikidata.org/entity/"
STRING, STRINGS = "uima.cas.String", "uima.cas.StringArray"
# what UIMA or Python would take for something else, or two layers call the same
RENAMED: Mapping[str, str] = {"id": "itemId", "type": "quoteType"}
_LAYER_NAMES: Mapping[str, str] = {"Sentence": "SentenceLabel"}


def layer_name(kind: ItemType) -> str:
    """Return the UIMA type of an item type."""
    return f"{CUSTOM}.{_LAYER_NAMES.get(kind.name, kind.name)}"


def part_name(kind: ItemType) -> str:
    """Return the UIMA type of the parts of an item type."""
    return f"{CUSTOM}.{kind.name}Part"


def feature_name(field: str) -> str:
    """Return ``metonym_of`` as ``metonymOf``."""
    first, *rest = RENAMED.get(field, field).split("_")
    return first + "".join(word.capitalize() for word in rest)


def string_fields(kind: ItemType) -> tuple[str, ...]:
    """Return the fields of an item type that are one string each."""
    own = ("id",) if kind.letter else ()
    labels = tuple(field for field in kind.labels if (kind.name, field) != ("Mention", "type"))
    return (*own, *labels, *kind.links, *kind.references, *kind.strings, "note")


def place_of(found: Structure) -> tuple[int, int] | None:
    """Return the offsets of an annotation, right or wrong; ``None`` if the file gives it none."""
    start, end = getattr(found, "begin", None), getattr(found, "end", None)
    return (start, end) if isinstance(start, int) and isinstance(end, int) else None


def number_of(found: Structure) -> int:
    """Return the number that the file gives a structure, by which items keep their order."""
    return found.xmiID if isinstance(found.xmiID, int) else 0


def type_system() -> Types:
    """Return the type system.

    Raises:
        MissingExtraError: dkpro-cassis is not installed.
    """
    try:
        from cassis import TypeSystem  # noqa: PLC0415 (an extra)
    except ImportError:
        raise missing("dkpro-cassis") from None
    types = TypeSystem()
    entity = types.create_type(NAMED_ENTITY)
    for name in ("value", "identifier"):
        types.create_feature(entity, name, STRING)
    types.create_feature(types.create_type(SENTENCE), "id", STRING)
    types.create_type(TOKEN)
    for kind in ITEM_TYPES.values():
        _add(types, kind)
    return types


def _add(types: Types, kind: ItemType) -> None:
    parent = "uima.tcas.Annotation" if kind.anchored else "uima.cas.AnnotationBase"
    layer = types.create_type(layer_name(kind), parent)
    for field in string_fields(kind):
        types.create_feature(layer, feature_name(field), STRING)
    for field in kind.lists:
        types.create_feature(layer, feature_name(field), STRINGS)
    if kind.spans:
        part = types.create_type(part_name(kind))
        link = types.create_type(f"{layer_name(kind)}PartsLink", "uima.cas.TOP")
        types.create_feature(link, "role", STRING)
        types.create_feature(link, "target", part)
        types.create_feature(layer, PARTS, "uima.cas.FSArray", elementType=link.name)
