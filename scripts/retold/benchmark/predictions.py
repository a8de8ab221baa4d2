"""Prediction files: read, judged, and refused where scoring them would give a wrong number.

A file is JSON Lines; ``schema/predictions/<task>.schema.json`` says what a line holds. Spans become records
of code points into the text of the view that is scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from retold.benchmark.offsets import UNITS, Converter
from retold.benchmark.placement import Loose, Placer, is_unplaced
from retold.measures.spans import merged
from retold.records import Article, Span
from retold.schemas import SchemaError, Schemas

Json = dict[str, Any]
SHOWN = 60
MOST_ERRORS = 3  # of one line that are told


class PredictionError(ValueError):
    """Predictions that cannot be scored; the message says in which line, what, and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record and its number in the file, from 1."""

    number: int
    record: Json


def read_lines(path: Path) -> list[Line]:
    """Read a prediction file; blank lines are passed over.

    Raises:
        PredictionError: A line is no JSON object, or there is none.
        OSError: The file cannot be read.
    """
    lines = []
    with path.open("rb") as file:
        for number, content in enumerate(file, start=1):
            if content.strip():
                lines.append(Line(number, _parsed(number, content)))
    return _some(lines)


def lines_of(records: Iterable[Json]) -> list[Line]:
    """Return records as the lines of a file that holds them; NaN is no JSON and becomes null.

    Raises:
        PredictionError: A record cannot be written as a JSON object, or there is none.
    """
    lines = []
    for number, record in enumerate(records, start=1):
        try:
            content = orjson.dumps(record, option=orjson.OPT_SERIALIZE_NUMPY)
        except orjson.JSONEncodeError as error:
            raise PredictionError(f"line {number}: this is no JSON ({error})") from error
        lines.append(Line(number, _parsed(number, content)))
    return _some(lines)


def judge(task: str, lines: Iterable[Line], schemas: Schemas) -> None:
    """Refuse lines that the task's schema does not accept.

    Raises:
        PredictionError: At the first such line.
    """
    kind = f"predictions/{task}"
    for line in lines:
        errors = [] if schemas.accepts(kind, line.record) else schemas.errors(kind, line.record)
        if errors:
            said = "; ".join(map(_explained, errors[:MOST_ERRORS]))
            rest = len(errors) - MOST_ERRORS
            raise PredictionError(f"line {line.number}: {said}" + (f" (and {rest} more)" if rest > 0 else ""))


def _explained(error: SchemaError) -> str:
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.path)
    return f"at {place.removeprefix('.')}: {error.message}" if place else error.message


def by_article(
    lines: Iterable[Line], articles: Mapping[str, Article], known: Iterable[str], view: str
) -> dict[str, Line]:
    """Return the line of each article that is scored.

    Args:
        lines: Lines that name an article.
        articles: The articles that are scored, by id.
        known: All articles of the corpus; lines of one that is not scored are passed over.
        view: The view whose texts ``articles`` have, for messages.

    Raises:
        PredictionError: An article is unknown or there twice, or was read in another text.
    """
    found: dict[str, Line] = {}
    names = set(known)
    for line in lines:
        name = line.record["article"]
        if name not in names:
            listed = ", ".join(sorted(names)[:10])
            raise PredictionError(
                f"line {line.number}: no article {_short(name)} in the corpus; it has: {listed}"
            )
        if name in found:
            raise PredictionError(
                f"line {line.number}: {_short(name)} is there again, as in line {found[name].number}: "
                "put all of an article's items into one line"
            )
        if name in articles:
            _check_text(line, articles[name], view)
            found[name] = line
    return found


def _check_text(line: Line, article: Article, view: str) -> None:
    given = line.record.get("article_sha256")
    if given is not None and given != article.sha256:
        other = "clean" if view == "raw" else "raw"
        raise PredictionError(
            f"line {line.number}: these predictions are of another text of {article.id}: article_sha256 "
            f"is {given[:12]}…, the {view} text has {article.sha256[:12]}…. Use --view {other} if they were "
            f"made on the {other} text, or the version of the data that they were made on"
        )


@dataclass
class SpanReader:
    """Reads the spans of one line; ``placer.how`` counts how words without offsets were found."""

    article: Article
    line: Line
    unit: str = UNITS[0]
    placer: Placer = field(init=False)

    def __post_init__(self) -> None:
        """Prepare for the article's text."""
        self.placer = Placer(self.article.text)
        self._convert = Converter(self.article.text, self.unit)
        self._pinned = "article_sha256" in self.line.record

    def flat(self, items: Sequence[Json]) -> list[Span]:
        """Return the span of each item of a list, which has it among its keys.

        Raises:
            PredictionError: Offsets are not those of the words, or outside the text.
        """
        cursor = self.placer.start()
        spans = []
        for item in map(self._loose, items):
            if isinstance(item, Span):
                cursor.pass_over(item, item.text)
            spans.append(item if isinstance(item, Span) else cursor.place(item))
        return spans

    def groups(self, items: Iterable[Sequence[Sequence[Json | str]]]) -> Iterator[list[list[Span]]]:
        """Yield the spans of each item of a list: its own, then those of each other role.

        Raises:
            PredictionError: As for ``flat``.
        """
        cursor = self.placer.start()
        for roles in items:
            own, *near = ([self._loose(span) for span in role] for role in roles)
            yield [self._joined(placed) for placed in cursor.place_group(own, near)]

    def _joined(self, spans: Sequence[Span]) -> list[Span]:
        """Return the spans of one role as they count: in order, words said twice once."""
        lost = [span for span in spans if is_unplaced(span)]
        return merged([span for span in spans if not is_unplaced(span)], self.article.text) + lost

    def _loose(self, item: Json | str) -> Loose:
        if isinstance(item, str) or "start" not in item:
            words: str = item if isinstance(item, str) else item["text"]
            if not words.strip():
                raise self._error("a span has only white space as its text")
            return words.strip()
        return self._span(item["start"], item["end"], item.get("text"))

    def _span(self, start: int, end: int, words: str | None) -> Span:
        begin, stop = self._convert.point(start), self._convert.point(end)
        if words is None and not self._pinned:
            raise self._error(
                f"the span {start}–{end} has no text, and the line no article_sha256: one of them must show "
                "which text the offsets count in"
            )
        if begin is None or stop is None or begin >= stop:
            raise self._error(self._misplaced(start, end, words))
        there = self.article.text[begin:stop]
        if words is not None and words != there:
            raise self._error(self._mismatch(start, end, words, there))
        return Span(begin, stop, there)

    def _misplaced(self, start: int, end: int, words: str | None) -> str:
        if start >= end:
            return f"the span {start}–{end} is empty: offsets are half-open, [start, end)"
        hint = self._other_unit(start, end, words)
        length = len(self.article.text)
        return hint or f"the span {start}–{end} is outside the text of {self.article.id} (0–{length})"

    def _mismatch(self, start: int, end: int, words: str, there: str) -> str:
        hint = self._other_unit(start, end, words)
        return hint or (
            f"the text of the span {start}–{end} is {_short(words)}, but there {self.article.id} has "
            f"{_short(there)}. Offsets count code points from 0, half-open, in the text of `retold inputs`"
        )

    def _other_unit(self, start: int, end: int, words: str | None) -> str | None:
        """Return what to do if the offsets are right in another unit."""
        for unit in UNITS:
            other = Converter(self.article.text, unit)
            begin, stop = other.point(start), other.point(end)
            if (
                unit != self.unit
                and words
                and self.article.text[begin:stop] == words
                and None not in (begin, stop)
            ):
                return f"the offsets {start}–{end} are in {unit}, not in {self.unit}: use --offsets {unit}"
        return None

    def _error(self, message: str) -> PredictionError:
        return PredictionError(f"line {self.line.number}: {message}")


def _some(lines: list[Line]) -> list[Line]:
    if not lines:
        raise PredictionError("there are no predictions: one JSON object a line is expected")
    return lines


def _parsed(number: int, content: bytes) -> Json:
    try:
        record = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise PredictionError(
            f"line {number}, column {error.colno}: no JSON ({error.msg}). A line holds one JSON object; "
            "NaN and Infinity are no JSON"
        ) from error
    if not isinstance(record, dict):
        raise PredictionError(f"line {number}: a JSON object is expected, not {_short(content.decode())}")
    return record


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")
