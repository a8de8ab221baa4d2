"""Config ``sentences``: one row a sentence, with its checkability and its tagged tokens."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from retold.arrow_columns import list_array, strings
from retold.carrying import CleanArticle
from retold.features import INTEGER, STRING, ClassLabel, Column, ListOf, Row, carried_segment, span_columns
from retold.records import Sentence
from retold.tables.batch import Batch, Layer
from retold.tables.columnar import to_arrow
from retold.tables.context import PLACE, Context
from retold.tables.lookup import label_codes
from retold.tables.stretches import Columns, Spans
from retold.tables.tagging import tag_codes, token_spans
from retold.tokens import decode_tags, encode_tags, tokenize


def _tokens(record: Row, text: str) -> list[str]:
    """Text rule: the words of the record's tokens."""
    return [text[start:end] for start, end in zip(record["token_starts"], record["token_ends"], strict=True)]


def _clean_tokens(record: Row, article: CleanArticle) -> list[tuple[int, int]]:
    """Return the tokens of the sentence in the clean text: cut anew, since words may stand apart there."""
    return tokenize(article.text, *(carried_segment(record, article) or (0, 0)))


def _clean_starts(record: Row, article: CleanArticle) -> list[int]:
    return [start for start, _ in _clean_tokens(record, article)]


def _clean_ends(record: Row, article: CleanArticle) -> list[int]:
    return [end for _, end in _clean_tokens(record, article)]


def _clean_tags(record: Row, article: CleanArticle) -> list[str]:
    """Clean rule: the tagged stretches carried over, then tagged in the new tokens."""
    raw_tokens = zip(record["token_starts"], record["token_ends"], strict=True)
    spans = (
        (*carried, label)
        for start, end, label in decode_tags(raw_tokens, record["ner_tag_names"])
        if (carried := article.span(start, end)) is not None
    )
    return encode_tags(_clean_tokens(record, article), spans)


_ARTICLE_ID, _FOLD, _BLOCK_ID, *_ = PLACE
COLUMNS = (
    Column("sentence_id", STRING, "The sentence."),
    _ARTICLE_ID,
    _FOLD,
    Column("block_id", STRING, "The block that holds the sentence."),
    Column("sentence_ids", ListOf(STRING), "The sentence alone, for joins that go by `sentence_ids`."),
    Column("block_kind", STRING, "Kind of the block: title, heading, paragraph, turn, boilerplate, …"),
    Column("position", INTEGER, "Number of the sentence in its article, from 0."),
    *span_columns("the sentence", carried_segment),
    Column(
        "checkability",
        STRING,
        "`checkable`, `vague` or `none`; null in blocks that are not judged (dateline, byline, boilerplate).",
    ),
    Column("reason", STRING, "Why nothing is checkable, for `none`: opinion, question, forecast, …"),
    Column("checkability_label", ClassLabel("checkability"), "`checkability` as a class label."),
    Column("tokens", ListOf(STRING), "The tokens of the sentence.", text=_tokens),
    Column(
        "token_starts",
        ListOf(INTEGER),
        "Start of each token: code points into the article's text.",
        clean=_clean_starts,
    ),
    Column(
        "token_ends", ListOf(INTEGER), "End of each token, exclusive, in the same units.", clean=_clean_ends
    ),
    Column(
        "ner_tags",
        ListOf(ClassLabel("ner_tag")),
        "BIO tag of each token as a class label: names, adjectives, values; the outermost mention wins.",
        clean=_clean_tags,
    ),
    Column(
        "ner_tag_names",
        ListOf(STRING),
        "`ner_tags` as strings: `O`, `B-GPE`, `I-GPE`, …",
        clean=_clean_tags,
    ),
    Column("note", STRING, "The annotators' remark on the checkability, if any."),
)


def columns(batch: Batch, context: Context) -> Columns:
    """Return the columns of the articles' sentences, in text order."""
    sentences = Layer.of(block.sentences for block in batch.blocks.items)
    places = batch.places
    number = np.arange(len(sentences.items))
    spans = Spans.of(places.article_of, [sentence.span for sentence in sentences.items], batch.texts)
    place = places.listed(places.article_of, np.ones_like(number), number)
    return {
        **place,
        "block_kind": batch.blocks.strings("kind").take(to_arrow(places.block_of)),
        "position": to_arrow((number - places.first_sentences[places.article_of]).astype(np.int32)),
        **spans.columns(),
        **_labels(batch, sentences, context),
        **_token_columns(batch, spans, context),
    }


def _labels(batch: Batch, sentences: Layer[Sentence], context: Context) -> Columns:
    """Return the checkability of the sentences, null where a sentence is not judged."""
    found = {
        (number, label.sentence): label
        for number, article in enumerate(batch.articles)
        for label in article.sentence_labels
    }
    owners = zip(batch.places.article_of.tolist(), sentences.items, strict=True)
    labels = [found.get((number, sentence.id)) for number, sentence in owners]
    checkability = strings([None if label is None else label.checkability for label in labels])
    return {
        "checkability": checkability,
        "reason": strings([None if label is None else label.reason for label in labels]),
        "checkability_label": label_codes(checkability, context.codes["checkability"]),
        "note": strings([None if label is None else label.note for label in labels]),
    }


def _token_columns(batch: Batch, sentences: Spans, context: Context) -> Columns:
    tokens, sizes = token_spans(batch, sentences)
    codes = to_arrow(tag_codes(batch, tokens, sizes, context.codes["ner_tag"]))
    items = {
        "token_starts": to_arrow(tokens.start),
        "token_ends": to_arrow(tokens.end),
        "ner_tags": codes,
        "ner_tag_names": strings(context.labels["ner_tag"]).take(codes),
    }
    words = list_array(tokens.text, sizes)
    if not batch.with_texts:
        words = pa.nulls(len(sizes), words.type)
    return {"tokens": words, **{name: list_array(values, sizes) for name, values in items.items()}}
