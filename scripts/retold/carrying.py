"""An article in its clean text: what of its annotation is left there, and where it stands."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from retold.cleaning import clean, is_aligned
from retold.records import Article, Repair

OPENING = "“"
LOST_MARK = "lost_quotation_mark"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: ids, and offsets into the raw text."""

    sentence_id: str
    block_id: str
    start: int
    end: int


class CleanArticle:
    """The clean text of an article, and the way into it for spans of the raw text.

    All offsets are code points from 0, half-open. ``marks`` are the offsets in the clean text at which
    repairs of lost quotation marks stand; ``deletions`` the stretches of the raw text whose words are gone.
    """

    def __init__(self, raw: str, repairs: Sequence[Repair], sentences: Iterable[Place]) -> None:
        """Make the repairs; ``sentences`` are all of the article.

        Raises:
            ValueError: The repairs overlap, are not in order, or are not of this text.
        """
        self.text, self.map = clean(raw, repairs)
        self._length = len(raw)
        stretches = list(zip(repairs, self.map.replacements, strict=True))
        self._insertions = {repair.span.start: at for repair, at in stretches if not repair.span.text}
        self.marks = {n for repair, at in stretches if repair.kind == LOST_MARK for n in range(*at)}
        self._sentences = tuple(sentences)
        self.deletions = [stretch for repair in repairs for stretch in _deleted(repair)]

    @cached_property
    def _block_of(self) -> dict[str, str]:
        return {
            place.sentence_id: place.block_id
            for place in self._sentences
            if self.span(place.start, place.end)
        }

    @property
    def lacks_words(self) -> bool:
        """Whether any word was deleted."""
        return bool(self.deletions)

    def may_be_gone(self, start: int) -> bool:
        """Return whether a raw span that starts here (not with white space) may have nothing left."""
        number = bisect_right(self.deletions, (start, sys.maxsize)) - 1
        return number >= 0 and start < self.deletions[number][1]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the clean stretch of a raw span without white space at its edges, ``None`` if none is left.

        What is inserted at its edges is outside.
        """
        begin, stop = self.map.span_to_clean(start, end)
        words = self.text[begin:stop]
        begin += len(words) - len(words.lstrip())
        stop -= len(words) - len(words.rstrip())
        return (begin, stop) if begin < stop else None

    def segment(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the clean stretch of a raw sentence or block, ``None`` if none is left.

        Of what is inserted at its edges, it takes in what is its own: an opening mark before it, a closing
        one behind it, never white space. The whole text stays whole.
        """
        if (start, end) == (0, self._length):
            return 0, len(self.text)
        span = self.span(start, end)
        if span is None:
            return None
        begin, stop = span
        before, behind = self._insertions.get(start), self._insertions.get(end)
        if before is not None and before[1] == begin:
            begin -= len(self._split(*before)[1])
        if behind is not None and behind[0] == stop:
            stop += len(self._split(*behind)[0])
        return begin, stop

    def kept(self, sentence_ids: Iterable[str]) -> list[str]:
        """Return those of the sentences of which something is left."""
        return [sentence for sentence in sentence_ids if sentence in self._block_of]

    def block_of(self, sentence_id: str) -> str:
        """Return the block of a sentence that is left."""
        return self._block_of[sentence_id]

    def _split(self, begin: int, stop: int) -> tuple[str, str]:
        """Return what of an inserted stretch belongs to the words before it, and to those behind it."""
        words = self.text[begin:stop]
        parts = re.split(r"\s+", words)
        if len(parts) > 1:
            return parts[0], parts[-1]
        opens = words == OPENING or begin == 0 or self.text[begin - 1].isspace()
        return ("", words) if opens else (words, "")


def clean_article(article: Article) -> CleanArticle:
    """Return an article in its clean text."""
    return CleanArticle(article.text, article.repairs, _places(article))


def _deleted(repair: Repair) -> Iterator[tuple[int, int]]:
    """Yield the raw stretches of which a repair leaves no more than white space."""
    span, new = repair.span, repair.replacement
    if is_aligned(repair):
        for place, (old, char) in enumerate(zip(span.text, new, strict=True), span.start):
            if char.isspace() and not old.isspace():
                yield place, place + 1
    elif span.text.strip() and not new.strip():
        yield span.start, span.end


def _places(article: Article) -> Iterator[Place]:
    for block in article.blocks:
        for sentence in block.sentences:
            yield Place(sentence.id, block.id, sentence.span.start, sentence.span.end)
