"""How canonical claims relate once their annotated relations are closed.

``entails`` is transitive. ``contradicts`` is symmetric and carried down along ``entails``: what entails a
claim contradicts whatever that claim contradicts, on both sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from retold.checks.alignment import entailed_by
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

_ENTAILS = tuple(PairRelation("entails", inferred=inferred) for inferred in (False, True))
_ENTAILED_BY = tuple(PairRelation("entailed_by", inferred=inferred) for inferred in (False, True))

Relations = dict[str, dict[str, PairRelation]]


def close(claims: Mapping[str, CanonicalClaim]) -> Relations:
    """Return, for each canonical claim, its relation to each other one that it has a relation to.

    The result holds both directions. Where claims both entail and contradict each other (which the
    checks refuse), ``entails`` stands.
    """
    relations: Relations = defaultdict(dict)
    stated = {claim.id: claim.relations for claim in claims.values() if claim.relations}
    targets = {
        claim: {item.to for item in items if item.relation == "entails"} for claim, items in stated.items()
    }
    entailed = {claim: entailed_by(targets, claim) - {claim} for claim, others in targets.items() if others}
    for claim, others in entailed.items():
        for other in sorted(others):
            inferred = other not in targets[claim]
            relations[claim][other] = _ENTAILS[inferred]
            relations[other].setdefault(claim, _ENTAILED_BY[inferred])
    _carry_contradictions(stated, entailed, relations)
    return dict(relations)


def _carry_contradictions(
    stated: Mapping[str, Sequence[Relation]], entailed: Mapping[str, set[str]], relations: Relations
) -> None:
    """Add the annotated contradictions, then those that follow from them, in the order of their ids."""
    bases = sorted(
        (
            (claim, item)
            for claim, items in stated.items()
            for item in items
            if item.relation == "contradicts"
        ),
        key=lambda base: (base[0], base[1].to),
    )
    for claim, item in bases:
        _contradict(relations, [claim], [item.to], PairRelation("contradicts", item.type, item.level))
    narrower: defaultdict[str, list[str]] = defaultdict(list)
    for claim in sorted(entailed):
        for other in entailed[claim]:
            narrower[other].append(claim)
    for claim, item in bases:
        follows = PairRelation("contradicts", item.type, item.level, inferred=True)
        _contradict(
            relations, [claim, *narrower.get(claim, ())], [item.to, *narrower.get(item.to, ())], follows
        )


def _contradict(
    relations: Relations, claims: Sequence[str], others: Sequence[str], found: PairRelation
) -> None:
    for a, b in product(claims, others):
        if a != b:
            relations[a].setdefault(b, found)
            relations[b].setdefault(a, found)
