"""Mutations of the bytes of a file: of its structure where it is JSON, of its lines and tokens, of its bytes.

Each takes bytes and a source of chance and gives bytes; the same seed gives the same ones.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[str | int, ...]

# Values that readers stumble over, as JSON text: types, bounds, what only some parsers take.
SCALARS = (
    "null", "true", "0", "-1", "1", "1.0", "1e3", "-0", "1e400", "NaN", "Infinity", "-Infinity",
    "2147483648", "9223372036854775808", "1" + "0" * 400, '""', '" "', '"x"', '"a\\nb"', '"\\u0000"',
    '"\\ud800"', '"\\udc00\\ud800"', '"\\u202e"', '"\\u001b[31m"', '"\\u2028"', '"\\u0661"', '"article"',
    '"../../x"', '"<b>&amp;"', '"😀"', '"e\\u0301"', "[]", "{}", "[[]]", "[null]", '{"text": "a"}',
    '{"text": "", "start": 0, "end": 0}', '{"id": [], "text": 1}',
)  # fmt: skip
# Bytes of any text format.
TOKENS = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\r", b"\r\n", b"\n", b"\t", b"\x0c", b"\x1b[2J",
    "\u2028".encode(), "\u0085".encode(), "\u202e".encode(), "\u00a0".encode(), "😀".encode(),
    "e\u0301".encode(), "“".encode(), "”".encode(), b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b",", b":",
    b";", b" ", b"<", b">", b"&", b"&x;", b"<!DOCTYPE a>", b"<!--", b"]]>", b"/", b"../", b"-", b"0", b"-1",
    b"99999999999999999999", b"1.5", b"#", b"T1", b"E1", b"R1", b"A1", b"N1", b"*", b"=", b"|",
)  # fmt: skip
NUMBER = re.compile(rb"-?[0-9]+")
WORD = re.compile(rb"[A-Za-z_][\w.-]*")
QUOTED = re.compile(rb'"[^"\n]*"')
DEPTHS = (40, 500, 1030, 30_000)
LONG = (300, 5_000)

Change = Callable[[bytes, random.Random], bytes]


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Return the data after one to four changes."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        data = chance.choice(CHANGES)(data, chance)
    return data


def _byte(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + chance.randrange(2) :]


def _token(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(TOKENS) + data[at + chance.choice((0, 0, 1, 3)) :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    end = min(end, start + chance.choice((1, 10, 200, len(data))))
    return data[:start] + data[end:]


def _copy(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice((1, 10, 100, 1000))]
    at = chance.randrange(len(data) + 1)
    return data[:at] + piece * chance.choice((1, 1, 2, 50)) + data[at:]


def _number(data: bytes, chance: random.Random) -> bytes:
    """Put another number in the place of one: near it, or of the file, or odd."""
    found = list(NUMBER.finditer(data))
    if not found:
        return _token(data, chance)
    one, other = chance.choice(found), chance.choice(found)
    near = str(int(one[0][:18]) + chance.choice((-1, 1, 7, -7, 1000))).encode()
    new = chance.choice((near, near, other[0], b"-1", b"0", b"2147483648", b"1" + b"0" * 30, b"1.0", b""))
    return data[: one.start()] + new + data[one.end() :]


def _word(data: bytes, chance: random.Random) -> bytes:
    """Put a word of the file, or a token, in the place of another word."""
    found = list(WORD.finditer(data))
    if not found:
        return _token(data, chance)
    one = chance.choice(found)
    new = chance.choice((chance.choice(found)[0], chance.choice(TOKENS), b"x" * chance.choice(LONG), b""))
    return data[: one.start()] + new + data[one.end() :]


def _quoted(data: bytes, chance: random.Random) -> bytes:
    """Put a quoted string of the file in the place of another: XML stays XML, JSON stays JSON."""
    found = list(QUOTED.finditer(data))
    if not found:
        return _number(data, chance)
    one, other = chance.choice(found), chance.choice(found)
    new = chance.choice((other[0], other[0], b'""', b'"-1"', b'"0"', b'"1 1"', b'"\xe2\x80\xae"', b'"x"'))
    return data[: one.start()] + new + data[one.end() :]


def _lines(data: bytes, chance: random.Random) -> bytes:
    """Drop, double, swap or mix lines."""
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    how = chance.randrange(5)
    if how == 0:
        del lines[one]
    elif how == 1:
        lines.insert(other, lines[one])
    elif how == 2:
        lines[one], lines[other] = lines[other], lines[one]
    elif how == 3:
        lines[one] = lines[one][: len(lines[one]) // 2] + lines[other][len(lines[other]) // 2 :]
    else:
        lines[one] = b"\r" + lines[one] + b"\r"
    return b"\n".join(lines)


def _ending(data: bytes, chance: random.Random) -> bytes:
    return chance.choice((data.replace(b"\n", b"\r\n"), data.rstrip(), data + b"\n\n", b" " + data, b""))


class _Raw:
    """JSON text that stands for itself."""

    def __init__(self, text: str) -> None:
        self.text = text


def _structure(data: bytes, chance: random.Random) -> bytes:
    """Change the structure of JSON, or of one line of JSON Lines; other data by a token."""
    lines = [data]
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        lines = data.split(b"\n")
    place = chance.randrange(len(lines))
    try:
        document = json.loads(lines[place])
        changed = _written(_changed(document, chance))
    except (ValueError, RecursionError):
        return _token(data, chance)
    lines[place] = changed.encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _changed(document: Any, chance: random.Random) -> Any:
    paths = list(_paths(document))
    if len(paths) == 1:
        return _value(chance)
    path = chance.choice(paths[1:])
    parent = _at(document, path[:-1])
    return KINDS[chance.randrange(len(KINDS))](document, parent, path[-1], chance)


def _put(document: Any, parent: Any, step: str | int, chance: random.Random) -> Any:
    parent[step] = _value(chance)
    return document


def _put_other(document: Any, parent: Any, step: str | int, chance: random.Random) -> Any:
    parent[step] = json.loads(json.dumps(_at(document, chance.choice(list(_paths(document))))))
    return document


def _put_alike(document: Any, parent: Any, step: str | int, chance: random.Random) -> Any:
    """Put in what stands elsewhere under the same key: schemas accept it."""
    alike = [path for path in _paths(document) if path and path[-1] == step]
    parent[step] = json.loads(json.dumps(_at(document, chance.choice(alike))))
    return document


def _drop(document: Any, parent: Any, step: str | int, _: random.Random) -> Any:
    del parent[step]
    return document


def _double(document: Any, parent: Any, step: str | int, chance: random.Random) -> Any:
    if isinstance(parent, list):
        parent.insert(chance.randrange(len(parent) + 1), parent[step])
    else:
        parent[f"{step}{chance.choice(('s', ' ', '_', chr(0x661)))}"] = parent[step]
    return document


def _rename(document: Any, parent: Any, step: str | int, chance: random.Random) -> Any:
    if isinstance(parent, list):
        chance.shuffle(parent)
    else:
        parent[chance.choice(("id", "text", "start", "votes", "note", "before", "x\n"))] = parent.pop(step)
    return document


def _repeat(document: Any, parent: Any, step: str | int, chance: random.Random) -> Any:
    """Give a key twice, which no parsed document holds."""
    if isinstance(parent, dict):
        own, other = _written(parent[step]), _value(chance).text
        parent[step] = _Raw(f"{own}, {json.dumps(step)}: {other}")
    return document


def _tweak(document: Any, parent: Any, step: str | int, chance: random.Random) -> Any:
    value = parent[step]
    if isinstance(value, str):
        end = chance.choice(("\n", " ", "\u202e", "\x1b[2J", "\x00", "e\u0301", "١", "\ud83d", "x" * 300))
        at = chance.randrange(len(value) + 1)
        parent[step] = chance.choice((value + end, value[:at] + end + value[at:], value[:at], value.upper()))
    elif isinstance(value, int) and not isinstance(value, bool):
        parent[step] = chance.choice((value + 1, value - 1, -value, value + 10**6, float(value), str(value)))
    else:
        parent[step] = [value]
    return document


def _deepen(document: Any, parent: Any, step: str | int, chance: random.Random) -> Any:
    depth, mark = chance.choice(DEPTHS), chance.choice(("[]", "{}"))
    opening = "[" if mark == "[]" else '{"a":'
    parent[step] = _Raw(f"{opening * depth}{_written(parent[step])}{mark[1] * depth}")
    return document


KINDS = (
    _put, _put, _put_other, _put_alike, _put_alike, _put_alike, _put_alike, _drop, _double, _rename, _repeat,
    _tweak, _tweak, _tweak, _tweak, _deepen,
)  # fmt: skip
CHANGES: tuple[Change, ...] = (
    _structure, _structure, _structure, _structure, _structure, _structure,
    _byte, _token, _cut, _copy, _number, _number, _word, _quoted, _quoted, _quoted, _lines, _ending,
)  # fmt: skip


def _value(chance: random.Random) -> _Raw:
    return _Raw(chance.choice(SCALARS))


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(inner, (*path, step))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _written(value: Any) -> str:
    """Return JSON; what stands for itself as it is, the rest in the corpus' own form."""
    held: list[str] = []

    def keep(raw: _Raw) -> str:
        held.append(raw.text)
        return f"\ue000{len(held) - 1}\ue001"

    text = json.dumps(value, default=keep, ensure_ascii=False, indent=2)
    return re.sub('"\ue000([0-9]+)\ue001"', lambda match: held[int(match[1])], text)
