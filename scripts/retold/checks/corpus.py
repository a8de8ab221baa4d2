"""L5: rules over all articles that concern no single layer's alignment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from retold.checks.inputs import CorpusCheck, CorpusInput
from retold.findings import Finding, Pointer, finding


def entity_uses(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that each living entity is mentioned, speaks, claims or is a member of a group.

    Issues: unused-entry, same-wikidata.
    """
    entities = corpus.registry.entities.values()
    used = set(corpus.facts.used["entities"])
    used |= {member for entity in entities for member in entity.members if entity.replaced_by is None}
    items: dict[str, str] = {}
    for number, entity in enumerate(entities):
        if entity.replaced_by is not None:
            continue
        pointer: Pointer = ("entities", number)
        if entity.id not in used:
            yield corpus.registries.find("entities", "unused-entry", (*pointer, "id"), entity.id)
        if entity.wikidata is not None and entity.wikidata in items:
            values = {"wikidata": entity.wikidata, "other": items[entity.wikidata]}
            place = (*pointer, "wikidata")
            yield corpus.registries.find("entities", "same-wikidata", place, entity.id, **values)
        items.setdefault(entity.wikidata or "", entity.id)


def utterance_uses(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that each living utterance is told.

    Issues: unused-entry.
    """
    for number, utterance in enumerate(corpus.registry.utterances.values()):
        if utterance.replaced_by is None and utterance.id not in corpus.facts.used["utterances"]:
            pointer = ("utterances", number, "id")
            yield corpus.registries.find("utterances", "unused-entry", pointer, utterance.id)


def claim_uses(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that each living canonical claim is made by a claim or related to another one.

    Issues: unused-entry.
    """
    related = {relation.to for claim in corpus.registry.claims.values() for relation in claim.relations}
    used = corpus.facts.used["claims"] | related
    for number, claim in enumerate(corpus.registry.claims.values()):
        if claim.replaced_by is None and claim.id not in used and not claim.relations:
            yield corpus.registries.find("claims", "unused-entry", ("claims", number, "id"), claim.id)


def topic_uses(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that each topic of the registry is in use.

    Issues: unused-entry.
    """
    for number, code in enumerate(corpus.registry.topics):
        if code not in corpus.facts.used["topics"]:
            yield corpus.registries.find("topics", "unused-entry", ("topics", number, "code"), code)


def same_text(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that sentences of the same text have the same label, or a note that says why not.

    Issues: same-text-other-label.
    """
    ids = corpus.facts.articles
    for first, use in corpus.facts.labels.differing(ids):
        values = {"label": _label(use.checkability, use.reason), "other": first.sentence}
        values["expected"] = _label(first.checkability, first.reason)
        pointer: Pointer = ("sentences", use.place, "checkability")
        path = corpus.paths("claims", ids[use.article])
        yield finding("same-text-other-label", path, pointer, use.sentence, **values)


def _label(checkability: str, reason: str | None) -> str:
    return f"{checkability} ({reason})" if reason else checkability


def splits(corpus: CorpusInput) -> Iterator[Finding]:
    """Check that the splits and the folds each hold every article once.

    Issues: split-unknown-article, split-missing-article, split-repeated-article.
    """
    named = {
        "splits": [
            (("splits", split, number), article)
            for split, articles in corpus.splits["splits"].items()
            for number, article in enumerate(articles)
        ],
        "folds": [
            (("folds", fold, number), article)
            for fold, articles in enumerate(corpus.splits["folds"])
            for number, article in enumerate(articles)
        ],
    }
    known = frozenset(corpus.facts.articles)
    for name, places in named.items():
        counts: Counter[str] = Counter()
        for pointer, article in places:
            counts[article] += 1
            if article not in known:
                yield corpus.find_split("split-unknown-article", pointer, None, article=article, name=name)
            elif counts[article] > 1:
                yield corpus.find_split("split-repeated-article", pointer, None, article=article, name=name)
        for article in corpus.facts.articles:
            if article not in counts:
                yield corpus.find_split("split-missing-article", (name,), None, article=article, name=name)


CHECKS = (
    CorpusCheck("L5", ("quotes", "entities", "claims", "registry-entities"), entity_uses),
    CorpusCheck("L5", ("quotes", "registry-utterances"), utterance_uses),
    CorpusCheck("L5", ("claims", "registry-claims"), claim_uses),
    CorpusCheck("L5", ("topics", "registry-topics"), topic_uses),
    CorpusCheck("L5", ("claims", "segments"), same_text),
    CorpusCheck("L5", ("splits",), splits),
)
