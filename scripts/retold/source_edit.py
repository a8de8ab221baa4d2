"""Edits of a JSON text that leave everything else in it as it is."""

from __future__ import annotations

import json

from retold.source_map import LINE_END, JsonPath, Position, SourceMap

_SPACE = " \t\r\n"  # of JSON


class SourceEdit:
    """Collects edits of one JSON text; paths lead to values as they are in that text."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._map = SourceMap.parse(source)
        self._lines = (0, *(match.end() for match in LINE_END.finditer(source)))
        self._edits: list[tuple[int, int, str]] = []

    def replace(self, path: JsonPath, value: object) -> None:
        """Put ``value`` (a scalar) in the place of the one at ``path``."""
        start = self._offset(self._map.locate(path))
        self._edits.append((start, self._end_of_value(start), json.dumps(value)))

    def insert_after(self, path: JsonPath, members: dict[str, int]) -> None:
        """Insert members behind the one at ``path``, laid out as that one is."""
        end = self._end_of_value(self._offset(self._map.locate(path)))
        gap = self._gap(path)
        self._edits.append((end, end, "".join(f",{gap}{json.dumps(k)}: {v}" for k, v in members.items())))

    def insert_before(self, path: JsonPath, members: dict[str, int]) -> None:
        """Insert members before the one at ``path``, laid out as that one is."""
        start = self._offset(self._map.locate_key(path))
        gap = self._gap(path)
        self._edits.append((start, start, "".join(f"{json.dumps(k)}: {v},{gap}" for k, v in members.items())))

    def result(self) -> str:
        """Return the edited text."""
        parts, done = [], 0
        for start, end, new in sorted(self._edits):
            parts += [self._source[done:start], new]
            done = end
        return "".join((*parts, self._source[done:]))

    def _offset(self, position: Position) -> int:
        return self._lines[position.line - 1] + position.column - 1

    def _end_of_value(self, start: int) -> int:
        return json.JSONDecoder().raw_decode(self._source, start)[1]

    def _gap(self, path: JsonPath) -> str:
        """Return the white space before a member: a line break with its indent, or one space."""
        key = self._offset(self._map.locate_key(path))
        before = self._source[max(self._source.rfind("\n", 0, key), 0) : key]
        gap = before[len(before.rstrip(_SPACE)) :]
        return gap if "\n" in gap else " "
