"""Config ``claims``: one row a claim, with its claimant, its entities and its canonical statement."""

from __future__ import annotations

from retold.features import STRING, Column, ListOf, Row, joined, spans
from retold.records import Article, Claim
from retold.tables.context import PLACE, Context, Places, bare, entity_columns

COLUMNS = (
    Column("claim_id", STRING, "The claim."),
    *PLACE,
    spans("spans", "The words that state the proposition."),
    Column("text", STRING, "`spans` as one string, gaps as ` … `.", text=joined("spans")),
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
    return [_row(claim, article, places, context) for claim in article.claims]


def _row(claim: Claim, article: Article, places: Places, context: Context) -> Row:
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
        "entity_ids": _entities(claim, article),
        "note": claim.note,
    }


def _entities(claim: Claim, article: Article) -> list[str]:
    """Return the entities of the mentions that lie wholly inside one span of the claim."""
    return sorted(
        {
            mention.entity
            for mention in article.mentions
            if mention.entity
            and any(span.start <= mention.span.start and mention.span.end <= span.end for span in claim.spans)
        }
    )
