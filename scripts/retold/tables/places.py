"""Where the items of a batch of articles stand: from spans to sentence and block ids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retold.arrow_columns import list_array, strings
from retold.records import Article
from retold.tables.columnar import Integers, ranges, starts_of, to_arrow
from retold.tables.stretches import Columns, SpanLists, Spans, integers, positions


class Places:
    """Where the sentences of some articles lie.

    Articles, blocks and sentences are counted from 0, through all articles. ``first_sentences`` is where the
    sentences of each article begin and, at last, their number; ``first_of_block`` the same of each block.
    """

    def __init__(self, articles: Sequence[Article], folds: Sequence[int]) -> None:
        blocks = [block for article in articles for block in article.blocks]
        sentences = [sentence for block in blocks for sentence in block.sentences]
        self._articles = strings([article.id for article in articles])
        self._folds = integers(folds)
        self._blocks = strings([*(block.id for block in blocks), None])  # null: of no one block
        self._sentences = strings([*(sentence.id for sentence in sentences), None])
        self.first_of_block = starts_of([len(block.sentences) for block in blocks])
        self.first_sentences = self.first_of_block[starts_of([len(article.blocks) for article in articles])]
        self.block_of = np.repeat(np.arange(len(blocks)), np.diff(self.first_of_block))
        self.article_of = np.repeat(np.arange(len(articles)), np.diff(self.first_sentences))
        starts = integers([sentence.span.start for sentence in sentences])
        self._starts = positions(self.article_of, starts)

    def touched(self, spans: Spans) -> tuple[Integers, Integers]:
        """Return the first and the last sentence that each span touches; at least one, the one before it."""
        first = self._last_begun(spans.starts, self.first_sentences[spans.article])
        return first, self._last_begun(spans.ends - 1, first)

    def of(self, spans: Spans) -> Columns:
        """Return the columns of ``PLACE`` for items that have one span each."""
        first, last = self.touched(spans)
        sizes = last - first + 1
        return self.listed(spans.article, sizes, ranges(first, sizes)[1])

    def of_lists(self, lists: SpanLists) -> Columns:
        """Return the columns of ``PLACE`` for items that have some spans each, at least one."""
        first, last = self.touched(lists.spans)
        span, sentence = ranges(first, last - first + 1)
        total = len(self._sentences)
        item, touched = np.divmod(np.unique(lists.owner[span] * total + sentence), total)
        return self.listed(lists.article, np.bincount(item, minlength=len(lists.sizes)), touched)

    def listed(
        self, article: Integers, sizes: Integers, sentences: Integers, first: Integers | None = None
    ) -> Columns:
        """Return the columns of ``PLACE`` for items that touch these sentences, so many as ``sizes`` says.

        ``first`` is the sentence in which each item begins, if it is not the first that it touches; -1 for
        none.
        """
        begins = sentences[starts_of(sizes)[:-1]] if first is None else first
        blocks = np.append(self.block_of, -1)[begins]
        return {
            "article_id": self._articles.take(to_arrow(article)),
            "fold": to_arrow(self._folds[article]),
            "block_id": self._blocks.take(to_arrow(blocks % len(self._blocks))),
            "sentence_id": self._sentences.take(to_arrow(begins % len(self._sentences))),
            "sentence_ids": list_array(self._sentences.take(to_arrow(sentences)), sizes),
        }

    def _last_begun(self, position: Integers, least: Integers) -> Integers:
        return np.maximum(np.searchsorted(self._starts, position, "right") - 1, least)
