"""Columns of the tables: name, type, meaning, and how text columns follow from offsets.

A table is described once, as a tuple of :class:`Column`; from it come the Arrow schema, the features
that ``datasets`` restores, the README's list of columns, and the filling in of article text. Rows are
built with offsets only; ``TextFiller`` adds the words. A build without texts leaves that step out, and
a reader who has the texts can do it later: the same function, so the same rows. ``views.CleanView`` takes
rows from the raw text to the clean text, by the rules that columns have for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from retold.carrying import CleanArticle

Row = dict[str, Any]
TextRule = Callable[[Row, str], Any]
CleanRule = Callable[[Row, CleanArticle], Any]
LabelSets = Mapping[str, tuple[str, ...]]

GAP = " … "


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar: ``string``, ``int32`` or ``bool``."""

    dtype: str


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """An index (int64, nullable) into a label set, named by its key in the label sets."""

    label_set: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one type."""

    item: Feature


@dataclass(frozen=True, slots=True)
class Struct:
    """A record with columns of its own."""

    columns: tuple[Column, ...]


Feature = Value | ClassLabel | ListOf | Struct


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, or a field of a struct.

    ``text`` is set where the values are words of an article: it gives them from the record that holds
    the column and the article's text. ``article`` names the column of the row (not of the struct) that
    holds the id of that article. ``clean`` gives the value in the clean view from the record as it is in
    the raw text (of a class label, its name), ``None`` or an empty list where nothing is left of it; a
    record that has nothing left of a ``needed`` column is not in the clean view. ``raw`` columns are about
    the raw text in either view.
    """

    name: str
    feature: Feature
    description: str
    text: TextRule | None = None
    article: str = "article_id"
    clean: CleanRule | None = None
    needed: bool = False
    raw: bool = False


STRING = Value("string")
INTEGER = Value("int32")
BOOLEAN = Value("bool")


def sliced(record: Row, text: str) -> str:
    """Text rule: the words from the record's ``start`` to its ``end``."""
    words: str = text[record["start"] : record["end"]]
    return words


def joined(spans: str) -> TextRule:
    """Text rule: the words of the record's list of spans ``spans`` in one string."""
    return lambda record, text: join_words([(span["start"], span["end"]) for span in record[spans]], text)


def join_words(spans: Iterable[tuple[int, int]], text: str) -> str:
    """Return the words of spans in one string.

    Between two spans stands a space where only white space parts them in the text, else ``" … "``.
    """
    words, end = "", 0
    for start, stop in spans:
        if words:  # what stands before the first span is never looked at: it may be the whole text
            words += GAP if text[end:start].strip() else " "
        words += text[start:stop]
        end = stop
    return words


def carried_span(record: Row, article: CleanArticle) -> tuple[int, int] | None:
    """Return the stretch that the record's span is in the clean text, ``None`` if nothing is left."""
    return article.span(record["start"], record["end"])


def carried_segment(record: Row, article: CleanArticle) -> tuple[int, int] | None:
    """Return the stretch that a sentence, block or article is in the clean text."""
    return article.segment(record["start"], record["end"])


def span_columns(
    what: str, carried: Callable[[Row, CleanArticle], tuple[int, int] | None] = carried_span
) -> tuple[Column, ...]:
    """Return the flat span of a record: ``start``, ``end``, ``text``.

    ``carried`` gives the span in the clean text, ``None`` where nothing is left of it.
    """

    def edge(number: int) -> CleanRule:
        return lambda record, article: (carried(record, article) or (None, None))[number]

    first = f"First character of {what}: code points from 0 into the article's text."
    last = f"End of {what}, exclusive: code points from 0 into the article's text."
    return (
        Column("start", INTEGER, first, clean=edge(0), needed=True),
        Column("end", INTEGER, last, clean=edge(1)),
        Column("text", STRING, f"The words of {what}, as they stand in the article.", text=sliced),
    )


def spans(name: str, description: str, article: str = "article_id", *, needed: bool = False) -> Column:
    """Return a column that lists spans, one for each unbroken stretch of text."""
    stretches = ListOf(Struct(span_columns("the stretch")))
    return Column(name, stretches, description, article=article, needed=needed)


class TextFiller:
    """Fills in the words of every text column of a table, at any depth."""

    def __init__(self, columns: tuple[Column, ...], text_of: Callable[[str], str]) -> None:
        """Prepare for the table with these columns; ``text_of`` gives an article's text from its id."""
        self._text_of = text_of
        self._steps = [(column.article, _steps((column,))) for column in columns if bears_text(column)]

    def fill(self, rows: Iterable[Row]) -> None:
        """Fill in the words of rows, in place."""
        for row in rows:
            for article, steps in self._steps:
                _fill(row, steps, self._text_of(row[article]))


def bears_text(column: Column) -> bool:
    """Return whether the column holds words of an article, itself or in a field of its structs."""
    return column.text is not None or any(bears_text(field) for field in fields(column.feature))


def fields(feature: Feature) -> tuple[Column, ...]:
    """Return the columns of the struct that the feature is or lists; none for other features."""
    match feature:
        case ListOf(item):
            return fields(item)
        case Struct(columns):
            return columns
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class _Step:
    """A text column on the way through a record: its rule, or the steps into each record that it lists."""

    name: str
    rule: TextRule | None
    steps: tuple[_Step, ...]


def _steps(columns: tuple[Column, ...]) -> tuple[_Step, ...]:
    return tuple(
        _Step(column.name, column.text, _steps(fields(column.feature)))
        for column in columns
        if bears_text(column)
    )


def _fill(record: Row, steps: tuple[_Step, ...], text: str) -> None:
    for step in steps:
        if step.rule is not None:
            record[step.name] = step.rule(record, text)
        else:
            for inner in record[step.name]:
                _fill(inner, step.steps, text)


def to_json(columns: tuple[Column, ...], labels: LabelSets) -> dict[str, Any]:
    """Return the features as ``datasets`` writes them; the order of keys is part of the bytes."""
    return {column.name: _feature_json(column.feature, labels) for column in columns}


def _feature_json(feature: Feature, labels: LabelSets) -> dict[str, Any]:
    match feature:
        case Value(dtype):
            return {"dtype": dtype, "_type": "Value"}
        case ClassLabel(label_set):
            return {"names": list(labels[label_set]), "_type": "ClassLabel"}
        case ListOf(item):
            return {"feature": _feature_json(item, labels), "_type": "List"}
        case Struct(columns):
            return to_json(columns, labels)


def label_sets(columns: tuple[Column, ...], features: Mapping[str, Any]) -> LabelSets:
    """Return the label sets of class labels from the features that ``to_json`` has written."""
    found: dict[str, tuple[str, ...]] = {}
    for column in columns:
        feature, written = column.feature, features[column.name]
        while isinstance(feature, ListOf):
            feature, written = feature.item, written["feature"]
        if isinstance(feature, ClassLabel):
            found[feature.label_set] = tuple(written["names"])
        elif isinstance(feature, Struct):
            found.update(label_sets(feature.columns, written))
    return found


def type_name(feature: Feature) -> str:
    """Return the type in a form for people: ``string``, ``List(int32)``, ``List({start, end, text})``."""
    match feature:
        case Value(dtype):
            return dtype
        case ClassLabel():
            return "ClassLabel"
        case ListOf(item):
            return f"List({type_name(item)})"
        case Struct(columns):
            return "{" + ", ".join(column.name for column in columns) + "}"
