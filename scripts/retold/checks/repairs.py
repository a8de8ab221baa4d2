"""L5: repairs lie well to each other, to the blocks and to the annotated spans, and are of their kind."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, pairwise
from operator import itemgetter
from typing import Any

from retold.checks.inputs import TEXT, ArticleCheck, ArticleInput
from retold.checks.spans import span_lists, walk_spans
from retold.checks.stretches import Stretches
from retold.cleaning import is_aligned
from retold.findings import Finding, Pointer
from retold.layout import REPAIRS
from retold.records import Repair

BOILERPLATE, FURNITURE = "boilerplate", "furniture"
SPAN_FILES = ("metadata", "segments", "quotes", "entities", "claims")

_EDGES = itemgetter("start", "end")
_LINE_BREAK = re.compile("\n")
_QUOTATION_MARKS = frozenset("“”\"‘’'")


def repair_order(article: ArticleInput) -> Iterator[Finding]:
    """Check that repairs stand in text order, and none touches what another one repairs.

    Issues: out-of-order, repairs-overlap.
    """
    for number, (one, other) in enumerate(pairwise(article.repairs), 1):
        if other.span.start < one.span.start:
            yield article.find(REPAIRS, "out-of-order", ("repairs", number), other.id, list="repairs")
        elif other.span.start < one.span.end or other.span == one.span:
            values = {"text": repr(other.span.text), "other": one.id}
            yield article.find(REPAIRS, "repairs-overlap", ("repairs", number, "text"), other.id, **values)


def _inserted(text: str, replacement: str) -> str | None:
    """Return the characters that a replacement adds; ``None`` if it is not the text with some added."""
    added, kept = [], 0
    for character in replacement:
        if text[kept : kept + 1] == character:
            kept += 1
        else:
            added.append(character)
    return "".join(added) if kept == len(text) else None


def _adds_space(text: str, replacement: str) -> bool:
    return (_inserted(text, replacement) or "x").isspace()


def _changes_case(text: str, replacement: str) -> bool:
    return text.casefold() == replacement.casefold()


def _adds_marks(text: str, replacement: str) -> bool:
    marks = "".join((_inserted(text, replacement) or "").split())
    return bool(marks) and _QUOTATION_MARKS.issuperset(marks)


def _deletes(_text: str, replacement: str) -> bool:
    return not replacement


_FITS: dict[str, Callable[[str, str], bool]] = {
    "missing_space": _adds_space,
    "lost_capital": _changes_case,
    "lost_quotation_mark": _adds_marks,
    FURNITURE: _deletes,
}


def repair_kinds(article: ArticleInput) -> Iterator[Finding]:
    """Check that each repair changes something, and that its kind says what.

    Issues: repair-changes-nothing, repair-kind-differs.
    """
    for number, repair in enumerate(article.repairs):
        text, replacement = repair.span.text, repair.replacement
        if text == replacement:
            pointer: Pointer = ("repairs", number, "replacement")
            yield article.find(REPAIRS, "repair-changes-nothing", pointer, repair.id, text=repr(text))
        elif repair.kind in _FITS and not _FITS[repair.kind](text, replacement):
            values = {"kind": repair.kind, "text": repr(text), "replacement": repr(replacement)}
            pointer = ("repairs", number, "kind")
            yield article.find(REPAIRS, "repair-kind-differs", pointer, repair.id, **values)


def furniture(article: ArticleInput) -> Iterator[Finding]:
    """Check that furniture and boilerplate are the same: what is one is the other, unless a note says why.

    Issues: furniture-outside-boilerplate, boilerplate-left.
    """
    blocks = [block for block in article.blocks if block.kind == BOILERPLATE]
    boilerplate = Stretches((block.start, block.end) for block in blocks)
    deleted = Stretches((r.span.start, r.span.end) for r in article.repairs if r.kind == FURNITURE)
    for number, repair in enumerate(article.repairs):
        if repair.kind != FURNITURE or repair.note is not None:
            continue
        outside = boilerplate.rest(article.text, repair.span.start, repair.span.end)
        if outside:
            pointer = ("repairs", number, "text")
            yield article.find(
                REPAIRS, "furniture-outside-boilerplate", pointer, repair.id, text=repr(outside)
            )
    for block in blocks:
        left = deleted.rest(article.text, block.start, block.end)
        if left:
            yield article.find(REPAIRS, "boilerplate-left", ("repairs",), block.id, text=repr(left))


def lines(article: ArticleInput) -> Iterator[Finding]:
    """Check that blocks that stand on lines of their own still do when furniture between them is deleted.

    Issues: repair-joins-blocks.
    """
    if not any("\n" in repair.span.text for repair in article.repairs):
        return
    text = article.text
    changed = Stretches((repair.span.start, repair.span.end) for repair in article.repairs)
    kept = [block for block in article.blocks if changed.rest(text, block.start, block.end)]
    for one, other in pairwise(kept):
        breaks = [match.start() for match in _LINE_BREAK.finditer(text, one.end, other.start)]
        if breaks and all(offset in changed for offset in breaks):
            number = next(n for n, repair in enumerate(article.repairs) if repair.span.end > breaks[0])
            values = {"one": one.id, "other": other.id}
            pointer = ("repairs", number, "text")
            yield article.find(REPAIRS, "repair-joins-blocks", pointer, article.repairs[number].id, **values)


def cut_spans(article: ArticleInput) -> Iterator[Finding]:
    """Check that no annotated span begins or ends within a replaced stretch: nobody could say what is left.

    A span of which every character is deleted may: the clean text is without it.

    Issues: repair-cuts-span.
    """
    cutting = {number: repair for number, repair in enumerate(article.repairs) if not is_aligned(repair)}
    if not _is_cut(article, cutting.values()):
        return
    numbers = sorted(cutting, key=lambda number: cutting[number].span.start)
    starts = [cutting[number].span.start for number in numbers]
    deleted = Stretches((r.span.start, r.span.end) for r in cutting.values() if not r.replacement)
    seen: set[tuple[int, str | None]] = set()
    for item, span in _annotated(article):
        for edge in (span["start"], span["end"]):
            number = numbers[bisect_left(starts, edge) - 1] if starts[0] < edge else -1
            if number < 0 or edge >= cutting[number].span.end or (number, item) in seen:
                continue
            if not deleted.cover(span["start"], span["end"]):
                seen.add((number, item))
                repair = cutting[number]
                values = {"text": repr(repair.span.text), "span": repr(span["text"]), "item": str(item)}
                pointer = ("repairs", number, "text")
                yield article.find(REPAIRS, "repair-cuts-span", pointer, repair.id, **values)


def _is_cut(article: ArticleInput, repairs: Collection[Repair]) -> bool:
    """Whether any span begins or ends within one of the repairs; of votes none is looked at."""
    if not repairs:
        return False
    lists = (listed for kind in SPAN_FILES for listed in span_lists(kind, article.documents[kind]))
    spans = list(map(_EDGES, chain.from_iterable(lists)))
    deleted = Stretches((r.span.start, r.span.end) for r in repairs if not r.replacement)
    if _has_edge_within(spans, repairs):  # seldom, and mostly of a span that is deleted as a whole
        spans = [(start, end) for start, end in spans if not deleted.cover(start, end)]
    return _has_edge_within(spans, repairs)


def _has_edge_within(spans: Iterable[tuple[int, int]], repairs: Iterable[Repair]) -> bool:
    edges = sorted(chain.from_iterable(spans))
    return any(bisect_right(edges, r.span.start) < bisect_left(edges, r.span.end) for r in repairs)


def _annotated(article: ArticleInput) -> Iterator[tuple[str | None, dict[str, Any]]]:
    for kind in SPAN_FILES:
        for pointer, item, span in walk_spans(article.documents[kind]):
            if "votes" not in pointer:
                yield item, span


CHECKS = (
    ArticleCheck("L5", (REPAIRS,), repair_order),
    ArticleCheck("L5", (REPAIRS,), repair_kinds),
    ArticleCheck("L5", (REPAIRS, "segments", TEXT), furniture),
    ArticleCheck("L5", (REPAIRS, "segments", TEXT), lines),
    ArticleCheck("L5", (REPAIRS, *SPAN_FILES), cut_spans),
)
