"""Baseline ``minilm-mismatch``: how two propositions relate, by their likeness and by what differs in it.

In this order: alike but for a negation or for the numbers is ``contradicts``; one that has all content
words of the other and more ``entails`` it; alike is ``equivalent``; all else is neutral. Alike means a
cosine of MiniLM embeddings of at least ``embedding.SAME``, a default of a library that no data here have
touched. Negation and numbers as signs of contradiction: de Marneffe, Rafferty and Manning, *Finding
Contradictions in Text*, 2008; word containment as a sign of entailment: Dagan, Glickman and Magnini, *The
PASCAL RTE Challenge*, 2006.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retold.baselines.embedding import SAME, encoder
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:[’'][^\W\d_]+)*")
_NEGATION = frozenset(("cannot", "neither", "never", "no", "none", "nor", "not", "without"))
_COUNTED = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred"
_NUMERALS = frozenset(_COUNTED.split())


@dataclass(frozen=True, slots=True)
class Sense:
    """What is compared of a proposition, beside its embedding."""

    words: frozenset[str]
    numbers: frozenset[str]
    negated: bool


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each pair with its relation."""
    records = list(inputs(task, gold))
    texts = sorted({record[f"proposition_{side}"] for record in records for side in "ab"})
    sense = {text: sense_of(text) for text in texts}
    row = dict(zip(texts, encoder()(texts), strict=True)) if texts else {}
    for record in records:
        a, b = record["proposition_a"], record["proposition_b"]
        alike = round(float(row[a] @ row[b]), 4) >= SAME
        yield {"a": record["a"], "b": record["b"], "relation": relation(sense[a], sense[b], alike=alike)}


def relation(a: Sense, b: Sense, *, alike: bool) -> str:
    """Return the relation of one proposition to another."""
    other_numbers = bool(a.numbers and b.numbers and a.numbers != b.numbers)
    if other_numbers or a.negated != b.negated:
        return "contradicts" if alike else "neutral"
    if a.words > b.words:
        return "entails"
    if b.words > a.words:
        return "entailed_by"
    return "equivalent" if alike else "neutral"


def sense_of(proposition: str) -> Sense:
    """Return what is compared; content words are those that are not on scikit-learn's list of stop words."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 (an extra, and slow)

    words = [word.replace("’", "'") for word in _WORD.findall(proposition.casefold())]
    return Sense(
        words=frozenset(word.removesuffix("'s") for word in words if word not in ENGLISH_STOP_WORDS),
        numbers=frozenset(word for word in words if word[0].isdigit() or word in _NUMERALS),
        negated=any(word in _NEGATION or word.endswith("n't") for word in words),
    )
