"""Quotes that give no claim, and claims that are said to be the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from retold.audit.cases import Case, Place
from retold.audit.gold import Gold, describe_quote
from retold.records import Claim


def quotes_without_claim(gold: Gold) -> Iterator[Case]:
    """A core quote in a checkable or vague sentence gives a claim that has its id, or a note says why not."""
    for article in gold.articles:
        with_claim = {claim.quote for claim in article.claims}
        factual: dict[str, str] = {}
        for view in gold.sentences:
            if view.article is article and view.factual:
                factual.update(dict.fromkeys((quote.id for quote in view.quotes), view.sentence.span.text))
        for quote in article.quotes:
            if quote.scope == "core" and quote.id in factual.keys() - with_claim and quote.note is None:
                words = " … ".join(span.text for span in quote.content)
                place = Place(quote.id, factual[quote.id], describe_quote(quote))
                yield Case(
                    "quote-without-claim", words, (place,), "Does its content, or its stance, give no claim?"
                )


def same_claims(gold: Gold) -> Iterator[Case]:
    """Claims that share a canonical claim say the same: once for each such set, to be read side by side."""
    members: dict[str, list[Claim]] = defaultdict(list)
    for article in gold.articles:
        for claim in article.claims:
            if claim.canonical:
                members[claim.canonical].append(claim)
    for canonical, claims in sorted(members.items()):
        if len(claims) > 1:
            statement = gold.registry.claims[canonical].statement
            places = tuple(
                Place(claim.id, " … ".join(span.text for span in claim.spans), claim.proposition)
                for claim in claims
            )
            question = f"Does each follow from each other? Stated as: {statement}"
            yield Case("same-claim", canonical, places, question)
