"""How a wording differs from the reference wording of the same remark, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from retold.records import Span

SAME, OWN, LEFT_OUT = "same", "own", "left_out"
GAP = " … "
_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*|[^\w\s]+|\s+")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})

Part = tuple[str, str]


def wording(spans: Sequence[Span]) -> str:
    """Return the words of spans as one string, words left out between them as ``…``."""
    return GAP.join(" ".join(span.text.split()) for span in spans)


def difference(text: str, reference: str) -> list[Part]:
    """Return a wording in parts: words shared with the reference, its own, and those it leaves out.

    Words are compared without regard to case and to the shape of quotation marks, by ``difflib``. Parts of
    kind ``left_out`` are words of the reference; all others, joined, are ``text``.
    """
    ours, theirs = _words(text), _words(reference)
    matcher = SequenceMatcher(None, [_key(w) for w in theirs], [_key(w) for w in ours], autojunk=False)
    parts: list[Part] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append((SAME, "".join(ours[j1:j2])))
            continue
        if i2 > i1:
            parts.append((LEFT_OUT, "".join(theirs[i1:i2]).strip()))
        if j2 > j1:
            parts.append((OWN, "".join(ours[j1:j2])))
    return parts


def _words(text: str) -> list[str]:
    """Return words with the white space behind each."""
    words: list[str] = []
    for piece in _WORD.findall(text):
        if piece.isspace() and words:
            words[-1] += piece
        else:
            words.append(piece)
    return words


def _key(word: str) -> str:
    return word.strip().casefold().translate(_ALIKE)
