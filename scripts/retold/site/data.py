"""All data of the page, from the corpus and what was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retold.layout import Layout
from retold.records import Article, Registry, Splits
from retold.schemas import Schemas
from retold.site import benchmark, shared
from retold.site.about import about
from retold.site.articles import article_data
from retold.site.benchmark import Progress
from retold.site.jsontools import Json
from retold.site.matrix import matrix
from retold.site.numbers import counts, plots

VOCABULARIES = (
    "block-kind",
    "certainty",
    "checkability",
    "claim-category",
    "claim-polarity",
    "contradiction-level",
    "contradiction-type",
    "entity-type",
    "mark-function",
    "mention-form",
    "metadata-flag",
    "modifier",
    "none-reason",
    "quote-attitude",
    "quote-marking",
    "quote-polarity",
    "quote-scope",
    "quote-type",
    "rendering",
    "repair-kind",
)


@dataclass(frozen=True)
class Sources:
    """What a site is made from.

    Attributes:
        layout: The corpus.
        articles: Its articles.
        registry: What they share.
        splits: Their order and splits.
        schemas: The label sets.
        manifest: Of the compiled tables.
        plots: SVG files that are shown among the figures.
    """

    layout: Layout
    articles: Sequence[Article]
    registry: Registry
    splits: Splits
    schemas: Schemas
    manifest: dict[str, Any]
    plots: Sequence[Path]


def site_data(sources: Sources, progress: Progress) -> Json:
    """Return the data of the page; the articles in the order of the folds.

    Raises:
        ValueError: Predictions cannot be scored.
        OSError: A file cannot be read.
    """
    order = {name: number for number, name in enumerate(sources.splits.article_ids())}
    articles = sorted(sources.articles, key=lambda article: (order.get(article.id, len(order)), article.id))
    split_of = {name: split for split, names in sources.splits.splits.items() for name in names}
    readme = sources.layout.readme
    card = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    return {
        "about": {
            **about(card, sources.layout.root.name),
            "version": sources.manifest.get("data_version"),
            "digest": sources.manifest["data_digest"],
            "canary": sources.manifest.get("canary"),
        },
        "labels": {name: sources.schemas.vocabulary(name) for name in VOCABULARIES},
        "articles": [article_data(article, split_of.get(article.id)) for article in articles],
        "entities": shared.entities(sources.registry),
        "utterances": shared.utterances(articles, sources.registry),
        "canonical": shared.canonical_claims(sources.registry),
        "near_misses": shared.near_misses(sources.registry),
        "matrix": matrix(articles, sources.registry),
        "topics": shared.topics(sources.registry, sources.schemas.mediatopics()),
        "leaderboard": benchmark.leaderboard(sources.layout.build),
        "mistakes": _mistakes(sources, articles, progress),
        "counts": counts(articles, sources.registry, sources.schemas),
        "plots": plots(sources.plots),
    }


def _mistakes(sources: Sources, articles: Sequence[Article], progress: Progress) -> list[Json]:
    if not benchmark.has_predictions(sources.layout.build):
        return []
    texts = {article.id: article.text for article in articles}
    return benchmark.mistakes(sources.layout.root, texts, progress)
