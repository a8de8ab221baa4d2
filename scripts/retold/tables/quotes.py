"""Config ``quotes``: one row a quote, with its speaker and the remarks that it tells."""

from __future__ import annotations

from retold.carrying import CleanArticle
from retold.checks.marks import innermost, pairs
from retold.features import STRING, Column, ListOf, Row, Struct, joined, spans
from retold.records import Article, Quote, Span
from retold.tables.context import PLACE, Context, Places, bare, entity_columns


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


def rows(article: Article, places: Places, context: Context) -> list[Row]:
    """Return the rows of one article, in text order; their place is that of the content."""
    return [_row(quote, places, context) for quote in article.quotes]


def _row(quote: Quote, places: Places, context: Context) -> Row:
    return {
        "quote_id": quote.id,
        **places.of(quote.content),
        "type": quote.type,
        "marking": quote.marking,
        "attitude": quote.attitude,
        "polarity": quote.polarity,
        "scope": quote.scope,
        "content": bare(quote.content),
        "content_text": None,
        "cue": bare(quote.cue),
        "cue_text": None,
        "cue_group": bare(quote.cue_group),
        "cue_group_text": None,
        "source": bare(quote.source),
        "source_text": None,
        **context.entity("speaker", quote.speaker),
        "verbatim": bare(quote.verbatim),
        "parent_id": quote.parent,
        "utterances": [
            {
                "utterance_id": link.utterance,
                "rendering": link.rendering,
                "gist": context.registry.utterances[link.utterance].gist,
            }
            for link in quote.utterances
        ],
        "note": quote.note,
    }
