"""The passes: whole annotations of the corpus, each read from its own folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from retold.layout import Layout
from retold.reader import Json, parse_registry, read_article, read_json
from retold.records import Article, CanonicalClaim, Entity, Registry, Utterance

GOLD = "gold"
SHARED = ("entities", "topics")
OWN = ("claims", "utterances")  # registries that a pass brings itself, or does not
_NONE: dict[str, Json] = {"claims": {"claims": [], "near_misses": []}, "utterances": {"utterances": []}}


@dataclass(frozen=True, slots=True)
class Pass:
    """One annotation; ``articles`` are keyed and sorted by id, ``own`` names the registries it brings."""

    name: str
    articles: dict[str, Article]
    registry: Registry
    own: frozenset[str]

    def entity(self, entity: str | None) -> str | None:
        """Return the entity that stands for this one now."""
        return current(entity, self.registry.entities)

    def canonical(self, claim: str | None) -> str | None:
        """Return the canonical claim that stands for this one now."""
        return current(claim, self.registry.claims)

    def utterance(self, utterance: str) -> str | None:
        """Return the utterance that stands for this one now."""
        return current(utterance, self.registry.utterances)


def current(name: str | None, entries: Mapping[str, Entity | CanonicalClaim | Utterance]) -> str | None:
    """Return the id that stands for this one now: retired ids lead to what replaced them."""
    seen: set[str] = set()
    while name is not None and name not in seen and name in entries:
        seen.add(name)
        name = entries[name].replaced_by or name
    return name


def layouts(corpus: Layout) -> dict[str, Layout]:
    """Return where each pass lies, the gold first, then by name."""
    return {GOLD: corpus} | {own.annotations.name: own for own in corpus.passes()}


def pass_files(corpus: Layout, name: str) -> Iterator[Path]:
    """Yield the files that make up a pass, shared registries included; those of articles may be missing.

    Raises:
        KeyError: There is no such pass.
    """
    layout = layouts(corpus)[name]
    for registry in SHARED:
        yield corpus.registry(registry)
    for registry in OWN:
        if layout.registry(registry).is_file():
            yield layout.registry(registry)
    for folder in layout.article_folders():
        yield from (corpus.text(folder.name), corpus.metadata(folder.name))
        yield from (layout.layer(folder.name, layer) for layer in layout.layers)


def read_pass(corpus: Layout, name: str) -> Pass:
    """Read a pass, whose files must have passed levels L1 and L2.

    Raises:
        KeyError: There is no such pass.
    """
    layout = layouts(corpus)[name]
    own = frozenset(registry for registry in OWN if layout.registry(registry).is_file())
    documents = {registry: read_json(corpus.registry(registry)) for registry in SHARED}
    documents |= {
        registry: read_json(layout.registry(registry)) if registry in own else _NONE[registry]
        for registry in OWN
    }
    articles = {folder.name: read_article(layout, folder.name) for folder in layout.article_folders()}
    return Pass(name, articles, parse_registry(documents), own)


def files_digest(corpus: Layout, files: Iterable[Path]) -> str:
    """Return a SHA-256 over the names and contents of files."""
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{content}  {path.relative_to(corpus.root).as_posix()}\n".encode())
    return digest.hexdigest()


def common_articles(a: Pass, b: Pass) -> list[tuple[Article, Article]]:
    """Return the articles that both passes have, sorted by id."""
    return [(article, b.articles[name]) for name, article in a.articles.items() if name in b.articles]
