"""Whether a JSON text can hold what parsers lose: repeated keys, and numbers that are no plain integers.

Apart from ``retold.source_map``, which says where: of files in order nobody asks that.
"""

from __future__ import annotations

import json
import re
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
    return written == data and not (_FRACTION.search(data) or _EXPONENT.search(data))


def is_plain(text: str) -> bool:
    """Whether a text that a parser accepts has no repeated key and no number but plain integers; quick."""
    try:
        json.loads(text, object_pairs_hook=_unique, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


# The end of a value as orjson writes it: a string ends with its mark, so only a number ends a line like this.
# Two patterns, since a search for one first letter is several times quicker than one for a choice of letters.
_FRACTION = re.compile(rb"\.[0-9]+,?\n")
_EXPONENT = re.compile(rb"e[-+]?[0-9]+,?\n")


def _unique(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("repeated key")


def _refuse(token: str) -> NoReturn:
    raise ValueError(token)
