"""The clean view of a table: its rows carried from the raw text into the clean text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from retold.carrying import CleanArticle
from retold.features import ClassLabel, Column, Feature, LabelSets, ListOf, Row, TextFiller, fields

ArticleOf = Callable[[str], CleanArticle]

_NOTHING: tuple[object, ...] = (None, [])


def follows_text(column: Column) -> bool:
    """Return whether a column has other values in the clean view, itself or in a field of its structs."""
    if column.raw:
        return False
    inner = any(follows_text(field) for field in fields(column.feature))
    return column.text is not None or column.clean is not None or inner


class CleanView:
    """Carries rows of one table into the clean text of their articles."""

    def __init__(self, columns: tuple[Column, ...], labels: LabelSets) -> None:
        """Prepare for the table with these columns; ``labels`` are the label sets of its class labels."""
        self._columns = _following(columns)
        self._needed = tuple(column for column in self._columns if column.needed)
        self._labels = labels

    def dropped(self, rows: Iterable[Row], article_of: ArticleOf) -> list[Row]:
        """Return the rows of which the clean text has nothing left."""
        return [
            row
            for row in rows
            if self._may_go(row, article_of) and self._row(row, self._needed, article_of) is None
        ]

    def rows(self, rows: Iterable[Row], article_of: ArticleOf) -> list[Row]:
        """Return the rows that are left, as new ones with offsets and words of the clean text."""
        left = [self._row(row, self._columns, article_of) for row in rows]
        carried = [row for row in left if row is not None]
        TextFiller(self._columns, lambda article: article_of(article).text).fill(carried)
        return carried

    def _may_go(self, row: Row, article_of: ArticleOf) -> bool:
        """Return whether words were deleted where all spans of a column begin that the row needs."""
        for column in self._needed:
            article = article_of(row[column.article])
            spans = row[column.name] if isinstance(column.feature, ListOf) else [row]
            if article.lacks_words and all(article.may_be_gone(span["start"]) for span in spans):
                return True
        return False

    def _row(self, row: Row, columns: tuple[Column, ...], article_of: ArticleOf) -> Row | None:
        return self._record(row, columns, lambda column: article_of(row[column.article]))

    def _record(
        self, record: Row, columns: tuple[Column, ...], article_of: Callable[[Column], CleanArticle]
    ) -> Row | None:
        """Return a record as it is in the clean text, words still to be filled in; ``None`` if it is gone."""
        values: Row = {}
        for column in columns:
            value = self._value(record, column, article_of(column))
            if column.needed and value in _NOTHING:
                return None
            values[column.name] = value
        return {**record, **values}

    def _value(self, record: Row, column: Column, article: CleanArticle) -> Any:  # noqa: ANN401 (of a row)
        if column.clean is not None:
            return _encoded(column.clean(record, article), column.feature, self._labels)
        inner = _following(fields(column.feature))
        if not inner:
            return record[column.name]  # words, which TextFiller gives
        left = [self._record(item, inner, lambda _: article) for item in record[column.name]]
        return [item for item in left if item is not None]


def _following(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns that follow the text, needed ones first: of what is gone, nothing else is told."""
    return tuple(sorted(filter(follows_text, columns), key=lambda column: not column.needed))


def _encoded(value: Any, feature: Feature, labels: LabelSets) -> Any:  # noqa: ANN401 (of a row)
    """Return labels as the numbers that a column of class labels holds."""
    match feature:
        case ClassLabel(label_set):
            return labels[label_set].index(value)
        case ListOf(ClassLabel() as item):
            return [_encoded(label, item, labels) for label in value]
        case _:
            return value
