"""The tasks: a module each, with its conventions, metrics and references in the docstring."""

from __future__ import annotations

from types import ModuleType

from retold.benchmark.tasks import (
    checkability,
    claim_relations,
    claims,
    coreference,
    entities,
    linking,
    quotes,
    topics,
    utterances,
)

TASKS: dict[str, ModuleType] = {
    module.NAME: module
    for module in (
        quotes,
        entities,
        coreference,
        linking,
        checkability,
        claims,
        claim_relations,
        utterances,
        topics,
    )
}
