"""L4: the registries by themselves: ids, what entries refer to, the vocabulary of topics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from retold.checks.inputs import RegistryCheck, RegistryInput
from retold.findings import Finding, Pointer
from retold.records import CanonicalClaim, Entity, Utterance

Entries = Mapping[str, Entity] | Mapping[str, Utterance] | Mapping[str, CanonicalClaim]


def _ids(registries: RegistryInput, name: str) -> Iterator[Finding]:
    key = "code" if name == "topics" else "id"
    seen: set[str] = set()
    for number, item in enumerate(registries.documents[name][name]):
        if item[key] in seen:
            yield registries.find(name, "duplicate-id", (name, number, key), item[key])
        seen.add(item[key])


def _replacements(registries: RegistryInput, name: str, known: Entries) -> Iterator[Finding]:
    for number, item in enumerate(registries.documents[name][name]):
        if item["replaced_by"] is None:
            continue
        other = known.get(item["replaced_by"])
        if other is None or other.replaced_by is not None:
            values = {"id": item["id"], "replaced_by": item["replaced_by"]}
            yield registries.find(
                name, "bad-replacement", (name, number, "replaced_by"), item["id"], **values
            )


def _target(
    registries: RegistryInput,
    name: str,
    pointer: Pointer,
    item: str,
    target: tuple[str, str, Entries],
) -> Iterator[Finding]:
    """Check one reference; ``target``: the issue if unknown, the id, the registry that it should be in."""
    code, referred, known = target
    entry = known.get(referred)
    if entry is None:
        yield registries.find(name, code, pointer, item, **{code.removeprefix("unknown-"): referred})
    elif entry.replaced_by is not None:
        values = {"id": referred, "replaced_by": entry.replaced_by}
        yield registries.find(name, "retired-entry", pointer, item, **values)


def entity_registry(registries: RegistryInput) -> Iterator[Finding]:
    """Check ids, replacements and members of groups.

    Issues: duplicate-id, bad-replacement, unknown-entity, retired-entry, member-of-itself.
    """
    yield from _ids(registries, "entities")
    known = registries.registry.entities
    yield from _replacements(registries, "entities", known)
    for number, item in enumerate(registries.documents["entities"]["entities"]):
        if item["replaced_by"] is not None:
            continue
        for place, member in enumerate(item["members"]):
            pointer = ("entities", number, "members", place)
            if member == item["id"]:
                yield registries.find("entities", "member-of-itself", pointer, member)
            yield from _target(registries, "entities", pointer, item["id"], ("unknown-entity", member, known))


def utterance_registry(registries: RegistryInput) -> Iterator[Finding]:
    """Check ids and replacements of utterances.

    Issues: duplicate-id, bad-replacement.
    """
    yield from _ids(registries, "utterances")
    yield from _replacements(registries, "utterances", registries.registry.utterances)


def utterance_speakers(registries: RegistryInput) -> Iterator[Finding]:
    """Check the speakers of utterances.

    Issues: unknown-entity, retired-entry.
    """
    known = registries.registry.entities
    for number, item in enumerate(registries.documents["utterances"]["utterances"]):
        if item["speaker"] is not None and item["replaced_by"] is None:
            pointer = ("utterances", number, "speaker")
            target = ("unknown-entity", item["speaker"], known)
            yield from _target(registries, "utterances", pointer, item["id"], target)


def claim_registry(registries: RegistryInput) -> Iterator[Finding]:
    """Check ids, replacements and relations of canonical claims.

    Issues: duplicate-id, bad-replacement, unknown-canonical, retired-entry.
    """
    yield from _ids(registries, "claims")
    known = registries.registry.claims
    yield from _replacements(registries, "claims", known)
    for number, item in enumerate(registries.documents["claims"]["claims"]):
        if item["replaced_by"] is not None:
            continue
        for place, relation in enumerate(item["relations"]):
            pointer = ("claims", number, "relations", place, "to")
            target = ("unknown-canonical", relation["to"], known)
            yield from _target(registries, "claims", pointer, item["id"], target)


def topic_registry(registries: RegistryInput) -> Iterator[Finding]:
    """Check the topics against the vocabulary.

    Issues: duplicate-id, unknown-topic, retired-topic, topic-differs.
    """
    yield from _ids(registries, "topics")
    for number, item in enumerate(registries.documents["topics"]["topics"]):
        topic = registries.topics.get(item["code"])
        place: Pointer = ("topics", number)
        if topic is None:
            yield registries.find("topics", "unknown-topic", (*place, "code"), None, code=item["code"])
            continue
        if topic.retired is not None:
            values = {"code": topic.code, "label": topic.label, "retired": topic.retired}
            yield registries.find("topics", "retired-topic", (*place, "code"), None, **values)
        for key, expected in (("label", topic.label), ("broader", topic.broader)):
            if item[key] != expected:
                values = {"key": key, "found": repr(item[key]), "expected": repr(expected)}
                yield registries.find("topics", "topic-differs", (*place, key), item["code"], **values)


CHECKS = (
    RegistryCheck("L4", ("registry-entities",), entity_registry),
    RegistryCheck("L4", ("registry-utterances",), utterance_registry),
    RegistryCheck("L4", ("registry-utterances", "registry-entities"), utterance_speakers),
    RegistryCheck("L4", ("registry-claims",), claim_registry),
    RegistryCheck("L4", ("registry-topics",), topic_registry),
)
