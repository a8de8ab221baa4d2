"""Config ``articles``: one row an article, its metadata, its text and all its layers nested."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from retold.arrow_columns import list_array, strings
from retold.carrying import CleanArticle, Place
from retold.cleaning import clean
from retold.features import (
    INTEGER,
    STRING,
    Column,
    ListOf,
    Row,
    Struct,
    carried_segment,
    span_columns,
    spans,
)
from retold.records import Repair, Span
from retold.tables import claims, entities, quotes, sentences, topics
from retold.tables.batch import Batch, Layer
from retold.tables.columnar import to_arrow
from retold.tables.context import kept_sentences
from retold.tables.stretches import Columns, integers, records, words

_REPEATED = frozenset({"article_id", "fold"})
# what of the stored columns the clean view of every table needs (paths in Parquet)
CLEANED_COLUMNS = [
    "article_id",
    "text",
    *(f"repairs.list.element.{name}" for name in ("repair_id", "start", "end", "replacement", "kind")),
    *(f"sentences.list.element.{name}" for name in ("sentence_id", "block_id", "start", "end")),
]
LAYERS = {
    "sentences": sentences.COLUMNS,
    "quotes": quotes.COLUMNS,
    "entities": entities.COLUMNS,
    "claims": claims.COLUMNS,
    "topics": topics.COLUMNS,
}


def _nested(name: str) -> Column:
    kept = tuple(column for column in LAYERS[name] if column.name not in _REPEATED)
    return Column(name, ListOf(Struct(kept)), f"The article's rows of config `{name}`.")


def _whole(_record: Row, text: str) -> str:
    """Text rule: the whole text."""
    return text


def _cleaned(record: Row, text: str) -> str:
    """Text rule: the whole text, repaired."""
    return clean(text, _repairs(record, text))[0]


def _clean_length(_record: Row, article: CleanArticle) -> int:
    return len(article.text)


_FLAG = Struct(
    (
        Column("flag", STRING, "What to beware of: partisan_source, scraping_damage, …"),
        spans("words", "Words of the text that show it."),
        Column("note", STRING, "What is meant, if it needs saying."),
    )
)
_REASON = Struct(
    (
        Column("field", STRING, "Name of the metadata field."),
        Column("note", STRING, "Why it is null, or where its value is from."),
    )
)
_BLOCK = Struct(
    (
        Column("block_id", STRING, "The block."),
        Column("kind", STRING, "title, dateline, byline, heading, paragraph, turn or boilerplate."),
        *span_columns("the block", carried_segment),
        Column(
            "sentence_ids",
            ListOf(STRING),
            "Its sentences, in text order.",
            clean=kept_sentences("sentence_ids"),
        ),
    )
)
_MARK = Struct(
    (
        *span_columns("the marked words, marks left out"),
        Column("function", STRING, "`term`, `scare` or `title`."),
        Column("note", STRING, "The annotators' remark, if any."),
    )
)
_REPAIR = Struct(
    (
        Column("repair_id", STRING, "The repair."),
        *span_columns("the damaged stretch in the raw text; empty for an insertion"),
        Column("replacement", STRING, "What stands there in the clean text; empty for a deletion."),
        Column(
            "kind",
            STRING,
            "missing_space, lost_capital, lost_quotation_mark, wrong_word, furniture or typo.",
        ),
        Column("clean_start", INTEGER, "Where the replacement begins: code points from 0 into `clean_text`."),
        Column("clean_end", INTEGER, "Where it ends, exclusive."),
        Column("note", STRING, "The annotators' remark, if any."),
    )
)

COLUMNS = (
    Column("article_id", STRING, "The article (its file name in `raw/`)."),
    Column("fold", INTEGER, "Cross-validation fold, from 0."),
    Column("title", STRING, "Title, null if unknown."),
    Column("publisher", STRING, "Publisher, null if unknown."),
    Column("author", STRING, "Author, null if unknown."),
    Column("date", STRING, "Date of publication, ISO 8601 (YYYY-MM-DD), null if unknown."),
    Column("url", STRING, "Address, null if unknown."),
    Column("language", STRING, "Language, BCP 47."),
    Column("source_file", STRING, "Name of the file as it was received."),
    Column("rights", STRING, "Who holds the rights in the text, as far as known."),
    Column("flags", ListOf(_FLAG), "Warnings about the text."),
    Column("metadata_notes", ListOf(_REASON), "Why fields are null, or where they are from."),
    Column("sha256", STRING, "SHA-256 of the raw text's bytes (UTF-8)."),
    Column("characters", INTEGER, "Length of the text in code points.", clean=_clean_length),
    Column("text", STRING, "The text, byte for byte as received.", text=_whole),
    Column("clean_text", STRING, "The text with the repairs made.", text=_cleaned, raw=True),
    Column("repairs", ListOf(_REPAIR), "The repairs of scraping damage, in text order.", raw=True),
    Column("blocks", ListOf(_BLOCK), "The blocks, in text order."),
    _nested("sentences"),
    _nested("quotes"),
    Column("other_marks", ListOf(_MARK), "Words in quotation marks that are no quote."),
    _nested("entities"),
    _nested("claims"),
    _nested("topics"),
)


def columns(batch: Batch, layers: Mapping[str, Columns]) -> Columns:
    """Return the columns of the articles; ``layers`` are those of the other tables, which they nest."""
    articles = Layer.of([batch.articles])
    metadata = Layer.of([[article.metadata for article in batch.articles]])
    return {
        "article_id": articles.strings("id"),
        "fold": to_arrow(integers(batch.folds)),
        **metadata.columns(
            "title", "publisher", "author", "date", "url", "language", "source_file", "rights"
        ),
        "flags": _flags(batch),
        "metadata_notes": _notes(batch),
        "sha256": articles.strings("sha256"),
        "characters": to_arrow(integers([len(article.text) for article in batch.articles])),
        "text": words([article.text for article in batch.articles], batch.texts),
        "clean_text": words([article.text for article in batch.clean], batch.texts),
        "repairs": _repair_lists(batch),
        "blocks": _blocks(batch, layers["sentences"]),
        "other_marks": _marks(batch),
        **{name: _rows(batch, name, layer) for name, layer in layers.items()},
    }


def clean_article(record: Row, text: str) -> CleanArticle:
    """Return the article of a row in its clean text; the row need have but ``CLEANED_COLUMNS``."""
    sentences = (
        Place(item["sentence_id"], item["block_id"], item["start"], item["end"])
        for item in record["sentences"]
    )
    return CleanArticle(text, _repairs(record, text), sentences)


def _repairs(record: Row, text: str) -> list[Repair]:
    return [
        Repair(
            id=item["repair_id"],
            span=Span(item["start"], item["end"], text[item["start"] : item["end"]]),
            replacement=item["replacement"],
            kind=item["kind"],
        )
        for item in record["repairs"]
    ]


def _flags(batch: Batch) -> pa.Array:
    flags = batch.layer(lambda article: article.metadata.flags)
    shown = batch.span_lists(flags, "words").array()
    return records(
        {"flag": flags.strings("flag"), "words": shown, "note": flags.strings("note")}, flags.sizes
    )


def _notes(batch: Batch) -> pa.Array:
    notes = batch.layer(lambda article: sorted(article.metadata.notes.items()))
    fields = {
        "field": strings([field for field, _ in notes.items]),
        "note": strings([note for _, note in notes.items]),
    }
    return records(fields, notes.sizes)


def _repair_lists(batch: Batch) -> pa.Array:
    repairs = batch.layer(lambda article: article.repairs)
    edges = integers(
        [edge for article in batch.clean for place in article.map.replacements for edge in place]
    )
    fields = {
        "repair_id": repairs.strings("id"),
        **batch.spans(repairs).columns(),
        **repairs.columns("replacement", "kind"),
        "clean_start": to_arrow(edges[::2]),
        "clean_end": to_arrow(edges[1::2]),
        "note": repairs.strings("note"),
    }
    return records(fields, repairs.sizes)


def _blocks(batch: Batch, sentences: Columns) -> pa.Array:
    fields = {
        "block_id": batch.blocks.strings("id"),
        "kind": batch.blocks.strings("kind"),
        **batch.block_spans.columns(),
        "sentence_ids": list_array(sentences["sentence_id"], np.diff(batch.places.first_of_block)),
    }
    return records(fields, batch.blocks.sizes)


def _marks(batch: Batch) -> pa.Array:
    marks = batch.layer(lambda article: article.other_marks)
    return records({**batch.spans(marks).columns(), **marks.columns("function", "note")}, marks.sizes)


def _rows(batch: Batch, name: str, layer: Columns) -> pa.Array:
    """Return the rows of another table, an article a list."""
    kept = {column.name: layer[column.name] for column in LAYERS[name] if column.name not in _REPEATED}
    sizes = np.bincount(batch.numbers(layer["article_id"]), minlength=len(batch.articles))
    return records(kept, sizes)
