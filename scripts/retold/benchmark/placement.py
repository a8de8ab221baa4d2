"""Where the strings stand that a tool gave without offsets.

Each string is looked for exactly; else with white space, quotation marks and dashes made alike; else, from
``FUZZY_LENGTH`` characters on, as the stretch most like it, if that is at least ``FUZZY_LEAST`` per cent like
it (normalised Indel similarity of the best-matching stretch, RapidFuzz's ``partial_ratio_alignment``).
Occurrences inside words count only where there is no other.

Items are placed in the order of the list. An item stands at the first occurrence, not taken by the same
string before, that does not begin before the item placed last; if there is none, at the first one not taken.
Of an item with several strings the longest is placed so, the others at the occurrence nearest to it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from retold.measures.assignment import MissingExtraError
from retold.records import Span
from retold.tokens import tokenize

EXACT, NORMALISED, FUZZY, NOT_FOUND = "exact", "normalised", "fuzzy", "not found"
FUZZY_LENGTH = 20
FUZZY_LEAST = 90.0

INSTALL = "scoring strings that are not copied exactly needs RapidFuzz: pip install 'retold[score]'"

_ALIKE = str.maketrans(
    {**dict.fromkeys("“”„‟«»〝〞＂", '"'), **dict.fromkeys("‘’‚‛‹›＇`´", "'"), **dict.fromkeys("‐‑–—−", "-")}
)
Extent = tuple[int, int]
Loose = Span | str  # a span, or words that are yet to be found


@dataclass
class Placer:
    """Finds strings in one text; ``how`` counts how each was found."""

    text: str
    how: Counter[str] = field(default_factory=Counter)

    def start(self) -> Cursor:
        """Return a cursor for a new list of items."""
        return Cursor(self)

    def occurrences(self, words: str) -> tuple[str, Sequence[Extent]]:
        """Return the first way that finds a string, and where it stands, in text order."""
        for way, find in (
            (EXACT, self._exactly),
            (NORMALISED, self._normalised),
            (FUZZY, self._fuzzily),
        ):
            if found := find(words):
                return way, found
        return NOT_FOUND, ()

    def span(self, words: str, way: str, extent: Extent | None) -> Span:
        """Return the span of a string that was found so, or nowhere; count the way."""
        self.how[NOT_FOUND if extent is None else way] += 1
        return unplaced(words) if extent is None else Span(*extent, self.text[slice(*extent)])

    def _exactly(self, words: str) -> list[Extent]:
        return self._at_token_edges(_find_all(self.text, words))

    def _normalised(self, words: str) -> list[Extent]:
        wanted, _ = _alike(words.strip())
        text, origin = self._alike
        found = _find_all(text, wanted)
        return self._at_token_edges([(origin[start], origin[end - 1] + 1) for start, end in found])

    def _fuzzily(self, words: str) -> list[Extent]:
        wanted, _ = _alike(words.strip())
        text, origin = self._alike
        if not FUZZY_LENGTH <= len(wanted) <= len(text):
            return []
        found = _aligner()(wanted, text, score_cutoff=FUZZY_LEAST)
        if found is None or found.dest_start >= found.dest_end:
            return []
        return [self._widened(origin[found.dest_start], origin[found.dest_end - 1] + 1)]

    def _at_token_edges(self, found: list[Extent]) -> list[Extent]:
        """Return the occurrences that are whole tokens, all of them if there is none such."""
        starts, ends = self._edges
        whole = [extent for extent in found if extent[0] in starts and extent[1] in ends]
        return whole or found

    def _widened(self, start: int, end: int) -> Extent:
        """Return the whole tokens that a stretch touches."""
        tokens = self._tokens
        first = max(0, bisect_left(tokens, (start + 1,)) - 1)
        touched = [(a, b) for a, b in tokens[first:] if a < end and start < b]
        return (touched[0][0], touched[-1][1]) if touched else (start, end)

    @cached_property
    def _tokens(self) -> list[Extent]:
        return tokenize(self.text)

    @cached_property
    def _edges(self) -> tuple[set[int], set[int]]:
        return {start for start, _ in self._tokens}, {end for _, end in self._tokens}

    @cached_property
    def _alike(self) -> tuple[str, list[int]]:
        return _alike(self.text)


class Cursor:
    """Places the items of one list, in their order."""

    def __init__(self, placer: Placer) -> None:
        """Begin at the start of the text."""
        self._placer = placer
        self._at = 0
        self._taken: set[tuple[str, int]] = set()

    def place(self, words: str, *, alone: bool = True) -> Span:
        """Place one item; with ``alone``, the same string is never placed there again."""
        way, found = self._placer.occurrences(words)
        free = [extent for extent in found if (words, extent[0]) not in self._taken]
        if not alone:
            free = free or list(found)
        after = [extent for extent in free if extent[0] >= self._at]
        chosen = next(iter(after or free), None)
        span = self._placer.span(words, way, chosen)
        if chosen is not None:
            self.pass_over(span, words)
        return span

    def pass_over(self, span: Span, words: str) -> None:
        """Take a span, of these words, as placed last."""
        self._at = span.start
        self._taken.add((words, span.start))

    def place_group(self, own: Sequence[Loose], near: Sequence[Sequence[Loose]]) -> list[list[Span]]:
        """Place the strings of one item: its own (at least one), then those of each other role.

        Spans that are placed already stay where they are. Strings of other roles stand outside the item's
        own, if they occur there at all.
        """
        anchors = [item for item in own if isinstance(item, Span)]
        if not anchors:
            longest = max(own, key=_length)
            anchors = [self.place(str(longest), alone=False)]
            own = [anchors[0] if item is longest else item for item in own]
        placed: list[Span] = []
        for item in own:
            placed.append(self._settled(item, anchors, [*anchors, *placed]))
        return [placed, *([self._settled(item, placed, placed) for item in role] for role in near)]

    def _settled(self, item: Loose, anchors: Sequence[Span], outside: Sequence[Span]) -> Span:
        """Return the span, or the occurrence of the string that is nearest to the anchors."""
        if isinstance(item, Span):
            return item
        if all(map(is_unplaced, anchors)):
            return self._placer.span(item, NOT_FOUND, None)
        way, found = self._placer.occurrences(item)
        free = [x for x in found if not any(x[0] < s.end and s.start < x[1] for s in outside)]
        chosen = min(free or found, key=lambda x: (_distance(x, anchors), x), default=None)
        return self._placer.span(item, way, chosen)


def _length(item: Loose) -> int:
    """Return the length of a string, or of a span's text."""
    return len(item.text if isinstance(item, Span) else item)


