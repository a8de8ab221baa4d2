"""Which entity a tool means by a name: a speaker, a claimant.

A name is, in this order: the id of a registry entity; a Wikidata item; the name of an entity in the registry,
or words by which the annotated names and nominals of the corpus mean one entity and no other, a person's last
name among them. Case, white space, a determiner before it and a possessive behind it do not matter. A name
that is none of these counts as open, as it does in the gold: the registry has everybody whom the corpus
names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from retold.benchmark.gold import Gold

FORMS = ("name", "nominal")


class Names:
    """The names of the entities of a corpus."""

    def __init__(self, gold: Gold) -> None:
        """Collect the names."""
        self._ids = {name: entity.replaced_by or name for name, entity in gold.entities.items()}
        self._wikidata = {e.wikidata: self._ids[e.id] for e in gold.entities.values() if e.wikidata}
        self._names = {_folded(e.name): self._ids[e.id] for e in gold.entities.values()}
        meant: defaultdict[str, set[str]] = defaultdict(set)
        for words, entity in _mentioned(gold):
            meant[_folded(words)].add(entity)
        unambiguous = {words: next(iter(found)) for words, found in meant.items() if len(found) == 1}
        self._names = unambiguous | self._names

    def entity(self, name: str | None) -> str | None:
        """Return the id of the entity that is meant, ``None`` where it is open."""
        if name is None:
            return None
        return self._ids.get(name) or self._wikidata.get(name) or self._names.get(_folded(name))


def _mentioned(gold: Gold) -> Iterator[tuple[str, str]]:
    for article in gold.articles.values():
        for mention in article.mentions:
            if mention.form in FORMS and mention.entity is not None and mention.metonym_of is None:
                yield mention.span.text, mention.entity


def _folded(name: str) -> str:
    words = re.sub(r"\s+", " ", name.strip()).casefold()
    return re.sub(r"^(the|an?) |['’]s?$", "", words)
