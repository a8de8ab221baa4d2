"""Where the spans of each layer stand: all of them, and quickly those beside the votes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from retold.findings import Pointer

Json = dict[str, Any]

SPAN_LISTS = frozenset(("content", "cue", "cue_group", "source", "verbatim", "spans", "words"))

_NESTED = (dict, list)
# layer -> its lists of items, each with the keys under which an item lists spans; of none, items are spans
_PLACES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "segments": (("blocks", ("sentences",)),),
    "quotes": (("quotes", ("content", "cue", "cue_group", "source", "verbatim")), ("other_marks", ())),
    "entities": (("mentions", ()),),
    "claims": (("claims", ("spans",)),),
    "topics": (),
    "repairs": (("repairs", ()),),
    "metadata": (("flags", ("words",)),),
}


def span_lists(layer: str, document: Json) -> list[list[Json]]:
    """Return the lists of spans of a layer, in the order of the file; those in votes are left out."""
    return [
        listed
        for name, keys in _PLACES[layer]
        for listed in ([item[key] for item in document[name] for key in keys] if keys else (document[name],))
    ]


def votes(layer: str, document: Json) -> list[list[Json]]:
    """Return the votes on the items of a layer that are spans or list them; their values may hold spans."""
    items = [document[name] for name, keys in _PLACES[layer] if keys]
    items += span_lists(layer, document)
    return [item["votes"] for item in chain.from_iterable(items) if "votes" in item]


def walk_spans(document: object) -> Iterator[tuple[Pointer, str | None, Json]]:
    """Yield every object that holds ``text``, ``start`` and ``end``, with its place and its item's id.

    They come in the order of the file. An explicit stack, so that depth costs nothing.
    """
    stack: list[tuple[Pointer, str | None, Any]] = [((), None, document)]
    while stack:
        pointer, item, value = stack.pop()
        children: Iterable[tuple[str | int, object]]
        if type(value) is dict:
            item = value.get("id", item)
            if "text" in value and "start" in value and "end" in value:
                yield pointer, item, value
            children = value.items()
        else:
            children = enumerate(value)
        inner = [
            ((*pointer, step), item, child) for step, child in children if type(child) in _NESTED and child
        ]
        stack += reversed(inner)
