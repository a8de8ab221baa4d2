"""Whether a JSON text can hold what parsers lose: repeated keys, and numbers that are no plain integers.

Apart from ``retold.source_map``, which says where: of files in order nobody asks that.
"""

from __future__ import annotations

import json
from typing import NoReturn

import orjson


def is_written(data: bytes, document: object) -> bool:
    """Whether a file is, byte for byte, the two-space form of its document, with no number but integers.

    Then no key is repeated: the document could not give both back. Several times quicker than ``is_plain``,
    and true of every file that is kept in the corpus' own form.
    """
    try:
        written = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # deeper than it writes
        return False
    if written != data:
        return False
    ends = data.translate(None, _NO_SIGN_OF_FLOATS)
    return b".\n" not in ends and b"e\n" not in ends


def is_plain(text: str) -> bool:
    """Whether a text that a parser accepts has no repeated key and no number but plain integers; quick."""
    try:
        json.loads(text, object_pairs_hook=_unique, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


# Each value ends a line, perhaps with a comma. With all but these four characters gone, an integer leaves
# nothing, a string or key its marks, and a fraction or exponent "." or "e" before the line's end. (So do true
# and false: no matter, ``is_plain`` has the last word.) Several times quicker than a search by a pattern.
_NO_SIGN_OF_FLOATS = bytes(set(range(256)) - set(b'.e"\n'))


def _unique(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("repeated key")


def _refuse(token: str) -> NoReturn:
    raise ValueError(token)
