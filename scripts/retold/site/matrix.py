"""Which article says what: every canonical claim against every article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from retold.records import Article, Claim, Registry
from retold.site.jsontools import Json
from retold.tables.relations import Relations, close

STATED, ATTRIBUTED, IMPLIED, CONTRADICTED, LEFT_OUT = (
    "stated",
    "attributed",
    "implied",
    "contradicted",
    "left_out",
)
ARTICLE = "article"  # the claimant of what an article says itself


def matrix(articles: Sequence[Article], registry: Registry) -> list[Json]:
    """Return a row for each canonical claim in use: what each article, in their order, does with it.

    ``stated``: it says so itself; ``attributed``: it reports that someone says so; ``implied``: it holds a
    claim that entails it; ``contradicted``: it holds a claim that contradicts it. Several may hold;
    ``left_out`` stands alone.
    """
    relations = close(registry.claims)
    return [
        {"claim": claim.id, "cells": [list(_cell(claim.id, article, relations)) for article in articles]}
        for claim in registry.claims.values()
        if claim.replaced_by is None
    ]


def _cell(canonical: str, article: Article, relations: Relations) -> Iterator[str]:
    made = [claim for claim in article.claims if claim.canonical == canonical]
    found = [
        (STATED, any(_own(claim) for claim in made)),
        (ATTRIBUTED, any(not _own(claim) for claim in made)),
        (IMPLIED, not made and _holds(article, relations, canonical, "entails")),
        (CONTRADICTED, _holds(article, relations, canonical, "contradicts")),
    ]
    statuses = [status for status, holds in found if holds]
    yield from statuses or [LEFT_OUT]


def _own(claim: Claim) -> bool:
    return claim.claimant == ARTICLE


def _holds(article: Article, relations: Relations, canonical: str, relation: str) -> bool:
    """Whether the article makes a claim that has a relation to a canonical claim."""
    empty: Mapping[str, object] = {}
    for claim in article.claims:
        found = relations.get(claim.canonical or "", empty).get(canonical)
        if getattr(found, "relation", None) == relation:
            return True
    return False
