"""Given parts of an article, such as sentences or blocks, as a prediction names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from retold.benchmark.predictions import PredictionError, SpanReader
from retold.records import Span

LEAST = 0.5

Json = dict[str, Any]


class PartReader:
    """Reads which part each item of a list is about."""

    def __init__(self, key: str, extents: Mapping[str, tuple[int, int]], reader: SpanReader) -> None:
        """Prepare for the parts of one article.

        Args:
            key: The key under which an item may have a part's id.
            extents: The parts by id, half-open offsets.
            reader: Reads the items that have words or offsets.
        """
        self._key = key
        self._extents = extents
        self._reader = reader

    def names(self, items: Sequence[Json]) -> list[str | None]:
        """Return the id of each item's part; ``None`` for words that are not half of any (Dice).

        Raises:
            PredictionError: A part is unknown or there twice, or a span is not one of the text.
        """
        loose = [item for item in items if self._key not in item]
        placed = iter(self._reader.flat(loose))
        names = [
            self._known(item[self._key]) if self._key in item else self._nearest(next(placed))
            for item in items
        ]
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise self._error(f"the {self._key} {name} is there twice")
            if name is not None:
                seen.add(name)
        return names

    def _known(self, name: str) -> str:
        if name not in self._extents:
            raise self._error(f"{self._reader.article.id} has no {self._key} {name!r}")
        return name

    def _nearest(self, span: Span) -> str | None:
        scores = {
            name: 2 * (min(end, span.end) - max(start, span.start)) / (end - start + span.end - span.start)
            for name, (start, end) in self._extents.items()
        }
        best = max(scores, key=lambda name: (scores[name], name), default=None)
        return best if best is not None and scores[best] >= LEAST else None

    def _error(self, message: str) -> PredictionError:
        return PredictionError(f"line {self._reader.line.number}: {message}")
