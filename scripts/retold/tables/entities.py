"""Config ``entities``: one row a mention, with the entity that it refers to."""

from __future__ import annotations

from retold.features import STRING, Column, ListOf, Row, span_columns
from retold.records import Article, Mention
from retold.tables.context import PLACE, Context, Places, entity_columns

COLUMNS = (
    Column("mention_id", STRING, "The mention."),
    *PLACE,
    *span_columns("the mention"),
    Column("form", STRING, "`name`, `adjective`, `nominal`, `pronoun` or `value`."),
    Column("type", STRING, "OntoNotes 5.0 type of the mention."),
    Column(
        "also", ListOf(STRING), "Further types that a scorer accepts, where annotators' tradition is split."
    ),
    *entity_columns("entity", "What it refers to, null for values"),
    Column("entity_type", STRING, "Type of the entity in the registry (a demonym is NORP, its country GPE)."),
    *entity_columns("metonym", "The country that a capital or building stands for, if it does"),
    Column("value", STRING, "For values: TIMEX3, or number and unit."),
    Column("modifier", STRING, "For values: TIMEX3 `mod` (APPROX, MORE_THAN, …)."),
    Column("note", STRING, "The annotators' remark, if any."),
)


def rows(article: Article, places: Places, context: Context) -> list[Row]:
    """Return the rows of one article, in text order."""
    return [_row(mention, places, context) for mention in article.mentions]


def _row(mention: Mention, places: Places, context: Context) -> Row:
    entity = context.registry.entities.get(mention.entity or "")
    return {
        "mention_id": mention.id,
        **places.of([mention.span]),
        "start": mention.span.start,
        "end": mention.span.end,
        "text": None,
        "form": mention.form,
        "type": mention.type,
        "also": list(mention.also),
        **context.entity("entity", mention.entity),
        "entity_type": entity.type if entity else None,
        **context.entity("metonym", mention.metonym_of),
        "value": mention.value,
        "modifier": mention.modifier,
        "note": mention.note,
    }
