"""The annotations of a foreign brat project as nodes."""

from __future__ import annotations

from collections.abc import Iterator

from retold.exchange.brat_lines import Standoff, spans_of
from retold.exchange.nodes import Node


def nodes_of(standoff: Standoff, text: str, place: str) -> Iterator[Node]:
    """Yield the text-bound annotations, then events (with the span of their trigger) and relations."""
    spans = {key: spans_of(item, text) for key, item in standoff.texts.items()}
    triggers = {event.trigger for event in standoff.events.values()}
    for key, item in standoff.texts.items():
        if key in triggers:
            continue
        found, odd = spans[key]
        here = f"{place}:{item.line}"
        notices = (f"{here}: {key}: {odd}: read as one span over all of them",) if odd else ()
        yield Node(
            key,
            item.type,
            here,
            found,
            standoff.attributes.get(key, {}),
            links=tuple(standoff.links.get(key, ())),
            note=_note(standoff, key),
            notices=notices,
        )
    for key, event in standoff.events.items():
        own = spans[event.trigger][0] if event.trigger in spans else ()
        arguments = tuple((role.rstrip("0123456789"), target) for role, target in event.arguments)
        if event.trigger is None:  # Arg1 and Arg2 of a relation are two roles, not one repeated
            arguments = event.arguments
        links = tuple(standoff.links.get(key, ()))
        features = standoff.attributes.get(key, {})
        note = _note(standoff, key)
        yield Node(key, event.type, f"{place}:{event.line}", own, features, arguments, links, note)
    for line, reason in standoff.faults:
        yield Node(f"line {line}", "", f"{place}:{line}", notices=(f"{place}:{line}: {reason}: left out",))


def _note(standoff: Standoff, key: str) -> str | None:
    return "\n".join(words for _, words in standoff.notes.get(key, ()) if words.strip()) or None
