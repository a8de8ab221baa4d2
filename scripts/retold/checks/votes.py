"""L4: votes name independent passes that are there."""

from __future__ import annotations

from collections.abc import Iterator

from retold.checks.inputs import ArticleCheck, ArticleInput, RegistryCheck, RegistryInput
from retold.findings import Finding, Pointer
from retold.layout import LAYERS
from retold.reader import Json

INNER_LISTS = ("sentences",)
VOTED_REGISTRIES = ("entities", "utterances", "claims")


def _votes(document: Json) -> Iterator[tuple[Pointer, str | None, str]]:
    """Yield the place of each vote's pass, the item voted on, and the pass."""
    for pointer, listed in _lists(document):
        for number in [number for number, item in enumerate(listed) if "votes" in item]:
            item = listed[number]
            for vote, voted in enumerate(item["votes"]):
                yield (*pointer, number, "votes", vote, "pass"), item.get("id"), voted["pass"]


def _lists(document: Json) -> Iterator[tuple[Pointer, list[Json]]]:
    """Yield the lists of items that may have votes: of the file, of a block, of the article's topics."""
    for name, value in document.items():
        if isinstance(value, list):
            yield (name,), value
            for key in INNER_LISTS:
                inner = [number for number, item in enumerate(value) if key in item]
                yield from (((name, number, key), value[number][key]) for number in inner)
        elif isinstance(value, dict):
            yield from (((name, key), listed) for key, listed in value.items())


def _article_votes(layer: str) -> ArticleCheck:
    def votes(article: ArticleInput) -> Iterator[Finding]:
        """Check the passes of votes.

        Issues: unknown-pass.
        """
        for pointer, item, name in _votes(article.documents[layer]):
            if name not in article.registries.passes:
                yield article.find(layer, "unknown-pass", pointer, item, name=name)

    return ArticleCheck("L4", (layer,), votes)


def _registry_votes(registry: str) -> RegistryCheck:
    def votes(registries: RegistryInput) -> Iterator[Finding]:
        for pointer, item, name in _votes(registries.documents[registry]):
            if name not in registries.passes:
                yield registries.find(registry, "unknown-pass", pointer, item, name=name)

    return RegistryCheck("L4", (f"registry-{registry}",), votes)


ARTICLE_CHECKS = tuple(map(_article_votes, LAYERS))
REGISTRY_CHECKS = tuple(map(_registry_votes, VOTED_REGISTRIES))
