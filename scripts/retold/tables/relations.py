"""How canonical claims relate once their annotated relations are closed.

``entails`` is transitive. ``contradicts`` is symmetric and carried down along ``entails``: what entails a
claim contradicts whatever that claim contradicts, on both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from retold.records import CanonicalClaim, Relation


@dataclass(frozen=True, slots=True)
class PairRelation:
    """The relation of a first claim to a second; ``inferred`` if it follows through the closure only.

    ``type`` and ``level`` are those of the annotated contradiction that it follows from.
    """

    relation: str
    type: str | None = None
    level: str | None = None
    inferred: bool = False


EQUIVALENT = PairRelation("equivalent")
NEUTRAL = PairRelation("neutral")

Relations = dict[str, dict[str, PairRelation]]


def close(claims: Mapping[str, CanonicalClaim]) -> Relations:
    """Return, for each canonical claim, its relation to each other one that it has a relation to.

    The result holds both directions. Where claims both entail and contradict each other (which the
    checks refuse), ``entails`` stands.
    """
    relations: Relations = defaultdict(dict)
    stated = {claim.id: _targets(claim, "entails") for claim in claims.values()}
    entailed = {claim: _reachable(claim, stated) for claim in stated}
    for claim, others in entailed.items():
        for other in sorted(others):
            inferred = other not in stated[claim]
            relations[claim][other] = PairRelation("entails", inferred=inferred)
            relations[other].setdefault(claim, PairRelation("entailed_by", inferred=inferred))
    _carry_contradictions(claims, entailed, relations)
    return dict(relations)


def _carry_contradictions(
    claims: Mapping[str, CanonicalClaim], entailed: Mapping[str, set[str]], relations: Relations
) -> None:
    """Add the annotated contradictions, then those that follow from them, in the order of their ids."""
    bases = sorted(
        ((claim.id, relation) for claim in claims.values() for relation in _stated(claim, "contradicts")),
        key=lambda base: (base[0], base[1].to),
    )
    for claim, relation in bases:
        _contradict(relations, claim, relation.to, relation, inferred=False)
    narrower: defaultdict[str, list[str]] = defaultdict(list)
    for claim in sorted(entailed):
        for other in entailed[claim]:
            narrower[other].append(claim)
    for claim, relation in bases:
        for a in (claim, *narrower[claim]):
            for b in (relation.to, *narrower[relation.to]):
                _contradict(relations, a, b, relation, inferred=True)


def _contradict(relations: Relations, a: str, b: str, base: Relation, *, inferred: bool) -> None:
    if a != b:
        found = PairRelation("contradicts", base.type, base.level, inferred)
        relations[a].setdefault(b, found)
        relations[b].setdefault(a, found)


def _stated(claim: CanonicalClaim, relation: str) -> list[Relation]:
    return [stated for stated in claim.relations if stated.relation == relation]


def _targets(claim: CanonicalClaim, relation: str) -> set[str]:
    return {stated.to for stated in _stated(claim, relation)}


def _reachable(start: str, steps: Mapping[str, set[str]]) -> set[str]:
    """Return all that can be reached from ``start``, without ``start`` itself."""
    found: set[str] = set()
    todo = [start]
    while todo:
        for step in steps.get(todo.pop(), ()):
            if step not in found:
                found.add(step)
                todo.append(step)
    return found - {start}
