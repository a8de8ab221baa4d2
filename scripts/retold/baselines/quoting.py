"""Quotes of a line, by pairs of quotation marks and by reporting verbs.

A clause that depends on a reporting verb is indirect, mixed if there are marks in it, direct if it lies
within marks. Other words between marks are direct if they have a verb; their cue is the nearest reporting
verb outside all marks (O'Keefe et al., *A Sequence Labelling Approach to Quote Attribution*, 2012, call
that the baseline), and none if the line has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retold.baselines.parsing import Line, runs
from retold.baselines.pieces import MARKS, Extent, has_words, trimmed
from retold.baselines.reporting import Report, is_reporting, of_verb, reports

if TYPE_CHECKING:
    from spacy.tokens import Token

_PAIR = re.compile(r"“([^“”]+)(?:”|$)|\"([^\"]+)\"")  # a quote that goes on in the next line is not closed
_ENDS = ".,;:–—-" + MARKS


@dataclass(slots=True)
class Quote:
    """A quote with extents in the text; ``holder`` is where the head of the source begins."""

    type: str
    content: list[Extent]
    cue: list[Extent] = field(default_factory=list)
    source: list[Extent] = field(default_factory=list)
    holder: int | None = None

    @property
    def length(self) -> int:
        """Number of code points of the content."""
        return sum(end - start for start, end in self.content)

    def holds(self, at: int) -> bool:
        """Whether a place in the text is in the content."""
        return any(start <= at < end for start, end in self.content)


def quotes_of(text: str, line: Line) -> list[Quote]:
    """Return the quotes of a line, in the order of their contents."""
    marked = [
        (line.start + match.start(group), line.start + match.end(group))
        for match in _PAIR.finditer(line.doc.text)
        for group in [match.lastindex or 0]
    ]
    found = _Finder(text, line, marked).quotes()
    return sorted(found, key=lambda quote: (quote.content[0][0], -quote.length))


@dataclass(frozen=True, slots=True)
class _Finder:
    text: str
    line: Line
    marked: Sequence[Extent]  # inside the marks

    def quotes(self) -> Iterator[Quote]:
        direct: dict[int | None, Quote] = {}  # by the place of the cue: a cue has one direct quote
        used: set[Extent] = set()
        for report in reports(self.line.doc):
            if any(self._inside(self.line.at(cue)) for cue in report.cue):
                continue
            content = self._content(report.content)
            within = [pair for pair in self.marked if any(_overlap(pair, part) for part in content)]
            used.update(within)
            if within and all(self._covered(part) for part in content):
                direct[self.line.at(report.cue[0])] = self._quote("direct", report, map(self._clean, within))
            elif content:
                yield self._quote("mixed" if within else "indirect", report, content)
        for pair in self.marked:
            if pair not in used and self._has_verb(pair):
                self._add(direct, pair)
        yield from direct.values()

    def _add(self, direct: dict[int | None, Quote], pair: Extent) -> None:
        cue = self._nearest(pair)
        at = None if cue is None else self.line.at(cue)
        if at is not None and at in direct:
            direct[at].content.append(self._clean(pair))
        elif cue is not None:
            direct[at] = self._quote("direct", of_verb(cue, []), [self._clean(pair)])
        else:
            direct[-pair[0]] = Quote("direct", [self._clean(pair)])  # no cue to share

    def _quote(self, type_: str, report: Report, content: Iterator[Extent] | list[Extent]) -> Quote:
        return Quote(
            type_,
            list(content),
            [self.line.extent(*run) for run in runs(list(report.cue))],
            [self.line.extent(*run) for run in runs(list(report.source))],
            None if report.holder is None else self.line.at(report.holder),
        )

    def _content(self, tokens: Sequence[Token]) -> list[Extent]:
        kept = list(tokens)
        while kept and (kept[0].is_punct or (kept[0].lower_ == "that" and kept[0].dep_ == "mark")):
            del kept[0]
        parts = [trimmed(self.text, self.line.extent(*run), _ENDS) for run in runs(kept)]
        return [part for part in parts if has_words(self.text, part)]

    def _clean(self, pair: Extent) -> Extent:
        start, end = trimmed(self.text, pair, "")
        return (start, end - 1) if self.text[end - 1] == "," else (start, end)

    def _inside(self, at: int) -> bool:
        return any(start <= at < end for start, end in self.marked)

    def _covered(self, part: Extent) -> bool:
        return any(start <= part[0] and part[1] <= end for start, end in self.marked)

    def _tokens(self, pair: Extent) -> list[Token]:
        return [token for token in self.line.doc if pair[0] <= self.line.at(token) < pair[1]]

    def _has_verb(self, pair: Extent) -> bool:
        return any(token.pos_ in {"AUX", "VERB"} for token in self._tokens(pair))

    def _nearest(self, pair: Extent) -> Token | None:
        """Return the reporting verb outside all marks that is nearest; of two equally near the first."""
        verbs = [
            token for token in self.line.doc if is_reporting(token) and not self._inside(self.line.at(token))
        ]
        return min(
            verbs,
            key=lambda verb: max(pair[0] - self.line.at(verb), self.line.at(verb) - pair[1]),
            default=None,
        )


def _overlap(a: Extent, b: Extent) -> bool:
    return a[0] < b[1] and b[0] < a[1]
