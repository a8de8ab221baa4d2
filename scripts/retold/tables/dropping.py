"""Which rows of a batch the clean texts may have nothing of: few, and all others need no closer look."""

from __future__ import annotations

import numpy as np

from retold.features import Column, ListOf
from retold.tables.batch import Batch
from retold.tables.columnar import Integers, list_starts, to_numpy
from retold.tables.stretches import Columns, positions


def may_be_dropped(batch: Batch, columns: tuple[Column, ...], made: Columns) -> Integers:
    """Return the places of the rows that need a span of which nothing may be left.

    That is where words were deleted at the begin of all spans of a column that rows need.

    Args:
        batch: The articles.
        columns: The columns of the config.
        made: Their arrays.
    """
    deleted = batch.deletions
    if not len(deleted[0]):
        return np.zeros(0, np.int64)
    article = batch.numbers(made["article_id"])
    needed = [column for column in columns if column.needed]
    gone = [_all_begin_in(deleted, article, *_starts(column, made)) for column in needed]
    return np.flatnonzero(np.any(gone, axis=0)) if gone else np.zeros(0, np.int64)


def _starts(column: Column, made: Columns) -> tuple[Integers, Integers]:
    """Return where the spans of a column begin, and how many each row has."""
    array = made[column.name]
    if isinstance(column.feature, ListOf):
        return to_numpy(array.flatten().field("start")), np.diff(list_starts(array))
    return to_numpy(array), np.ones(len(array), np.int64)


def _all_begin_in(
    deleted: tuple[Integers, Integers], article: Integers, start: Integers, sizes: Integers
) -> Integers:
    """Return for each row whether all its spans begin in what is deleted."""
    begins, ends = deleted
    position = positions(np.repeat(article, sizes), start)
    place = np.searchsorted(begins, position, "right") - 1
    inside = (place >= 0) & (position < ends[place])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    gone: Integers = np.bincount(owner[inside], minlength=len(sizes)) == sizes
    return gone
