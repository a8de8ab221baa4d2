"""All rules of the audit, in the order in which their cases are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from retold.audit import coverage, parallels, propositions, variation
from retold.audit.cases import Case
from retold.audit.gold import Gold

Rule = Callable[[Gold], Iterator[Case]]

RULES: dict[str, Rule] = {
    "same-sentence": parallels.same_sentences,
    "similar-sentence": parallels.similar_sentences,
    "unmarked-name": variation.unmarked_names,
    "unmarked-words": variation.unmarked_words,
    "other-label": variation.other_labels,
    "unmarked-cue": variation.unmarked_cues,
    "number-not-in-spans": propositions.numbers,
    "entity-not-near": propositions.entities,
    "quote-without-claim": coverage.quotes_without_claim,
    "same-claim": coverage.same_claims,
}


def all_cases(gold: Gold, rules: tuple[str, ...] = ()) -> Iterator[Case]:
    """Yield the cases of the rules named, of all if none is."""
    for name, rule in RULES.items():
        if not rules or name in rules:
            yield from rule(gold)
