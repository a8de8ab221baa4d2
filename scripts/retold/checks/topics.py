"""L5: the topics of articles and blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from retold.checks.inputs import BODY_KINDS, ArticleCheck, ArticleInput
from retold.findings import Finding, Pointer


def topic_sets(article: ArticleInput) -> Iterator[Finding]:
    """Check that no place has a topic twice, nor a topic beside one that is broader.

    Issues: topic-repeated, broader-beside-narrower.
    """
    yield from _one_place(article, [((*p, "topic"), topic.topic) for p, topic in article.article_topics])
    for number, entry in enumerate(article.block_topics):
        pointer: Pointer = ("block_topics", number, "topics")
        yield from _one_place(article, [((*pointer, n), code) for n, code in enumerate(entry.topics)])


def _one_place(article: ArticleInput, topics: list[tuple[Pointer, str]]) -> Iterator[Finding]:
    above = {code: article.registries.broader(code) for _, code in topics}
    if len(above) == len(topics) and above.keys().isdisjoint(chain.from_iterable(above.values())):
        return
    seen: set[str] = set()
    for pointer, code in topics:
        if code in seen:
            yield article.find("topics", "topic-repeated", pointer, None, code=code)
        seen.add(code)
        narrower = sorted(other for other, broader in above.items() if code in broader)
        if narrower:
            values = {"code": code, "narrower": ", ".join(narrower)}
            yield article.find("topics", "broader-beside-narrower", pointer, None, **values)


def main_topics(article: ArticleInput) -> Iterator[Finding]:
    """Check that the article has a main topic.

    Issues: no-main-topic.
    """
    if not article.documents["topics"]["article_topics"]["main"]:
        yield article.find("topics", "no-main-topic", ("article_topics", "main"))


def block_entries(article: ArticleInput) -> Iterator[Finding]:
    """Check that each paragraph and turn has one entry, in text order, and no other block has one.

    Issues: block-topics-missing, block-topics-not-allowed, block-topics-repeated, out-of-order.
    """
    order = {block.id: number for number, block in enumerate(article.blocks)}
    seen: set[str] = set()
    previous = -1
    for number, entry in enumerate(article.block_topics):
        pointer = ("block_topics", number, "block")
        kind = article.blocks[order[entry.block]].kind
        if kind not in BODY_KINDS:
            yield article.find("topics", "block-topics-not-allowed", pointer, entry.block, kind=kind)
        if entry.block in seen:
            yield article.find("topics", "block-topics-repeated", pointer, entry.block)
        elif order[entry.block] < previous:
            yield article.find("topics", "out-of-order", pointer, entry.block, list="block_topics")
        seen.add(entry.block)
        previous = order[entry.block]
    for block in article.blocks:
        if block.kind in BODY_KINDS and block.id not in seen:
            yield article.find("topics", "block-topics-missing", ("block_topics",), block.id, kind=block.kind)


CHECKS = (
    ArticleCheck("L5", ("topics", "registry-topics"), topic_sets),
    ArticleCheck("L5", ("topics",), main_topics),
    ArticleCheck("L5", ("topics", "segments"), block_entries),
)
