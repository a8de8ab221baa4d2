"""Span conventions of known schemes: the gold put into them, or gold and predictions made alike.

Quotes, ``parc`` and ``polnear`` (Pareti, *PARC 3.0*, 2016; Newell et al., *An Attribution Relations Corpus
for Political News*, 2018): quotation marks around content, with a comma or stop inside them, and a ``that``
or ``whether`` before it are in; cues are bare under ``parc``, whole verb groups under ``polnear``. Both
corpora have further rules (PolNeAR does not nest); those are not bridged.

Entities, ``ontonotes`` (*OntoNotes Release 5.0*, BBN name guidelines): a determiner before a name and a
possessive behind it are in. Tools trained there are not of one mind, so both sides are made alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from retold.records import Quote, Span

RETOLD, PARC, POLNEAR, ONTONOTES = "retold", "parc", "polnear", "ontonotes"
CONVENTIONS: Mapping[str, tuple[str, ...]] = {
    "quotes": (RETOLD, PARC, POLNEAR),
    "entities": (RETOLD, ONTONOTES),
}

_OPENING = re.compile(r"[“\"‘']$")
_CLOSING = re.compile(r"[,.!?…]?[”\"’'](?!\w)")
_COMPLEMENTISER = re.compile(r"\b(?:that|whether)\s+$", re.IGNORECASE)
_DETERMINER = re.compile(r"(?<!\w)(?:the|a|an|this|that|these|those)\s+$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s(?!\w)|(?<=s)['’](?!\w)")
_LOOK = 12  # characters beside a span in which such words stand


def of_task(task: str) -> tuple[str, ...]:
    """Return the conventions that a task knows, its own first."""
    return CONVENTIONS.get(task, (RETOLD,))


def quote_in(convention: str, text: str, quote: Quote) -> Quote:
    """Return a gold quote with the spans that it has under a convention."""
    if convention == RETOLD:
        return quote
    marked = [_with_marks(text, span) for span in quote.content]
    content = (_widened(text, marked[0], before=_COMPLEMENTISER), *marked[1:])
    return replace(quote, content=content, cue=quote.cue_group if convention == POLNEAR else quote.cue)


def name_in(convention: str, text: str, span: Span) -> Span:
    """Return a span of an entity, gold or predicted, as it is compared under a convention."""
    if convention == RETOLD or span.start < 0:
        return span
    return _widened(text, span, before=_DETERMINER, behind=_POSSESSIVE)


def _with_marks(text: str, span: Span) -> Span:
    """Take in the marks around a span, if there are both or one that belongs to a pair cut in two."""
    return _widened(text, span, before=_OPENING, behind=_CLOSING)


def _widened(
    text: str, span: Span, before: re.Pattern[str] | None = None, behind: re.Pattern[str] | None = None
) -> Span:
    start, end = span.start, span.end
    left = before.search(text[max(0, start - _LOOK) : start]) if before else None
    right = behind.match(text, end) if behind else None
    start -= len(left[0]) if left else 0
    end = right.end() if right else end
    return Span(start, end, text[start:end])
