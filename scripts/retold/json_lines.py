"""One line of a JSON Lines file: whether it is in the plain form, and in which column things stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

import orjson

from retold.source_map import SourceMap

# A number with a fraction or an exponent; words can look like it too, which costs a second look.
_ODD_VALUE = re.compile(rb"[:,\[]-?[0-9]+[.eE]")


def is_compact(data: bytes, document: object) -> bool:
    """Whether a line is, byte for byte, its document without spaces, with no number but integers.

    Then no key is repeated: the document could not give both back.
    """
    try:
        written = orjson.dumps(document)
    except orjson.JSONEncodeError:  # deeper than it writes
        return False
    return written == data and not _ODD_VALUE.search(data)


def columns(data: bytes, pointers: Sequence[Sequence[str | int]]) -> list[int]:
    """Return the columns, from 1, in which values of a line begin that has passed L1."""
    text = data.decode("utf-8").replace("\r", " ")  # which ends no line here
    source = SourceMap.parse(text)
    return [source.locate(pointer).column for pointer in pointers]
