"""The words of an article, sentence by sentence, for formats that are made of words.

Words are those of ``retold.tokens``, so every gold span is a whole number of them. With the white space
around them they give the article's text back, character by character.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from retold.exchange.formats import ExchangeError
from retold.records import Article, Span
from retold.tokens import tokenize

SPACE = " "


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its white space: ``after`` up to the next word or the end of the text.

    ``start`` and ``end`` are code points into the article's text; ``before`` is the white space at the
    head of the text, empty for all words but the first.
    """

    start: int
    end: int
    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WordSentence:
    """A sentence by its id, with at least one word."""

    id: str
    words: tuple[Word, ...]


def sentence_words(article: Article) -> list[WordSentence]:
    """Return the sentences of an article with their words, in text order.

    Raises:
        ExchangeError: A character that is no white space lies outside all sentences.
    """
    text = article.text
    sentences = [sentence for block in article.blocks for sentence in block.sentences]
    cut = [tokenize(text, sentence.span.start, sentence.span.end) for sentence in sentences]
    starts = [start for tokens in cut for start, _ in tokens]
    following = iter([*starts[1:], len(text)])
    place = 0
    found: list[WordSentence] = []
    for sentence, tokens in zip(sentences, cut, strict=True):
        words = []
        for start, end in tokens:
            before, after = text[place:start], text[end : next(following)]
            if (before + after).strip():
                raise ExchangeError(
                    f"{article.id}: words between {place} and {end} are in no sentence; run retold validate"
                )
            words.append(Word(start, end, text[start:end], before, after))
            place = end + len(after)
        if words:
            found.append(WordSentence(sentence.id, tuple(words)))
    return found


class WordIndex:
    """Finds the words of a span."""

    def __init__(self, article: str, words: Sequence[Word]) -> None:
        """Prepare for the words of an article (its id is for messages), in text order."""
        self._article = article
        self._starts = [word.start for word in words]
        self._ends = [word.end for word in words]

    def of(self, span: Span) -> range:
        """Return the indices of the words that make up a span.

        Raises:
            ExchangeError: The span cuts a word, or has none.
        """
        first, last = bisect_left(self._starts, span.start), bisect_right(self._ends, span.end) - 1
        whole = first <= last and self._starts[first] == span.start and self._ends[last] == span.end
        if not whole:
            raise ExchangeError(
                f"{self._article}: {span.text!r} at {span.start}–{span.end} is no whole number of words"
            )
        return range(first, last + 1)
