"""What readers decided about the cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from retold.audit.cases import Case

RIGHT, MENDED, FAULT = "right", "mended", "fault"
KEYS = frozenset(("key", "rule", "words", "items", "decision", "why"))


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a case.

    ``decision`` is ``right`` (the gold stands), ``fault`` (it is wrong and awaits mending) or ``mended``.
    """

    key: str
    rule: str
    decision: str
    why: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The cases of a corpus, sorted by what is known of them.

    ``undecided`` and ``faults`` are open; ``past`` are decisions on cases that occur no more.
    """

    undecided: tuple[Case, ...]
    faults: tuple[tuple[Case, Decision], ...]
    right: int
    past: tuple[Decision, ...]

    @property
    def clean(self) -> bool:
        """Whether every case has been answered and no known fault stands."""
        return not (self.undecided or self.faults)


def parse_decisions(document: Any, rules: Collection[str]) -> dict[str, Decision]:  # noqa: ANN401 (parsed JSON)
    """Return the decisions of a ``decided.json`` by key.

    Raises:
        ValueError: The document has not the form ``{"decided": [{key, rule, words, items, decision, why}]}``;
            the message says where.
    """
    if not isinstance(document, dict) or not isinstance(document.get("decided"), list):
        raise ValueError('an object with the list "decided" is expected')
    decisions: dict[str, Decision] = {}
    for number, item in enumerate(document["decided"], 1):
        fault = _fault(item, rules)
        if fault is None and item["key"] in decisions:
            fault = f"the key {item['key']} stands twice"
        if fault is not None:
            raise ValueError(f"entry {number} of decided: {fault}")
        decisions[item["key"]] = Decision(*(item[name] for name in ("key", "rule", "decision", "why")))
    return decisions


def sort_cases(cases: Iterable[Case], decisions: Mapping[str, Decision]) -> Audit:
    """Sort cases by what was decided about them; a case mended that still occurs is undecided again."""
    undecided: list[Case] = []
    faults: list[tuple[Case, Decision]] = []
    met: set[str] = set()
    right = 0
    for case in cases:
        decision = decisions.get(case.key)
        met.add(case.key)
        if decision is None or decision.decision == MENDED:
            undecided.append(case)
        elif decision.decision == FAULT:
            faults.append((case, decision))
        else:
            right += 1
    past = tuple(decision for key, decision in decisions.items() if key not in met)
    return Audit(tuple(undecided), tuple(faults), right, past)


def _fault(item: object, rules: Collection[str]) -> str | None:
    if not isinstance(item, dict) or set(item) != KEYS:
        return f"an object with the keys {', '.join(sorted(KEYS))} is expected"
    if not all(isinstance(item[name], str) and item[name].strip() for name in KEYS - {"items"}):
        return "key, rule, words, decision and why are texts that are not empty"
    if not isinstance(item["items"], list) or not all(isinstance(name, str) for name in item["items"]):
        return "items is a list of ids"
    if item["rule"] not in rules:
        return f"there is no rule {item['rule']!r}; the rules are {', '.join(rules)}"
    if item["decision"] not in (RIGHT, MENDED, FAULT):
        return f"decision is {RIGHT}, {MENDED} or {FAULT}, not {item['decision']!r}"
    return None
