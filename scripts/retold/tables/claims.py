"""Config ``claims``: one row a claim, with its claimant, its entities and its canonical statement."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from retold.arrow_columns import list_array
from retold.features import STRING, Column, ListOf, joined, spans
from retold.tables.batch import Batch
from retold.tables.columnar import codes_of, ranges, sorted_codes, to_arrow
from retold.tables.context import PLACE, Context, entity_arrays, entity_columns
from retold.tables.lookup import Lookup
from retold.tables.stretches import Columns, SpanLists

COLUMNS = (
    Column("claim_id", STRING, "The claim."),
    *PLACE,
    spans("spans", "The words that state the proposition.", needed=True),
    Column("text", STRING, "`spans` as one string, words left out as ` … `.", text=joined("spans")),
    Column("proposition", STRING, "The claim as one self-contained sentence (written by the annotators)."),
    Column(
        "category",
        STRING,
        "Full Fact's: quantity, causation, prediction, position, law_or_rule, event_or_state.",
    ),
    *entity_columns("claimant", "Who puts the claim; `article` for the article itself, null where open"),
    Column("polarity", STRING, "Of the proposition: `negative` where it is overtly negated."),
    Column(
        "certainty", STRING, "FactBank's, as the claimant puts it: certain, probable, possible, unspecified."
    ),
    Column("quote_id", STRING, "The quote whose content holds the claim, if any."),
    Column(
        "canonical_id", STRING, "The proposition in `canonical_claims`, if it is made or related elsewhere."
    ),
    Column("canonical_statement", STRING, "Its statement in the registry."),
    Column("entity_ids", ListOf(STRING), "Entities mentioned inside the spans, each once, sorted."),
    Column("note", STRING, "The annotators' remark, if any."),
)


def columns(batch: Batch, context: Context) -> Columns:
    """Return the columns of the articles' claims, in text order."""
    claims = batch.layer(lambda article: article.claims)
    spans = batch.span_lists(claims, "spans")
    canonical = Lookup(claims.strings("canonical"), context.registry.claims.get)
    return {
        "claim_id": claims.strings("id"),
        **batch.places.of_lists(spans),
        "spans": spans.array(),
        "text": spans.joined(),
        **claims.columns("proposition", "category", "polarity", "certainty", "note"),
        **entity_arrays("claimant", context.entities(claims.strings("claimant"))),
        "quote_id": claims.strings("quote"),
        "canonical_id": canonical.ids,
        "canonical_statement": canonical.strings("statement"),
        "entity_ids": _entities(batch, spans),
    }


def _entities(batch: Batch, claims: SpanLists) -> pa.Array:
    """Return the entities of the mentions that lie wholly inside a span of each claim."""
    mentions = batch.layer(lambda article: [item for item in article.mentions if item.entity is not None])
    encoded = mentions.strings("entity").dictionary_encode()
    entity, names = sorted_codes(codes_of(encoded), encoded.dictionary)
    found, spans = batch.spans(mentions), claims.spans
    order = np.argsort(found.starts, kind="stable")
    starts, ends, entity = found.starts[order], found.ends[order], entity[order]
    first = np.searchsorted(starts, spans.starts)
    span, mention = ranges(first, np.searchsorted(starts, spans.ends) - first)
    inside = ends[mention] <= spans.ends[span]
    total = max(1, len(names))
    pairs = np.unique(claims.owner[span[inside]] * total + entity[mention[inside]])
    claim, code = np.divmod(pairs, total)
    return list_array(names.take(to_arrow(code)), np.bincount(claim, minlength=len(claims.sizes)))
