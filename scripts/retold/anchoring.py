"""Offsets from texts: fills in ``start`` and ``end`` where they are missing, moves them where they are off.

A file need not pass its schema, only be JSON. Nothing is guessed: a text that occurs more than once, with
no ``before`` that decides, is a finding. Where the article was edited, words that were taken out may stand
elsewhere too: a span that would not have moved with what stands around it is a finding as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from retold.findings import Finding, Pointer, finding
from retold.frame import Frame
from retold.left_context import stands_before
from retold.source_edit import SourceEdit

Json = dict[str, Any]

_LISTED = 5  # places that a finding names


@dataclass(frozen=True, slots=True)
class Anchored:
    """A file after anchoring.

    ``source`` is its new text, equal to the old one if there was nothing to do; ``moves`` are findings that
    tell what was off, ``problems`` those that tell what could not be anchored.
    """

    source: str
    moves: tuple[Finding, ...]
    problems: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Target:
    """An object that should have these offsets, [start, end) in code points from 0."""

    pointer: Pointer
    item: str | None
    node: Json
    start: int
    end: int

    @property
    def is_right(self) -> bool:
        return (self.node.get("start"), self.node.get("end")) == (self.start, self.end)


def anchor(path: str, source: str, raw: str, sha256: str) -> Anchored:
    """Anchor one file, changing nothing in it but offsets and ``article_sha256``.

    Args:
        path: Name of the file in findings.
        source: The file's text; JSON without repeated keys.
        raw: The article's raw text.
        sha256: The raw text's SHA-256, written to ``article_sha256`` once every span stands.

    Raises:
        orjson.JSONDecodeError: ``source`` is no JSON.
    """
    document = orjson.loads(source)
    stale = isinstance(document, dict) and document.get("article_sha256", sha256) != sha256
    targets, problems = _resolve(path, document, raw, edited=stale)
    wrong = [target for target in targets if not target.is_right]
    moves = [_moved(path, target, raw) for target in wrong]
    if stale and not problems:
        moves.append(finding("anchor-checksum", path, ("article_sha256",)))
    if not moves:
        return Anchored(source, (), tuple(problems))
    edit = SourceEdit(source)
    for target in wrong:
        _set_offsets(edit, target)
    if stale and not problems:
        edit.replace(("article_sha256",), sha256)
    return Anchored(edit.result(), tuple(moves), tuple(problems))


def _resolve(path: str, document: object, raw: str, *, edited: bool) -> tuple[list[_Target], list[Finding]]:
    targets: dict[Pointer, _Target] = {}
    problems = []
    found = _Occurrences(raw)
    spans = list(_spans(document))
    is_certain = _judge(raw, [node for _, _, node in spans]) if edited else lambda _node, _place: True
    for pointer, item, node in spans:
        places = _places(found, node)
        if len(places) == 1 and not is_certain(node, places[0]):
            values = {"text": repr(node["text"]), "place": str(places[0])}
            problems.append(finding("anchor-uncertain", path, (*pointer, "text"), item, **values))
        elif len(places) == 1:
            targets[pointer] = _Target(pointer, item, node, places[0], places[0] + len(node["text"]))
        else:
            problems.append(_problem(path, pointer, item, node["text"], places))
    blocks = document.get("blocks") if isinstance(document, dict) else None
    for number, block in enumerate(blocks if isinstance(blocks, list) else ()):
        sentences = block.get("sentences") if isinstance(block, dict) else None
        if not isinstance(sentences, list):
            continue
        own = [targets.get(("blocks", number, "sentences", place)) for place in range(len(sentences))]
        if own and own[0] and own[-1]:
            pointer = ("blocks", number)
            targets[pointer] = _Target(pointer, block.get("id"), block, own[0].start, own[-1].end)
    return list(targets.values()), problems


def _spans(document: object) -> Iterator[tuple[Pointer, str | None, Json]]:
    """Yield every object with a ``text``, in file order; a vote may hold part of a span only."""
    stack: list[tuple[Pointer, str | None, object]] = [((), None, document)]
    while stack:
        pointer, item, node = stack.pop()
        if isinstance(node, dict):
            own = node.get("id")
            item = own if isinstance(own, str) else item
            if isinstance(node.get("text"), str) and (
                "votes" not in pointer or {"start", "end"} <= node.keys()
            ):
                yield pointer, item, node
            stack += [((*pointer, key), item, child) for key, child in reversed(node.items())]
        elif isinstance(node, list):
            stack += [((*pointer, n), item, node[n]) for n in range(len(node) - 1, -1, -1)]


class _Occurrences:
    """Where texts stand in an article; each is looked for once, however many spans have it."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self._places: dict[str, list[int]] = {}

    def of(self, text: str) -> list[int]:
        if text not in self._places:
            self._places[text] = list(self._search(text))
        return self._places[text]

    def _search(self, text: str) -> Iterator[int]:
        place = self.raw.find(text)
        while place >= 0:
            yield place
            place = self.raw.find(text, place + 1)


