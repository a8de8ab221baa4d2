"""A foreign annotation, whatever format it came in."""

from __future__ import annotations

from dataclasses import dataclass, field

from retold.records import Span


@dataclass(frozen=True, slots=True)
class Node:
    """One annotation: its type, where it is, what it says and what it points to.

    ``spans`` may be wrong; a relation has none. ``features`` are attributes, ``arguments`` (role, key of
    another node), ``links`` (database, id, words), ``note`` is what annotators remarked. ``place`` is where
    it stands, for messages.
    """

    key: str
    type: str
    place: str
    spans: tuple[Span, ...] = ()
    features: dict[str, str] = field(default_factory=dict)
    arguments: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    note: str | None = None
    notices: tuple[str, ...] = ()
