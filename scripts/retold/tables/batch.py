"""Articles whose rows are made at once: their items in flat lists, from which columns are made.

A column is one Arrow array for all articles of the batch, and rows are never made: a value costs its place in
a list. Of what many rows share (ids of sentences, names of entities) only the place is looked up, and Arrow
copies the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa

from retold.arrow_columns import list_array, strings
from retold.carrying import CleanArticle, clean_article
from retold.records import Article, Block
from retold.tables.columnar import Integers, places
from retold.tables.places import Places
from retold.tables.stretches import Columns, SpanLists, Spans, integers, positions, words

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Layer(Generic[Item]):
    """The items of one kind, owner by owner (an article, or what else has such items).

    ``sizes`` are the numbers of items an owner, ``owner`` is the number of each item's owner.
    """

    items: list[Item]
    sizes: Integers
    owner: Integers

    @classmethod
    def of(cls, lists: Iterable[Sequence[Item]]) -> Layer[Item]:
        """Return the layer with these items an owner."""
        listed = list(lists)
        sizes = np.fromiter(map(len, listed), np.int64, len(listed))
        return cls(list(chain.from_iterable(listed)), sizes, np.repeat(np.arange(len(sizes)), sizes))

    def strings(self, name: str) -> pa.Array:
        """Return the attribute ``name`` of the items, which is a string or ``None``, as a column."""
        return strings(list(map(attrgetter(name), self.items)))

    def columns(self, *names: str) -> Columns:
        """Return columns of strings that are called as the attributes are."""
        return {name: self.strings(name) for name in names}


@dataclass(frozen=True)
class Batch:
    """Some articles with their folds, in the order of their rows; if not ``with_texts``, words are null."""

    articles: Sequence[Article]
    folds: Sequence[int]
    with_texts: bool = True

    def layer(self, of: Callable[[Article], Sequence[Item]]) -> Layer[Item]:
        """Return the items that ``of`` gives of an article."""
        return Layer.of(map(of, self.articles))

    @cached_property
    def texts(self) -> list[str] | None:
        """The articles' texts, if words are wanted."""
        return [article.text for article in self.articles] if self.with_texts else None

    def spans(self, items: Layer[Item], name: str = "span") -> Spans:
        """Return the span that is the attribute ``name`` of each item of an article."""
        return Spans.of(items.owner, list(map(attrgetter(name), items.items)), self.texts)

    def span_lists(self, items: Layer[Item], name: str) -> SpanLists:
        """Return the spans that are the attribute ``name`` of each item of an article."""
        return SpanLists(items.owner, list(map(attrgetter(name), items.items)), self.texts)

    @cached_property
    def blocks(self) -> Layer[Block]:
        """The blocks."""
        return self.layer(lambda article: article.blocks)

    @cached_property
    def block_spans(self) -> Spans:
        """The spans of the blocks, whose words are cut from the text: no file repeats them."""
        blocks, owners = self.blocks.items, self.blocks.owner.tolist()
        texts = [
            self.articles[owner].text[block.start : block.end]
            for block, owner in zip(blocks, owners, strict=True)
        ]
        return Spans(
            self.blocks.owner,
            integers([block.start for block in blocks]),
            integers([block.end for block in blocks]),
            words(texts, self.texts),
        )

    def numbers(self, article_ids: pa.Array) -> Integers:
        """Return the number of the article of each row."""
        return places(article_ids, strings([article.id for article in self.articles]))

    @cached_property
    def places(self) -> Places:
        """Where the sentences lie."""
        return Places(self.articles, self.folds)

    @cached_property
    def clean(self) -> list[CleanArticle]:
        """The articles in their clean texts."""
        return list(map(clean_article, self.articles))

    @cached_property
    def deletions(self) -> tuple[Integers, Integers]:
        """Where the stretches begin and end whose words the clean texts have not, as positions."""
        edges = [
            (number, *deletion) for number, article in enumerate(self.clean) for deletion in article.deletions
        ]
        owner, first, last = np.array(edges, np.int64).reshape(-1, 3).T
        return positions(owner, first), positions(owner, last)


def string_lists(lists: Sequence[Sequence[str]]) -> pa.Array:
    """Return lists of strings as a column."""
    return list_array(strings(list(chain.from_iterable(lists))), list(map(len, lists)))