def _judge(raw: str, nodes: list[Json]) -> Callable[[Json, int], bool]:
    """Return whether a span that had offsets before the text was edited can be the one at a place."""
    olds: dict[str, set[int]] = defaultdict(set)
    for node in nodes:
        if isinstance(node.get("start"), int):
            olds[node["text"]].add(node["start"])
    once = {text: place for text in olds if text and (place := raw.find(text)) == raw.rfind(text) >= 0}
    frame = Frame((min(olds[text]), place) for text, place in once.items() if len(olds[text]) == 1)

    def is_certain(node: Json, place: int) -> bool:
        old = node.get("start")
        if not isinstance(old, int) or node.get("before"):
            return True
        alone = node["text"] in once and len(olds[node["text"]]) == 1
        if alone and old == place:
            return True  # though another span, whose offsets are far off, may have spoilt the frame
        return frame.allows(old, place) and (alone or frame.moves_alike(old, place))

    return is_certain


def _places(found: _Occurrences, node: Json) -> list[int]:
    """Return where a span may begin: one place if it stands rightly already or can stand nowhere else."""
    raw = found.raw
    text, before, start = node["text"], node.get("before"), node.get("start")
    before = before if isinstance(before, str) else ""
    if not text and not before:
        return []

    def fits(place: int) -> bool:
        return stands_before(raw, place, before, directly=not text)

    if isinstance(start, int) and start >= 0 and raw.startswith(text, start) and fits(start):
        return [start]
    places = found.of(text)
    return [place for place in places if fits(place)] if before else places


def _problem(path: str, pointer: Pointer, item: str | None, text: str, places: list[int]) -> Finding:
    place = (*pointer, "text")
    if not places:
        return finding("anchor-not-found", path, place, item, text=repr(text))
    listed = ", ".join(str(start) for start in places[:_LISTED])
    more = f" and {len(places) - _LISTED} more" if len(places) > _LISTED else ""
    values = {"text": repr(text), "count": str(len(places)), "places": f"{listed}{more}"}
    return finding("anchor-ambiguous", path, place, item, **values)


def _moved(path: str, target: _Target, raw: str) -> Finding:
    node = target.node
    old = f"{node.get('start', '…')}–{node.get('end', '…')}"
    values = {"text": repr(raw[target.start : target.end]), "old": old}
    new = f"{target.start}–{target.end}"
    return finding("anchor-off", path, (*target.pointer, "start"), target.item, **values, new=new)


def _set_offsets(edit: SourceEdit, target: _Target) -> None:
    offsets = {"start": target.start, "end": target.end}
    missing = {key: value for key, value in offsets.items() if key not in target.node}
    for key in offsets.keys() - missing.keys():
        edit.replace((*target.pointer, key), offsets[key])
    if not missing:
        return
    if "text" not in target.node:  # a block
        edit.insert_before((*target.pointer, "sentences"), missing)
    else:
        after = "text" if "start" in missing else "start"
        edit.insert_after((*target.pointer, after), missing)
