"""Counts of what a format leaves out, for its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from retold.exchange.formats import Loss
from retold.records import Article, Registry

ARTICLE_ITEMS: Mapping[str, Callable[[Article], int]] = MappingProxyType(
    {
        "metadata/flags": lambda article: len(article.metadata.flags),
        "segments/blocks": lambda article: len(article.blocks),
        "quotes/quotes": lambda article: len(article.quotes),
        "quotes/other_marks": lambda article: len(article.other_marks),
        "claims/sentences": lambda article: len(article.sentence_labels),
        "claims/claims": lambda article: len(article.claims),
        "topics/article_topics": lambda article: len(article.main_topics) + len(article.secondary_topics),
        "topics/block_topics": lambda article: len(article.block_topics),
        "repairs/repairs": lambda article: len(article.repairs),
    }
)
REGISTRY_ITEMS: Mapping[str, Callable[[Registry], int]] = MappingProxyType(
    {
        "registry-entities": lambda registry: len(registry.entities),
        "registry-utterances": lambda registry: len(registry.utterances),
        "registry-claims": lambda registry: len(registry.claims) + len(registry.near_misses),
        "registry-topics": lambda registry: len(registry.topics),
    }
)


def losses(
    articles: Sequence[Article],
    registry: Registry,
    fields: Iterable[str],
    counted: Mapping[str, int] | None = None,
) -> tuple[Loss, ...]:
    """Return a loss for each of the ``fields`` (keys of the two tables) of which there is something.

    ``counted`` are further fields with their numbers of items.
    """
    numbers = {field: _count(articles, registry, field) for field in fields} | dict(counted or {})
    return tuple(Loss(field, items) for field, items in numbers.items() if items)


def _count(articles: Sequence[Article], registry: Registry, field: str) -> int:
    if field in REGISTRY_ITEMS:
        return REGISTRY_ITEMS[field](registry)
    return sum(ARTICLE_ITEMS[field](article) for article in articles)
