"""L5: what the articles share is told, related and used as the registries say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from retold.checks.inputs import CorpusCheck, CorpusInput
from retold.findings import Finding, Pointer
from retold.records import CanonicalClaim

REFERENCE = "reference"


def utterances(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that each living utterance is told twice and has one reference, the one that it names.

    Issues: utterance-told-once, utterance-reference.
    """
    for number, utterance in enumerate(corpus.registry.utterances.values()):
        told = corpus.facts.tellings.get(utterance.id, [])
        if utterance.replaced_by is not None or not told:
            continue
        pointer: Pointer = ("utterances", number)
        if len(told) == 1:
            yield corpus.registries.find(
                "utterances", "utterance-told-once", (*pointer, "id"), utterance.id, quote=told[0].quote
            )
        references = [telling.quote for telling in told if telling.rendering == REFERENCE]
        if references != [utterance.reference]:
            values = {"named": str(utterance.reference), "found": ", ".join(references) or "none"}
            place = (*pointer, "reference")
            yield corpus.registries.find("utterances", "utterance-reference", place, utterance.id, **values)


def relations(corpus: CorpusInput) -> Iterator[Finding]:
    """Check relations of canonical claims one by one.

    Issues: relation-to-itself, relation-repeated, contradiction-misplaced.
    """
    for number, claim in enumerate(corpus.registry.claims.values()):
        seen: set[str] = set()
        for place, relation in enumerate(claim.relations):
            pointer = ("claims", number, "relations", place, "to")
            if relation.to == claim.id:
                yield corpus.registries.find("claims", "relation-to-itself", pointer, claim.id)
            elif relation.to in seen:
                yield corpus.registries.find("claims", "relation-repeated", pointer, claim.id, to=relation.to)
            elif relation.relation == "contradicts" and relation.to < claim.id:
                yield corpus.registries.find(
                    "claims", "contradiction-misplaced", pointer, claim.id, to=relation.to
                )
            seen.add(relation.to)


def entailments(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that ``entails`` has no circle and that nothing entails what it contradicts.

    Issues: entails-circle, entails-contradiction.
    """
    claims = corpus.registry.claims
    steps = {claim.id: to for claim in claims.values() if (to := _entails(claim))}
    for number, claim in enumerate(claims.values()):
        if not claim.relations:
            continue
        pointer: Pointer = ("claims", number, "relations")
        entailed = entailed_by(steps, claim.id)
        if claim.id in entailed:
            yield corpus.registries.find("claims", "entails-circle", pointer, claim.id)
            continue
        for place, relation in enumerate(claim.relations):
            if relation.relation != "contradicts" or relation.to not in claims:
                continue
            if relation.to in entailed or claim.id in entailed_by(steps, relation.to):
                where = (*pointer, place, "to")
                yield corpus.registries.find(
                    "claims", "entails-contradiction", where, claim.id, to=relation.to
                )


def _entails(claim: CanonicalClaim) -> set[str]:
    """Return the canonical claims of which the registry says that one entails them, itself left out."""
    return {relation.to for relation in claim.relations if relation.relation == "entails"} - {claim.id}


def entailed_by(steps: Mapping[str, set[str]], claim: str) -> set[str]:
    """Return all canonical claims that follow from one; it is among them if there is a circle through it."""
    found: set[str] = set()
    waiting = [claim]
    while waiting:
        new = steps.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def canonical_uses(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that a canonical claim is shared by claims or related to another one.

    Issues: lonely-canonical.
    """
    uses = corpus.facts.canonicals
    related = {relation.to for claim in corpus.registry.claims.values() for relation in claim.relations}
    for number, claim in enumerate(corpus.registry.claims.values()):
        if uses[claim.id] == 1 and not claim.relations and claim.id not in related:
            yield corpus.registries.find("claims", "lonely-canonical", ("claims", number, "id"), claim.id)


def near_misses(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that near misses name two claims that are neutral, each pair once.

    Issues: near-miss-unknown, near-miss-related, near-miss-repeated.
    """
    named = corpus.registries.named_claims
    canonicals: dict[str, str | None] = {claim: claim for claim in corpus.registry.claims if claim in named}
    canonicals |= corpus.facts.named
    related = {
        frozenset((claim.id, relation.to))
        for claim in corpus.registry.claims.values()
        for relation in claim.relations
    }
    seen: set[frozenset[str]] = set()
    for number, miss in enumerate(corpus.registry.near_misses):
        pointer: Pointer = ("near_misses", number)
        unknown = [key for key in ("a", "b") if getattr(miss, key) not in canonicals]
        for key in unknown:
            value = getattr(miss, key)
            yield corpus.registries.find("claims", "near-miss-unknown", (*pointer, key), None, claim=value)
        if unknown:
            continue
        ends = frozenset(canonicals[claim] or claim for claim in (miss.a, miss.b))
        values = {"a": miss.a, "b": miss.b}
        if len(ends) == 1 or ends in related:
            yield corpus.registries.find("claims", "near-miss-related", pointer, None, **values)
        if frozenset((miss.a, miss.b)) in seen:
            yield corpus.registries.find("claims", "near-miss-repeated", pointer, None, **values)
        seen.add(frozenset((miss.a, miss.b)))


CHECKS = (
    CorpusCheck("L5", ("quotes", "registry-utterances"), utterances),
    CorpusCheck("L5", ("registry-claims",), relations),
    CorpusCheck("L5", ("registry-claims",), entailments),
    CorpusCheck("L5", ("claims", "registry-claims"), canonical_uses),
    CorpusCheck("L5", ("claims", "registry-claims"), near_misses),
)
