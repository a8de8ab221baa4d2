"""The annotations of a foreign CAS as nodes."""

from __future__ import annotations

from collections.abc import Iterator

from retold.exchange.cas_types import Cas, Structure, number_of, place_of
from retold.exchange.nodes import Node
from retold.records import Span

_QUIET = frozenset({"begin", "end", "sofa"})
_BUILT_IN = (
    "uima.",
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation.",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata.",
)


def nodes_of(cas: Cas, text: str, place: str) -> Iterator[Node]:
    """Yield every annotation with a span, but for the document, sentences and tokens."""
    placed = ((place_of(found), found) for found in cas.select_all_annotations())
    known = [(place, found) for place, found in placed if place is not None]
    for (start, end), found in sorted(known, key=lambda pair: (pair[0], number_of(pair[1]))):
        name = found.type.name
        if name.startswith(_BUILT_IN):
            continue
        features, arguments = _features(found)
        words = text[max(start, 0) : max(end, 0)]
        here = f"{place}: {name.rpartition('.')[2]} at {start}–{end}"
        span = Span(start, end, words)
        yield Node(str(found.xmiID), name, here, (span,), features, tuple(arguments))


def _features(found: Structure) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the plain features of an annotation, and what the others point to, by feature and by role."""
    features: dict[str, str] = {}
    arguments: list[tuple[str, str]] = []
    for feature in found.type.all_features:
        value = getattr(found, feature.name, None)
        if feature.name in _QUIET or value is None:
            continue
        if isinstance(value, str | int | float):
            features[feature.name] = str(value)
            continue
        elements = getattr(value, "elements", None)
        for item in elements if isinstance(elements, list) and elements else [value]:
            target: Structure = getattr(item, "target", item)
            if hasattr(target, "begin"):
                role = getattr(item, "role", None)
                said = role if isinstance(role, str) and role else feature.name
                arguments.append((said, str(target.xmiID)))
    return features, arguments
