"""L4: votes name independent passes that are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retold.checks.inputs import ArticleCheck, ArticleInput, RegistryCheck, RegistryInput
from retold.findings import Finding, Pointer
from retold.layout import LAYERS

VOTED_REGISTRIES = ("entities", "utterances", "claims")


def _votes(
    value: object, pointer: Pointer = (), item: str | None = None
) -> Iterator[tuple[Pointer, str | None, str]]:
    """Yield the place of each vote's pass, the item voted on, and the pass."""
    if isinstance(value, dict):
        item = value.get("id", item)
        for number, vote in enumerate(value.get("votes", ())):
            yield (*pointer, "votes", number, "pass"), item, vote["pass"]
        children: Iterable[tuple[str | int, object]] = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    else:
        return
    for step, child in children:
        if isinstance(child, dict | list) and step != "votes":
            yield from _votes(child, (*pointer, step), item)


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
