"""What a rule of the audit reports: a case, to be decided by reading.

A case is no fault: it is a place where a fault would show. Its key stays the same while the annotation
that it speaks of stays the same, so that a decision about it is asked for once, and again when the
annotation changes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case shows.

    ``item`` is the id of an annotated item, or of a sentence with ``#n`` for the n-th time, from 1, that
    the words stand in it. ``text`` is what stands there, ``gold`` what the annotation says of it.
    """

    item: str
    text: str
    gold: str


@dataclass(frozen=True, slots=True)
class Case:
    """A place, or several side by side, and the question that a reader is to answer."""

    rule: str
    words: str
    places: tuple[Place, ...]
    question: str

    @property
    def key(self) -> str:
        """The case's name: a hash of rule, words, ids and what the gold says; never of offsets."""
        parts = [self.rule, self.words, [(place.item, place.gold) for place in self.places]]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:12]
