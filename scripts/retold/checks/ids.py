"""L4: the ids of an article's items, and the article that each file names."""

from __future__ import annotations

from collections.abc import Iterator

from retold.checks.inputs import ArticleCheck, ArticleInput
from retold.findings import Finding, Pointer
from retold.layout import CORPUS_LAYERS

FILES = ("metadata", *CORPUS_LAYERS)

# layer -> (list, letter of its ids); sentences are inside blocks and checked with them
ITEM_LISTS = {
    "segments": ("blocks", "b"),
    "quotes": ("quotes", "q"),
    "entities": ("mentions", "m"),
    "claims": ("claims", "c"),
    "repairs": ("repairs", "r"),
}


def _item_ids(layer: str) -> ArticleCheck:
    def item_ids(article: ArticleInput) -> Iterator[Finding]:
        """Check that ids are of this article and layer, and none stands twice.

        Issues: foreign-id, duplicate-id.
        """
        if _are_right(article, layer):
            return
        seen: set[str] = set()
        for pointer, item, letter in _places(article, layer):
            prefix = f"{article.id}-{letter}"
            if not (item.startswith(prefix) and item.removeprefix(prefix).isdigit()):
                yield article.find(layer, "foreign-id", pointer, item, form=f"{prefix}…")
            if item in seen:
                yield article.find(layer, "duplicate-id", pointer, item)
            seen.add(item)

    return ArticleCheck("L4", (layer,), item_ids)


def _are_right(article: ArticleInput, layer: str) -> bool:
    """Whether all ids are of this article and layer, and none stands twice; quick, and says no more."""
    name, letter = ITEM_LISTS[layer]
    items = article.documents[layer][name]
    lists = {letter: [item["id"] for item in items]}
    if layer == "segments":
        lists["s"] = [sentence["id"] for item in items for sentence in item["sentences"]]
    for own, ids in lists.items():
        prefix = f"{article.id}-{own}"
        numbers = [item.removeprefix(prefix) for item in ids if item.startswith(prefix)]
        digits = "" not in numbers and (not ids or "".join(numbers).isdigit())
        if not len(numbers) == len(ids) == len(set(ids)) or not digits:
            return False
    return True


def _places(article: ArticleInput, layer: str) -> Iterator[tuple[Pointer, str, str]]:
    """Yield the place of each id, the id, and the letter that it should have."""
    name, letter = ITEM_LISTS[layer]
    for number, item in enumerate(article.documents[layer][name]):
        yield (name, number, "id"), item["id"], letter
        for place, sentence in enumerate(item["sentences"] if layer == "segments" else ()):
            yield (name, number, "sentences", place, "id"), sentence["id"], "s"


def _article_names(kind: str) -> ArticleCheck:
    def article_names(article: ArticleInput) -> Iterator[Finding]:
        """Check that the file names the article to which it belongs.

        Issues: article-mismatch.
        """
        key = "id" if kind == "metadata" else "article"
        named = article.documents[kind][key]
        if named != article.id:
            yield article.find(kind, "article-mismatch", (key,), named=named, article=article.id)

    return ArticleCheck("L4", (kind,), article_names)


CHECKS = (*map(_article_names, FILES), *map(_item_ids, ITEM_LISTS))
