"""L3: every span stands where it says, whatever the layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from retold.checks.inputs import TEXT, ArticleCheck, ArticleInput, Json
from retold.checks.spans import SPAN_LISTS, span_lists, votes, walk_spans
from retold.findings import Finding, Pointer
from retold.layout import CORPUS_LAYERS, REPAIRS
from retold.left_context import stands_before

SPAN_LAYERS = (*CORPUS_LAYERS, "metadata")
LISTED = ("quotes", "claims", "metadata")  # the spans of one list do not overlap


def _stand(text: str, spans: Iterable[Json], free: bool) -> bool:
    """Whether each span stands in the text where it says, and ``before`` to its left.

    One loop, with nothing called that need not be: it is the busiest of validation.

    Args:
        text: The article's.
        spans: Objects with ``text``, ``start``, ``end`` and perhaps ``before``.
        free: Whether a span may be empty or begin and end with white space.
    """
    length = len(text)
    for span in spans:
        start, end, own = span["start"], span["end"], span["text"]
        if text[start:end] != own or start < 0 or end > length or end - start != len(own):
            return False
        if not free and (not own or own != own.strip()):
            return False
        if "before" in span and not stands_before(text, start, span["before"], directly=not own):
            return False
    return True


def _in_order(spans: list[Json]) -> bool:
    return all(one["end"] <= other["start"] for one, other in pairwise(spans))


def _spans(article: ArticleInput, layer: str) -> Iterator[Finding]:
    """Check the spans of one file: quickly that all are right, one by one only if some are not."""
    document = article.documents[layer]
    lists = span_lists(layer, document)
    right = (
        _stand(article.text, chain.from_iterable(lists), layer == REPAIRS)
        and (layer not in LISTED or all(_in_order(listed) for listed in lists if len(listed) > 1))
        and not any(True for voted in votes(layer, document) for _ in _faults(article, layer, voted))
    )
    if not right:
        yield from _faults(article, layer, document)


def _faults(article: ArticleInput, layer: str, value: object) -> Iterator[Finding]:
    """Check the spans of a file, or of a part of it, one by one.

    Issues: spans-overlap.
    """
    previous: tuple[Pointer, int] = ((), 0)
    for pointer, item, span in walk_spans(value):
        if not _stand(article.text, (span,), layer == REPAIRS):
            yield _astray(article, layer, pointer, item, span)
        if len(pointer) > 1 and pointer[-2] in SPAN_LISTS:
            if previous[0] == pointer[:-1] and span["start"] < previous[1]:
                values = {"name": pointer[-2], "text": repr(span["text"])}
                yield article.find(layer, "spans-overlap", (*pointer, "text"), item, **values)
            previous = (pointer[:-1], span["end"])


def _astray(article: ArticleInput, layer: str, pointer: Pointer, item: str | None, span: Json) -> Finding:
    """Say what is wrong with a span that does not stand where it says.

    Issues: span-bounds, span-text-mismatch, span-edge-space, before-mismatch.
    """
    text, start, end, own = article.text, span["start"], span["end"], span["text"]
    if not 0 <= start <= end <= len(text) or (start == end and layer != REPAIRS):
        values = {"start": start, "end": end, "length": len(text)}
        return article.find(layer, "span-bounds", (*pointer, "start"), item, **values)
    if text[start:end] != own:
        values = {"text": repr(own), "found": repr(text[start:end]), "start": start, "end": end}
        return article.find(layer, "span-text-mismatch", (*pointer, "text"), item, **values)
    if layer != REPAIRS and own != own.strip():
        return article.find(layer, "span-edge-space", (*pointer, "text"), item, text=repr(own))
    left = text[max(0, start - len(span["before"])) : start]
    values = {"before": repr(span["before"]), "found": repr(left), "start": start}
    return article.find(layer, "before-mismatch", (*pointer, "before"), item, **values)


def block_bounds(article: ArticleInput) -> Iterator[Finding]:
    """Check the bounds of blocks and that each holds its sentences.

    Issues: block-bounds, sentence-outside-block.
    """
    text = article.text
    for number, block in enumerate(article.blocks):
        pointer: Pointer = ("blocks", number)
        own = text[block.start : block.end]
        if not 0 <= block.start < block.end <= len(text) or own != own.strip():
            values = {"start": block.start, "end": block.end, "length": len(text)}
            yield article.find("segments", "block-bounds", (*pointer, "start"), block.id, **values)
        for place, sentence in enumerate(block.sentences):
            if not block.start <= sentence.span.start < sentence.span.end <= block.end:
                yield article.find(
                    "segments",
                    "sentence-outside-block",
                    (*pointer, "sentences", place, "start"),
                    sentence.id,
                    block=block.id,
                    start=block.start,
                    end=block.end,
                )


def _anchoring(layer: str) -> ArticleCheck:
    def anchoring(article: ArticleInput) -> Iterator[Finding]:
        """Check the layer against the text: first that it was anchored to this very text.

        Issues: stale-checksum.
        """
        if article.documents[layer].get("article_sha256", article.sha256) != article.sha256:
            yield article.find(layer, "stale-checksum", ("article_sha256",), article=article.id)
        yield from _spans(article, layer)

    return ArticleCheck("L3", (layer, TEXT), anchoring)


CHECKS = (*map(_anchoring, SPAN_LAYERS), ArticleCheck("L3", ("segments", TEXT), block_bounds))
