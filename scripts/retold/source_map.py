"""Where things stand in a JSON text.

Parsers keep no positions, forget repeated keys and read ``1.0`` as a number like any other. The scanner
here keeps all three. It is slower than a parser and runs only when there is something to explain;
``is_written`` and ``is_plain`` (``retold.source_form``) tell quickly whether there is.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_DEPTH = 1024  # as orjson: what one parser refuses, the other must not accept

SPACE = re.compile(r"[ \t\r\n]*")
STRING_BODY = re.compile(r'[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*')
SCALAR = re.compile(
    r"(?P<number>-?(?:0|[1-9][0-9]*)(?P<form>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))|true|false|null"
)
WORD = re.compile(r"[^\s,:\[\]{}\"]+")
LINE_END = re.compile(r"\r\n|\n|\r")
CLOSING = {"{": "}", "[": "]"}

JsonPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text; line and column count from 1, columns in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """A key that its object already has; ``position`` is the repetition's, ``first`` the first one's."""

    path: JsonPath
    position: Position
    first: Position


@dataclass(frozen=True, slots=True)
class OddNumber:
    """A number written with a fraction or an exponent, such as ``1.0`` or ``1e3``."""

    path: JsonPath
    position: Position
    token: str


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Where a text stops being JSON, and what is wrong there."""

    position: Position
    message: str


@dataclass(slots=True)
class _Node:
    """A value: offset of its first character and of its key, and what it holds by key or index."""

    start: int
    key_start: int | None = None
    children: dict[str | int, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceMap:
    """The positions of everything in one JSON text.

    A text that breaks off with a ``syntax_problem`` is mapped up to there. Where a key is repeated, its
    last value is the one that is mapped, as parsers keep it.
    """

    duplicate_keys: tuple[DuplicateKey, ...]
    odd_numbers: tuple[OddNumber, ...]
    syntax_problem: SyntaxProblem | None
    _root: _Node
    _lines: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> SourceMap:
        """Scan a whole text; never raises, takes linear time and any depth."""
        lines = (0, *(match.end() for match in LINE_END.finditer(text)))
        scanner = _Scanner(text)
        problem = None
        try:
            scanner.run()
        except _ScanError as error:
            problem = SyntaxProblem(_position(lines, error.offset), error.message)
        return cls(
            duplicate_keys=tuple(
                DuplicateKey(path, _position(lines, offset), _position(lines, first))
                for path, offset, first in scanner.duplicate_keys
            ),
            odd_numbers=tuple(
                OddNumber(path, _position(lines, offset), token)
                for path, offset, token in scanner.odd_numbers
            ),
            syntax_problem=problem,
            _root=scanner.root,
            _lines=lines,
        )

    def locate(self, path: Sequence[str | int]) -> Position:
        """Return where the value at ``path`` begins, or its nearest parent that exists."""
        return _position(self._lines, self._find(path)[0].start)

    def locate_key(self, path: Sequence[str | int]) -> Position:
        """Return where the key of the value at ``path`` begins; as ``locate`` where there is no such key."""
        node, found = self._find(path)
        start = node.start if node.key_start is None or not found else node.key_start
        return _position(self._lines, start)

    def _find(self, path: Sequence[str | int]) -> tuple[_Node, bool]:
        node = self._root
        for step in path:
            if step not in node.children:
                return node, False
            node = node.children[step]
        return node, True


def _position(lines: Sequence[int], offset: int) -> Position:
    line = bisect_right(lines, offset)
    return Position(line, offset - lines[line - 1] + 1)


class _ScanError(Exception):
    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


class _Scanner:
    """One pass over a text; an explicit stack, so that depth costs nothing."""

    def __init__(self, text: str) -> None:
        self.root = _Node(0)
        self.duplicate_keys: list[tuple[JsonPath, int, int]] = []
        self.odd_numbers: list[tuple[JsonPath, int, str]] = []
        self._text = text
        self._offset = 0
        self._open: list[_Node] = []
        self._steps: list[str | int] = []

    def run(self) -> None:
        self._peek()
        self.root.start = min(self._offset, max(len(self._text) - 1, 0))
        self._value(self.root)
        while self._open:
            self._member(self._open[-1])
        if self._peek():
            raise _ScanError(self._offset, "nothing may follow the end of the document")

    def _peek(self) -> str:
        """Skip white space; return the next character, or nothing at the end."""
        match = SPACE.match(self._text, self._offset)
        self._offset = match.end() if match else self._offset
        return self._text[self._offset : self._offset + 1]

    def _expect(self, mark: str, wanted: str) -> None:
        found = self._peek()
        if found != mark:
            raise _ScanError(self._offset, f"{wanted} expected, not {_quoted(found)}")
        self._offset += 1

    def _member(self, node: _Node) -> None:
        """Read one member of an open object or array, or its end."""
        opening = self._text[node.start]
        closing = CLOSING[opening]
        if self._peek() == closing:
            self._offset += 1
            self._open.pop()
            if self._steps:
                self._steps.pop()
            return
        if node.children:
            self._expect(",", f"a comma or {closing}")
        self._peek()
        child = _Node(self._offset)
        step = self._key(node, child) if opening == "{" else len(node.children)
        node.children[step] = child
        self._steps.append(step)
        if self._value(child):
            self._steps.pop()

    def _key(self, node: _Node, child: _Node) -> str:
        start = self._offset
        if self._peek() != '"':
            raise _ScanError(start, f"a key in double quotes expected, not {_quoted(self._peek())}")
        key = self._string()
        self._expect(":", f"a colon after {_quoted(key)}")
        self._peek()
        if key in node.children:
            first = node.children[key].key_start
            self.duplicate_keys.append(((*self._steps, key), start, start if first is None else first))
        child.start, child.key_start = self._offset, start
        return key

    def _value(self, node: _Node) -> bool:
        """Read a value that begins here; return whether it is complete (an object or array is only open)."""
        mark = self._peek()
        if mark in CLOSING:
            if len(self._open) == MAX_DEPTH:
                raise _ScanError(self._offset, f"nested deeper than {MAX_DEPTH} levels")
            self._open.append(node)
            self._offset += 1
            return False
        if mark == '"':
            self._string()
        else:
            self._scalar()
        return True

    def _string(self) -> str:
        start = self._offset
        match = STRING_BODY.match(self._text, start + 1)
        end = match.end() if match else start + 1
        if self._text[end : end + 1] != '"':
            raise _ScanError(end, _string_problem(self._text[end : end + 1]))
        self._offset = end + 1
        body = self._text[start + 1 : end]
        if "\\" in body:
            body = json.loads(self._text[start : end + 1])
            if any("\ud800" <= character <= "\udfff" for character in body):
                raise _ScanError(start, "half of a surrogate pair in a string")
        return body

    def _scalar(self) -> None:
        match = SCALAR.match(self._text, self._offset)
        word = WORD.match(self._text, self._offset)
        token = word.group() if word else self._text[self._offset : self._offset + 1]
        if match is None or match.group() != token:
            raise _ScanError(self._offset, f"a value expected, not {_quoted(token)}")
        if match["form"]:
            self.odd_numbers.append((tuple(self._steps), self._offset, token))
        if match["number"] and math.isinf(float(token)):
            raise _ScanError(self._offset, "a number too large for any parser")
        self._offset = match.end()


def _quoted(found: str) -> str:
    shown = found[:40]
    return json.dumps(shown, ensure_ascii=not shown.isprintable()) if found else "the end of the file"


def _string_problem(found: str) -> str:
    if found == "\\":
        return "no such escape in a string"
    return f"control character {_quoted(found)} in a string" if found else "a string is not closed"
