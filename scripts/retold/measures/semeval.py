"""Entity scores as SemEval-2013 task 9.1 defines them.

Segura-Bedmar, Martínez and Herrero-Zazo, *SemEval-2013 Task 9: Extraction of Drug-Drug Interactions from
Biomedical Texts*, 2013, after MUC-5 (Chinchor and Sundheim 1993). A prediction is matched with at most one
gold item that it overlaps. ``strict`` asks for the same extent and type, ``exact`` for the same extent,
``type`` for the same type, ``partial`` for nothing more, and counts half where the extents differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retold.measures.assignment import one_to_one

SCHEMES = ("strict", "exact", "partial", "type")
_BUCKET = 64  # characters; only items that share a bucket are compared


@dataclass(frozen=True, slots=True)
class Labelled:
    """A half-open extent with the labels that are right for it; a predicted one has one label."""

    start: int
    end: int
    labels: tuple[str, ...]

    def same_extent(self, other: Labelled) -> bool:
        """Return whether both have the same extent."""
        return (self.start, self.end) == (other.start, other.end)

    def same_label(self, other: Labelled) -> bool:
        """Return whether they share a label."""
        return not set(self.labels).isdisjoint(other.labels)


def match(expected: Sequence[Labelled], found: Sequence[Labelled]) -> list[tuple[int, int]]:
    """Match overlapping items one to one, as pairs of positions (expected, found), sorted.

    As many as possible have the same extent and label, then the same extent, then the same label; then the
    shared part is as great as possible.

    Raises:
        MissingExtraError: SciPy is not installed.
    """
    return one_to_one({(i, j): _weight(expected[i], found[j]) for i, j in _neighbours(expected, found)})


def credit(scheme: str, expected: Labelled, found: Labelled) -> float:
    """Return what a matched prediction counts under one of ``SCHEMES``: 1.0, 0.5 or 0.0."""
    same, labelled = expected.same_extent(found), expected.same_label(found)
    match scheme:
        case "strict":
            return float(same and labelled)
        case "exact":
            return float(same)
        case "partial":
            return 1.0 if same else 0.5
        case _:
            return float(labelled)


def _weight(a: Labelled, b: Labelled) -> float:
    same, labelled = a.same_extent(b), a.same_label(b)
    shared = min(a.end, b.end) - max(a.start, b.start)
    overlap = 2 * shared / (a.end - a.start + b.end - b.start)
    return 1e9 * (same and labelled) + 1e6 * same + 1e3 * labelled + overlap if shared > 0 else 0.0


def _neighbours(a: Sequence[Labelled], b: Sequence[Labelled]) -> Iterator[tuple[int, int]]:
    """Yield, perhaps more than once, the positions of items that may overlap."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    for number, item in enumerate(b):
        for place in _places(item):
            places[place].append(number)
    for number, item in enumerate(a):
        for place in _places(item):
            yield from ((number, other) for other in places.get(place, ()))


def _places(item: Labelled) -> range:
    return range(item.start // _BUCKET, (item.end - 1) // _BUCKET + 1)
