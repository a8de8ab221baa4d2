"""The lines of a brat ``.ann`` file, read and written (https://brat.nlplab.org/standoff.html).

Offsets are code points, counted from 0. A span over a line break is written as one fragment a line of the
text; read back, fragments that only white space with a line break parts are one span again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from retold.records import Span

Fragments = tuple[tuple[int, int], ...]

BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # what brat takes for the end of a line
_PIECE = re.compile(rf"[^{BREAKS}]+")
_OFFSETS = re.compile(r"[0-9]{1,9} [0-9]{1,9}(;[0-9]{1,9} [0-9]{1,9})*")


@dataclass(frozen=True, slots=True)
class TextBound:
    """A ``T`` line; ``words`` as the line has them; ``line`` counts from 1."""

    type: str
    fragments: Fragments
    words: str
    line: int


@dataclass(frozen=True, slots=True)
class Event:
    """An ``E`` line, or an ``R`` line, which has no ``trigger``; ``arguments`` are (role, id)."""

    type: str
    trigger: str | None
    arguments: tuple[tuple[str, str], ...]
    line: int


@dataclass(slots=True)
class Standoff:
    """What an ``.ann`` file says, keyed by id; of attributes, links and notes by the id that they are of.

    ``links`` are (database, id, words), ``notes`` (type, words). ``faults`` are (line, what is wrong).
    """

    texts: dict[str, TextBound] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    links: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    notes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)


def parse(content: str) -> Standoff:
    """Read an ``.ann`` file; lines that are no annotation become ``faults``."""
    standoff = Standoff()
    for number, line in enumerate(content.split("\n"), start=1):
        stripped = line.rstrip("\r")
        if not stripped.strip():
            continue
        reason = _take(standoff, stripped, number)
        if reason:
            standoff.faults.append((number, reason))
    return standoff


def fragments_of(text: str, span: Span) -> Fragments:
    """Return a span cut at line breaks, each piece without white space at its edges."""
    pieces = []
    for match in _PIECE.finditer(text, span.start, span.end):
        words = match.group()
        start = match.start() + len(words) - len(words.lstrip())
        if words.strip():
            pieces.append((start, start + len(words.strip())))
    return tuple(pieces)


def text_line(number: int, kind: str, fragments: Fragments, text: str) -> str:
    """Return a ``T`` line."""
    offsets = ";".join(f"{start} {end}" for start, end in fragments)
    return f"T{number}\t{kind} {offsets}\t{' '.join(text[start:end] for start, end in fragments)}"


def spans_of(item: TextBound, text: str) -> tuple[tuple[Span, ...], str | None]:
    """Return the spans of a ``T`` line, and what is odd about its fragments.

    The words of the text are the span's where the line agrees with them; else the line's own, so that
    validation finds the place.
    """
    ordered = sorted(item.fragments)
    odd = "its fragments overlap" if any(b[0] < a[1] for a, b in pairwise(ordered)) else None
    said = " ".join(text[start:end] for start, end in item.fragments)
    if odd or said != item.words or any(end > len(text) or start >= end for start, end in ordered):
        start, end = ordered[0][0], max(end for _, end in ordered)
        words = text[start:end] if said == item.words and end <= len(text) else item.words
        return (Span(start, end, words),), odd
    joined: list[tuple[int, int]] = []
    for start, end in ordered:
        if joined and _is_break(text[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(Span(start, end, text[start:end]) for start, end in joined), None


def _is_break(between: str) -> bool:
    """Whether only white space with a line break stands here."""
    return between.isspace() and not set(BREAKS).isdisjoint(between)


def _take(standoff: Standoff, line: str, number: int) -> str | None:
    """Take one line in; return what is wrong with it."""
    key, _, rest = line.partition("\t")
    taker = _TAKERS.get(key[:1])
    if taker is None:
        return f"{key[:20]!r} is no id of an annotation"
    return taker(standoff, key, rest, number)


def _take_text(standoff: Standoff, key: str, rest: str, number: int) -> str | None:
    head, tab, words = rest.partition("\t")
    kind, _, offsets = head.partition(" ")
    if not tab or not _OFFSETS.fullmatch(offsets):
        return f"{key} has not the form 'T1<tab>Type start end<tab>words'"
    if key in standoff.texts:
        return f"{key} stands twice"
    pairs = (piece.split(" ") for piece in offsets.split(";"))
    fragments = tuple((int(start), int(end)) for start, end in pairs)
    standoff.texts[key] = TextBound(kind, fragments, words, number)
    return None


def _take_event(standoff: Standoff, key: str, rest: str, number: int) -> str | None:
    words = [tuple(word.rpartition(":")) for word in rest.split()]
    if not words or not all(role and target for role, _, target in words) or key in standoff.events:
        return f"{key} has not the form 'E1<tab>Type:T1 Role:T2', or stands twice"
    (kind, _, trigger), *others = words
    arguments = tuple((role, target) for role, _, target in others)
    standoff.events[key] = Event(kind, trigger, arguments, number)
    return None


def _take_relation(standoff: Standoff, key: str, rest: str, number: int) -> str | None:
    kind, *words = rest.split() or [""]
    pairs = [word.partition(":") for word in words]
    if not words or not all(role and target for role, _, target in pairs) or key in standoff.events:
        return f"{key} has not the form 'R1<tab>Type Arg1:T1 Arg2:T2', or stands twice"
    standoff.events[key] = Event(kind, None, tuple((role, target) for role, _, target in pairs), number)
    return None


def _take_attribute(standoff: Standoff, key: str, rest: str, _number: int) -> str | None:
    words = rest.split()
    if len(words) not in (2, 3):
        return f"{key} has not the form 'A1<tab>Name T1 value'"
    name, target, *value = words
    standoff.attributes.setdefault(target, {})[name] = value[0] if value else "true"
    return None


def _take_link(standoff: Standoff, key: str, rest: str, _number: int) -> str | None:
    head, _, words = rest.partition("\t")
    parts = head.split()
    database, colon, name = parts[2].partition(":") if len(parts) == 3 else ("", "", "")
    if not colon or not name:
        return f"{key} has not the form 'N1<tab>Reference T1 Database:id<tab>words'"
    standoff.links.setdefault(parts[1], []).append((database, name, words))
    return None


def _take_note(standoff: Standoff, key: str, rest: str, _number: int) -> str | None:
    head, tab, words = rest.partition("\t")
    parts = head.split()
    if len(parts) != 2 or not tab:
        return f"{key} has not the form '#1<tab>AnnotatorNotes T1<tab>words'"
    standoff.notes.setdefault(parts[1], []).append((parts[0], words))
    return None


_TAKERS = {
    "T": _take_text,
    "E": _take_event,
    "R": _take_relation,
    "A": _take_attribute,
    "M": _take_attribute,  # as older versions of brat write attributes
    "N": _take_link,
    "#": _take_note,
    "*": lambda *_: None,  # equivalences say nothing that the corpus has
}


def numbered(roles: Sequence[str]) -> Iterator[str]:
    """Yield roles as brat tells repeated ones apart: ``Cue``, ``Cue2``, ``Cue3``."""
    counts: dict[str, int] = {}
    for role in roles:
        counts[role] = counts.get(role, 0) + 1
        yield role if counts[role] == 1 else f"{role}{counts[role]}"
