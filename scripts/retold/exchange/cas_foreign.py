"""The annotations of a foreign CAS as nodes."""

from __future__ import annotations

from collections.abc import Iterator

from retold.exchange.cas_types import Cas, Structure
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
    for found in sorted(
        cas.select_all_annotations(), key=lambda item: (item.begin, item.end, item.xmiID or 0)
    ):
        name = found.type.name
        if name.startswith(_BUILT_IN):
            continue
        features, arguments = _features(found)
        start, end = found.begin, found.end
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
        for item in getattr(value, "elements", None) or [value]:
            target = getattr(item, "target", item)
            if hasattr(target, "begin"):
                arguments.append((getattr(item, "role", None) or feature.name, str(target.xmiID)))
    return features, arguments
