"""What every prediction is made of: the head of a line, and spans with their words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
Extent = tuple[int, int]  # start and end: code points into the article's text, half-open

MARKS = "\"'“”‘’«»"
_STOPPED = re.compile(rf"[.!?,;:…][{MARKS})\]]*\s*$")
_LETTER = re.compile(r"\w")


def head(record: Json) -> Json:
    """Return what a line says of its article, from the record of ``inputs``."""
    return {name: record[name] for name in ("article", "article_sha256")}


def span(text: str, extent: Extent) -> Json:
    """Return a span of a prediction, with the words that stand there."""
    start, end = extent
    return {"start": start, "end": end, "text": text[start:end]}


def spans(text: str, extents: Iterable[Extent]) -> list[Json]:
    """Return spans of a prediction, in text order."""
    return [span(text, extent) for extent in sorted(extents)]


def trimmed(text: str, extent: Extent, characters: str) -> Extent:
    """Return an extent without white space and some characters at its ends; empty if nothing is left."""
    start, end = extent
    while start < end and (text[start].isspace() or text[start] in characters):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in characters):
        end -= 1
    return start, end


def has_words(text: str, extent: Extent) -> bool:
    """Whether there is a letter or a digit in an extent."""
    return _LETTER.search(text, *extent) is not None


def is_running(line: str) -> bool:
    """Whether a line is running text, by the mark that it ends with: titles and headings have none."""
    return _STOPPED.search(line) is not None