def unplaced(words: str) -> Span:
    """Return a span for words that the text does not have: before its begin, where it meets nothing."""
    return Span(-max(1, len(words)), 0, words)


def is_unplaced(span: Span) -> bool:
    """Whether a span stands for words that the text does not have."""
    return span.start < 0


def _distance(extent: Extent, spans: Iterable[Span]) -> int:
    return min(
        max(span.start - extent[1], extent[0] - span.end, 0) for span in spans if not is_unplaced(span)
    )


def _find_all(text: str, words: str) -> list[Extent]:
    if not words:
        return []
    return [
        (match.start(), match.start() + len(words)) for match in re.finditer(f"(?={re.escape(words)})", text)
    ]


def _alike(text: str) -> tuple[str, list[int]]:
    """Return the text with marks made alike and one space for white space; and each character's origin."""
    characters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text.translate(_ALIKE)):
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            character = " "  # noqa: PLW2901 (any white space stands for a space)
        characters.append(character)
        origin.append(at)
    return "".join(characters), origin


def _aligner() -> Callable[..., Any]:
    try:
        from rapidfuzz.fuzz import partial_ratio_alignment  # noqa: PLC0415 (an extra)
    except ImportError as error:
        raise MissingExtraError(INSTALL) from error
    aligner: Callable[..., Any] = partial_ratio_alignment
    return aligner
