"""Where a tool's names and values differ from the gold, grouped so that each kind is judged once.

The tool's labels are those of OntoNotes 5.0, which are the corpus' own, so they are compared as they are.
Of the gold take part the forms that such a tool marks: names, adjectives (as NORP) and values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from retold.records import Article, Mention, Span
from retold.tokens import TAGGED_FORMS


@dataclass(frozen=True, slots=True)
class Reading:
    """Words and the label that one side gives them."""

    words: str
    label: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of difference: what the tool says and what the gold says; one of them may be missing."""

    tool: Reading | None
    gold: Reading | None

    @property
    def kind(self) -> str:
        """``label``, ``bounds``, ``tool only`` or ``gold only``."""
        if self.tool is None or self.gold is None:
            return "gold only" if self.tool is None else "tool only"
        return "label" if self.tool.words == self.gold.words else "bounds"


@dataclass(frozen=True, slots=True)
class ToolSpan:
    """A span that the tool found; offsets as everywhere."""

    start: int
    end: int
    label: str


Groups = dict[Pattern, tuple[str, ...]]


def differences(articles: Iterable[Article], found: Mapping[str, Sequence[ToolSpan]]) -> Groups:
    """Return the places of each kind of difference, as ``article:start-end``, in text order."""
    groups: dict[Pattern, list[str]] = defaultdict(list)
    for article in articles:
        gold = [mention for mention in article.mentions if mention.form in TAGGED_FORMS]
        for tool, mention in paired(found[article.id], gold):
            if not _agree(tool, mention):
                spans = [span for span in (tool, mention.span if mention else None) if span]
                start, end = min(span.start for span in spans), max(span.end for span in spans)
                groups[_pattern(article, tool, mention)].append(f"{article.id}:{start}-{end}")
    return {pattern: tuple(places) for pattern, places in groups.items()}


def paired(
    found: Sequence[ToolSpan], gold: Sequence[Mention]
) -> Iterator[tuple[ToolSpan | None, Mention | None]]:
    """Pair each span of the tool with the mention that it shares most characters with, one to one.

    Pairs come first, by the length of what they share, then what is left on either side, in text order.
    """
    shared = [
        (_common(span, mention.span), -i, -j)
        for i, span in enumerate(found)
        for j, mention in enumerate(gold)
        if _common(span, mention.span) > 0
    ]
    left, right = set(range(len(found))), set(range(len(gold)))
    for _, i, j in sorted(shared, reverse=True):
        if -i in left and -j in right:
            left.remove(-i)
            right.remove(-j)
            yield found[-i], gold[-j]
    yield from ((found[i], None) for i in sorted(left))
    yield from ((None, gold[j]) for j in sorted(right))


def _common(one: ToolSpan | Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _agree(tool: ToolSpan | None, mention: Mention | None) -> bool:
    if tool is None or mention is None:
        return False
    same = (tool.start, tool.end) == (mention.span.start, mention.span.end)
    return same and tool.label in (mention.type, *mention.also)


def _pattern(article: Article, tool: ToolSpan | None, mention: Mention | None) -> Pattern:
    return Pattern(
        Reading(article.text[tool.start : tool.end], tool.label) if tool else None,
        Reading(mention.span.text, mention.type) if mention else None,
    )
