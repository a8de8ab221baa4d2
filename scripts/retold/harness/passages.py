"""What is shown of an article where a question is about one item of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from retold.records import Article, Block, Quote, Sentence, Span

PARAGRAPH = "paragraph"


class Passages:
    """The blocks and sentences of one article, by where they stand."""

    def __init__(self, article: Article) -> None:
        """Prepare for an article."""
        self._text = article.text
        self._blocks = article.blocks
        self._starts = [block.start for block in article.blocks]
        self._sentences = [sentence for block in article.blocks for sentence in block.sentences]

    def block(self, offset: int) -> Block:
        """Return the block that holds a place."""
        return self._blocks[self._at(offset)]

    def sentences(self, spans: Sequence[Span]) -> str:
        """Return the sentences that spans touch, as one line."""
        touched = [sentence for sentence in self._sentences if _meets(sentence, spans)]
        return " ".join(sentence.span.text for sentence in touched)

    def around(self, spans: Sequence[Span]) -> Span:
        """Return the blocks that spans touch, from the paragraph before them on: pronouns point back."""
        first = self._at(min(span.start for span in spans))
        last = self._at(max(span.start for span in spans))
        before = [n for n in range(first) if self._blocks[n].kind == PARAGRAPH]
        start = self._blocks[before[-1] if before else first].start
        end = self._blocks[last].end
        return Span(start, end, self._text[start:end])

    def _at(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)


def spans_of(quote: Quote) -> tuple[Span, ...]:
    """Return all that is marked of a quote: content, cue and source."""
    return (*quote.content, *quote.cue, *quote.source)


def _meets(sentence: Sentence, spans: Sequence[Span]) -> bool:
    return any(span.start < sentence.span.end and sentence.span.start < span.end for span in spans)
