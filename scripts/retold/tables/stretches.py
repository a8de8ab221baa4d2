"""Spans of a batch of articles as columns, and as numbers that can be searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa

from retold.arrow_columns import list_array, strings, struct_array
from retold.features import join_words
from retold.records import Span
from retold.tables.columnar import Integers, to_arrow

Columns = dict[str, pa.Array]

_BITS = 32  # of an offset in a position


def positions(article: Integers, offset: Integers) -> Integers:
    """Return offsets into articles as numbers that grow through the batch."""
    return (article.astype(np.int64) << _BITS) + offset


def records(fields: Columns, sizes: Integers) -> pa.Array:
    """Return records, given by their fields, as lists of these sizes."""
    return list_array(struct_array(fields, int(sizes.sum())), sizes)


def integers(values: Sequence[int]) -> Integers:
    """Return numbers as a column has them."""
    return np.fromiter(values, np.int32, len(values))


def words(values: Sequence[str], texts: Sequence[str] | None) -> pa.Array:
    """Return words as a column: null if there are no texts."""
    return pa.nulls(len(values), pa.string()) if texts is None else strings(values)


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans: the number of each one's article, its offsets (code points into the raw text), its words."""

    article: Integers
    start: Integers
    end: Integers
    text: pa.Array

    @classmethod
    def of(cls, article: Integers, spans: Sequence[Span], texts: Sequence[str] | None) -> Spans:
        """Return the spans of these articles, by number; without texts, words are null."""
        return cls(
            article,
            integers([span.start for span in spans]),
            integers([span.end for span in spans]),
            words([span.text for span in spans], texts),
        )

    @property
    def starts(self) -> Integers:
        """Where they begin, as positions."""
        return positions(self.article, self.start)

    @property
    def ends(self) -> Integers:
        """Where they end, as positions."""
        return positions(self.article, self.end)

    def columns(self) -> Columns:
        """Return the columns that ``span_columns`` names."""
        return {"start": to_arrow(self.start), "end": to_arrow(self.end), "text": self.text}


class SpanLists:
    """Lists of spans, an item a list.

    ``article`` is the number of each item's article, ``sizes`` the length of each list, ``owner`` the number
    of each span's item.
    """

    def __init__(
        self, article: Integers, lists: Sequence[Sequence[Span]], texts: Sequence[str] | None
    ) -> None:
        """Take the items' lists; without texts, words are null."""
        self.article = article
        self.sizes = np.fromiter(map(len, lists), np.int64, len(lists))
        self.owner = np.repeat(np.arange(len(lists)), self.sizes)
        self.spans = Spans.of(article[self.owner], list(chain.from_iterable(lists)), texts)
        self._lists = lists
        self._texts = texts

    def array(self) -> pa.Array:
        """Return the column that ``features.spans`` names."""
        return records(self.spans.columns(), self.sizes)

    def joined(self) -> pa.Array:
        """Return the words of each list in one string."""
        if self._texts is None:
            return pa.nulls(len(self._lists), pa.string())
        return strings(
            [
                spans[0].text if len(spans) == 1 else _join(spans, self._texts[number])
                for spans, number in zip(self._lists, self.article.tolist(), strict=True)
            ]
        )


def _join(spans: Sequence[Span], text: str) -> str:
    return join_words([(span.start, span.end) for span in spans], text)
