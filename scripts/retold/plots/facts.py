"""What the plots need of an article: small, so that a large corpus can be read one article at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from retold.figures import ITEMS
from retold.records import Article, Quote

_T = TypeVar("_T")
LAYERS = ("mentions", "claims", "quotes", "block topics")  # of ``figures.ITEMS``


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one article or, added up, of several.

    ``words`` are runs without white space; ``items`` counts those of each of ``LAYERS``; ``quoted`` the
    words of quotes by speaker (``None`` where the text leaves open who speaks); ``mentions`` those of each
    entity; ``told`` are ids of canonical claims; ``main``, ``secondary`` and ``blocks`` count, for a topic
    code, the articles that it is a topic of and the blocks.
    """

    articles: int = 0
    words: int = 0
    items: Counter[str] = field(default_factory=Counter)
    quoted: Counter[str | None] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)
    told: frozenset[str] = frozenset()
    main: Counter[str] = field(default_factory=Counter)
    secondary: Counter[str] = field(default_factory=Counter)
    blocks: Counter[str] = field(default_factory=Counter)


def article_facts(article: Article) -> Facts:
    """Return the facts of an article.

    Of quotes only core ones count that no other quote holds, so that no telling counts twice; a word that
    two such quotes share (of two sources) counts for both.
    """
    quoted: Counter[str | None] = Counter()
    for quote in article.quotes:
        if quote.scope == "core" and quote.parent is None:
            quoted[quote.speaker] += _words(quote)
    return Facts(
        articles=1,
        words=len(article.text.split()),
        items=Counter({layer: len(ITEMS[layer](article)) for layer in LAYERS}),
        quoted=quoted,
        mentions=Counter(mention.entity for mention in article.mentions if mention.entity is not None),
        told=frozenset(claim.canonical for claim in article.claims if claim.canonical is not None),
        main=Counter(topic.topic for topic in article.main_topics),
        secondary=Counter(topic.topic for topic in article.secondary_topics),
        blocks=Counter(code for entry in article.block_topics for code in entry.topics),
    )


def together(facts: Iterable[Facts]) -> Facts:
    """Return the facts of several articles, added up."""
    found = list(facts)
    return Facts(
        articles=sum(one.articles for one in found),
        words=sum(one.words for one in found),
        items=_sum(one.items for one in found),
        quoted=_sum(one.quoted for one in found),
        mentions=_sum(one.mentions for one in found),
        told=frozenset().union(*(one.told for one in found)),
        main=_sum(one.main for one in found),
        secondary=_sum(one.secondary for one in found),
        blocks=_sum(one.blocks for one in found),
    )


def _sum(counters: Iterable[Counter[_T]]) -> Counter[_T]:
    total: Counter[_T] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _words(quote: Quote) -> int:
    return sum(len(span.text.split()) for span in quote.content)
