"""Config ``entities``: one row a mention, with the entity that it refers to."""

from __future__ import annotations

from retold.features import STRING, Column, ListOf, span_columns
from retold.tables.batch import Batch, string_lists
from retold.tables.context import PLACE, Context, entity_arrays, entity_columns
from retold.tables.stretches import Columns

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


def columns(batch: Batch, context: Context) -> Columns:
    """Return the columns of the articles' mentions, in text order."""
    mentions = batch.layer(lambda article: article.mentions)
    spans = batch.spans(mentions)
    entity = context.entities(mentions.strings("entity"))
    return {
        "mention_id": mentions.strings("id"),
        **batch.places.of(spans),
        **spans.columns(),
        **mentions.columns("form", "type", "value", "modifier", "note"),
        "also": string_lists([mention.also for mention in mentions.items]),
        **entity_arrays("entity", entity),
        "entity_type": entity.strings("type"),
        **entity_arrays("metonym", context.entities(mentions.strings("metonym_of"))),
    }
