"""The audit as text for readers and as JSON, in the form in which decisions are written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from retold.audit.cases import Case
from retold.audit.decisions import Audit
from retold.findings import shown


def as_text(audit: Audit) -> Iterator[str]:
    """Yield the open cases by rule, then a line of totals."""
    for rule, cases in groupby(audit.undecided, key=lambda case: case.rule):
        yield f"{rule}"
        for case in cases:
            yield from _case(case)
            yield f"    ? {shown(case.question)}"
    for case, decision in audit.faults:
        yield "known fault, not mended"
        yield from _case(case)
        yield f"    ! {shown(decision.why)}"
    yield (
        f"{len(audit.undecided)} undecided, {len(audit.faults)} known faults, "
        f"{audit.right} decided as right; {len(audit.past)} decided cases occur no more"
    )


def as_json(audit: Audit) -> dict[str, Any]:
    """Return the open cases; to decide an undecided one is to fill in ``decision`` and ``why``."""
    return {
        "undecided": [_entry(case) | {"decision": None, "why": None} for case in audit.undecided],
        "faults": [_entry(case) | {"decision": d.decision, "why": d.why} for case, d in audit.faults],
        "right": audit.right,
        "past": [decision.key for decision in audit.past],
    }


def _case(case: Case) -> Iterator[str]:
    yield f"  {case.key}  {shown(case.words)}"
    for place in case.places:
        yield f"    {place.item}: {shown(place.gold)}"
        yield f"      {shown(place.text)}"


def _entry(case: Case) -> dict[str, Any]:
    return {
        "key": case.key,
        "rule": case.rule,
        "words": case.words,
        "items": [place.item for place in case.places],
        "gold": [place.gold for place in case.places],
        "texts": [place.text for place in case.places],
        "question": case.question,
    }
