"""L5: blocks and sentences cover the text, each character once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retold.checks.inputs import TEXT, ArticleCheck, ArticleInput
from retold.findings import Finding, Pointer

_WORDS = re.compile(r"\S+(?:[ \t]+\S+)*")
_SHOWN = 60


def coverage(article: ArticleInput) -> Iterator[Finding]:
    """Check that every character that is no white space is in exactly one block.

    Issues: uncovered-text, blocks-overlap.
    """
    end = 0
    for number, block in enumerate(article.blocks):
        pointer: Pointer = ("blocks", number)
        if block.start < end:
            values = {"start": str(block.start), "end": str(end)}
            yield article.find("segments", "blocks-overlap", (*pointer, "start"), block.id, **values)
        yield from _uncovered(article, end, block.start, pointer)
        end = max(end, block.end)
    yield from _uncovered(article, end, len(article.text), ("blocks",))


def _uncovered(article: ArticleInput, start: int, end: int, pointer: Pointer) -> Iterator[Finding]:
    gap = article.text[start : max(start, end)]
    if not gap or gap.isspace():
        return
    for match in _WORDS.finditer(article.text, start, max(start, end)):
        values = {"text": repr(match.group()[:_SHOWN]), "start": str(match.start()), "end": str(match.end())}
        yield article.find("segments", "uncovered-text", pointer, None, **values)


def tiling(article: ArticleInput) -> Iterator[Finding]:
    """Check that the sentences of each block tile it: in order, nothing but white space between them.

    Issues: sentences-do-not-tile.
    """
    for number, block in enumerate(article.blocks):
        end = block.start
        for place, sentence in enumerate(block.sentences):
            gap = article.text[end : sentence.span.start]
            if sentence.span.start < end or gap.strip():
                pointer: Pointer = ("blocks", number, "sentences", place, "start")
                values = {"end": str(end), "start": str(sentence.span.start)}
                yield article.find("segments", "sentences-do-not-tile", pointer, sentence.id, **values)
            end = max(end, sentence.span.end)
        if article.text[end : block.end].strip():
            values = {"end": str(end), "start": str(block.end)}
            pointer = ("blocks", number, "end")
            yield article.find("segments", "sentences-do-not-tile", pointer, block.id, **values)


def lines(article: ArticleInput) -> Iterator[Finding]:
    """Check that no block goes over a line break.

    Issues: block-over-lines.
    """
    for number, block in enumerate(article.blocks):
        if article.text.find("\n", block.start, block.end) >= 0:
            yield article.find("segments", "block-over-lines", ("blocks", number, "end"), block.id)


def title(article: ArticleInput) -> Iterator[Finding]:
    """Check that the article has one title at most.

    Issues: second-title.
    """
    titles = [number for number, block in enumerate(article.blocks) if block.kind == "title"]
    for number in titles[1:]:
        first = article.blocks[titles[0]].id
        block = article.blocks[number]
        yield article.find("segments", "second-title", ("blocks", number, "kind"), block.id, first=first)


CHECKS = (
    ArticleCheck("L5", ("segments", TEXT), coverage),
    ArticleCheck("L5", ("segments", TEXT), tiling),
    ArticleCheck("L5", ("segments", TEXT), lines),
    ArticleCheck("L5", ("segments",), title),
)
