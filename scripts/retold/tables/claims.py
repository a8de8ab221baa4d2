"""Config ``claims``: one row a claim, with its claimant, its entities and its canonical statement."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from retold.features import STRING, Column, ListOf, Row, joined, spans
from retold.records import Article, Claim, Span
from retold.tables.context import PLACE, Context, Places, bare, entity_columns

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


def rows(article: Article, places: Places, context: Context) -> list[Row]:
    """Return the rows of one article, in text order."""
    mentions = _Mentions(article)
    return [_row(claim, mentions, places, context) for claim in article.claims]


def _row(claim: Claim, mentions: _Mentions, places: Places, context: Context) -> Row:
    canonical = context.registry.claims.get(claim.canonical or "")
    return {
        "claim_id": claim.id,
        **places.of(claim.spans),
        "spans": bare(claim.spans),
        "text": None,
        "proposition": claim.proposition,
        "category": claim.category,
        **context.entity("claimant", claim.claimant),
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "quote_id": claim.quote,
        "canonical_id": claim.canonical,
        "canonical_statement": canonical.statement if canonical else None,
        "entity_ids": sorted({entity for span in claim.spans for entity in mentions.inside(span)}),
        "note": claim.note,
    }


class _Mentions:
    """The mentions of entities of an article, found by their offsets."""

    def __init__(self, article: Article) -> None:
        self._mentions = sorted(
            (mention.span.start, mention.span.end, mention.entity)
            for mention in article.mentions
            if mention.entity is not None
        )
        self._starts = [start for start, _, _ in self._mentions]

    def inside(self, span: Span) -> Iterator[str]:
        """Yield the entities of the mentions that lie wholly inside the span."""
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        for _, end, entity in self._mentions[first:last]:
            if end <= span.end:
                yield entity
