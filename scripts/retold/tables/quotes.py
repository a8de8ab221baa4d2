"""Config ``quotes``: one row a quote, with its speaker and the remarks that it tells."""

from __future__ import annotations

import pyarrow as pa

from retold.carrying import CleanArticle
from retold.checks.marks import innermost, pairs
from retold.features import STRING, Column, ListOf, Row, Struct, joined, spans
from retold.records import Quote, Span
from retold.tables.batch import Batch, Layer
from retold.tables.context import PLACE, Context, entity_arrays, entity_columns
from retold.tables.lookup import Lookup
from retold.tables.stretches import Columns, records


def _marking(record: Row, article: CleanArticle) -> str:
    """Clean rule: verbatim words whose lost marks are restored around them stand in quotation marks."""
    marking: str = record["marking"]
    lost = record["type"] == "direct" and marking == "none"
    restored = lost and all(_is_restored(span, article) for span in record["content"])
    return "quotation_marks" if restored else marking


def _is_restored(span: Row, article: CleanArticle) -> bool:
    carried = article.span(span["start"], span["end"])
    if carried is None:
        return True  # nothing left that could lack marks
    start, end = carried
    line = article.text.rfind("\n", 0, start) + 1, f"{article.text}\n".index("\n", end)
    pair = innermost(Span(start, end, article.text[start:end]), pairs(article.text, *line))
    return pair is not None and not article.marks.isdisjoint((pair.opening, pair.closing))


_UTTERANCE = Struct(
    (
        Column("utterance_id", STRING, "The remark: id in `utterances`."),
        Column(
            "rendering",
            STRING,
            "How the quote renders it: reference, verbatim, shortened, altered, paraphrase.",
        ),
        Column("gist", STRING, "What was said, from the registry."),
    )
)

COLUMNS = (
    Column("quote_id", STRING, "The quote."),
    *PLACE,
    Column("type", STRING, "`direct`, `indirect` or `mixed`."),
    Column("marking", STRING, "`quotation_marks`, `turn_label` or `none`.", clean=_marking),
    Column("attitude", STRING, "`communication`, `belief` or `intention`."),
    Column("polarity", STRING, "`negative` where the source denies or refuses the content, else `positive`."),
    Column(
        "scope", STRING, "`core`, or `wide`: noun-phrase content and doubtful attitudes (left out of scores)."
    ),
    spans("content", "What the source said, thought or wanted.", needed=True),
    Column(
        "content_text", STRING, "`content` as one string, words left out as ` … `.", text=joined("content")
    ),
    spans("cue", "The bare verb and noun that report; empty for interview turns."),
    Column("cue_text", STRING, "`cue` as one string.", text=joined("cue")),
    spans("cue_group", "The cue's whole verb group, with auxiliaries and negation."),
    Column("cue_group_text", STRING, "`cue_group` as one string.", text=joined("cue_group")),
    spans("source", "The words that name the source; empty if it is not expressed."),
    Column("source_text", STRING, "`source` as one string.", text=joined("source")),
    *entity_columns("speaker", "Who the source is, pronouns resolved, null where open"),
    spans("verbatim", "The words inside quotation marks, for `mixed` quotes."),
    Column("parent_id", STRING, "The enclosing quote of another source, if any."),
    Column(
        "utterances", ListOf(_UTTERANCE), "The remarks that it tells, of those the corpus tells repeatedly."
    ),
    Column("note", STRING, "The annotators' remark, if any."),
)


def columns(batch: Batch, context: Context) -> Columns:
    """Return the columns of the articles' quotes, in text order; their place is that of the content."""
    quotes = batch.layer(lambda article: article.quotes)
    content = batch.span_lists(quotes, "content")
    parts = {"content": content} | {
        name: batch.span_lists(quotes, name) for name in ("cue", "cue_group", "source")
    }
    return {
        "quote_id": quotes.strings("id"),
        **batch.places.of_lists(content),
        **quotes.columns("type", "marking", "attitude", "polarity", "scope", "note"),
        **{name: part.array() for name, part in parts.items()},
        **{f"{name}_text": part.joined() for name, part in parts.items()},
        **entity_arrays("speaker", context.entities(quotes.strings("speaker"))),
        "verbatim": batch.span_lists(quotes, "verbatim").array(),
        "parent_id": quotes.strings("parent"),
        "utterances": _utterances(quotes, context),
    }


def _utterances(quotes: Layer[Quote], context: Context) -> pa.Array:
    links = Layer.of(quote.utterances for quote in quotes.items)
    utterances = Lookup(links.strings("utterance"), context.registry.utterances.__getitem__)
    fields = {
        "utterance_id": utterances.ids,
        "rendering": links.strings("rendering"),
        "gist": utterances.strings("gist"),
    }
    return records(fields, links.sizes)
