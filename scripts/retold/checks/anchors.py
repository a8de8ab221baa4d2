"""L3: every span stands where it says, whatever the layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from retold.anchoring import stands_before
from retold.checks.inputs import TEXT, ArticleCheck, ArticleInput
from retold.findings import Finding, Pointer
from retold.layout import CORPUS_LAYERS, REPAIRS

SPAN_LAYERS = (*CORPUS_LAYERS, "metadata")
_NESTED = (dict, list)
SPAN_LISTS = frozenset(("content", "cue", "cue_group", "source", "verbatim", "spans", "words"))


def walk_spans(document: object) -> Iterator[tuple[Pointer, str | None, dict[str, Any]]]:
    """Yield every object that holds ``text``, ``start`` and ``end``, with its place and its item's id.

    They come in the order of the file. An explicit stack: this walk is the busiest loop of validation.
    """
    stack: list[tuple[Pointer, str | None, Any]] = [((), None, document)]
    while stack:
        pointer, item, value = stack.pop()
        children: Iterable[tuple[str | int, object]]
        if type(value) is dict:
            item = value.get("id", item)
            if "text" in value and "start" in value and "end" in value:
                yield pointer, item, value
            children = value.items()
        else:
            children = enumerate(value)
        inner = [
            ((*pointer, step), item, child) for step, child in children if type(child) in _NESTED and child
        ]
        stack += reversed(inner)


def _spans(article: ArticleInput, layer: str) -> Iterator[Finding]:
    """Check the spans of one file.

    Issues: span-bounds, span-text-mismatch, span-edge-space, before-mismatch, spans-overlap.
    """
    previous: tuple[Pointer, int] = ((), 0)
    for pointer, item, span in walk_spans(article.documents[layer]):
        yield from _span(article, layer, pointer, item, span)
        if len(pointer) > 1 and pointer[-2] in SPAN_LISTS:
            if previous[0] == pointer[:-1] and span["start"] < previous[1]:
                values = {"name": pointer[-2], "text": repr(span["text"])}
                yield article.find(layer, "spans-overlap", (*pointer, "text"), item, **values)
            previous = (pointer[:-1], span["end"])


def _span(
    article: ArticleInput, layer: str, pointer: Pointer, item: str | None, span: dict[str, Any]
) -> Iterator[Finding]:
    text, start, end, own = article.text, span["start"], span["end"], span["text"]
    free = layer == REPAIRS  # what is damaged may be white space, or nothing at all
    if not 0 <= start <= end <= len(text) or (start == end and not free):
        values = {"start": start, "end": end, "length": len(text)}
        yield article.find(layer, "span-bounds", (*pointer, "start"), item, **values)
    elif text[start:end] != own:
        values = {"text": repr(own), "found": repr(text[start:end]), "start": start, "end": end}
        yield article.find(layer, "span-text-mismatch", (*pointer, "text"), item, **values)
    elif not free and own != own.strip():
        yield article.find(layer, "span-edge-space", (*pointer, "text"), item, text=repr(own))
    elif "before" in span and not stands_before(text, start, span["before"], directly=not own):
        left = text[max(0, start - len(span["before"])) : start]
        values = {"before": repr(span["before"]), "found": repr(left), "start": start}
        yield article.find(layer, "before-mismatch", (*pointer, "before"), item, **values)


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
