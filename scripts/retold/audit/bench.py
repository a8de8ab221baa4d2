"""A corpus as parsed files, and edits of it that can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from retold.layout import LAYERS, REGISTRIES, Layout
from retold.reader import read_json, read_text
from retold.tokens import tokenize

Json = dict[str, Any]
AFTER_PHRASES = frozenset(
    ("of", "to", "for", "in", "on", "as", "is", "was", "will", "has", "and", "that", "with")
)
Place = tuple[str, ...]  # keys that lead from a document to one of its lists


@dataclass(frozen=True, slots=True)
class Edit:
    """One item of one list put in another's place; ``None`` before is an insertion, after a removal.

    ``path`` is relative to the root, with ``/``; ``place`` leads to the list; ``index`` counts from 0.
    ``item`` is the id that a reader can name, ``None`` where the reader sees none (it was removed).
    ``sentence`` is the id of the sentence (or block, or registry entry) where the error shows.
    """

    layer: str
    kind: str
    path: str
    place: Place
    index: int
    before: Json | None
    after: Json | None
    item: str | None
    sentence: str


class Bench:
    """The files of a corpus, in memory; changed only by ``apply`` and ``undo``."""

    def __init__(self, layout: Layout) -> None:
        """Read all annotation files, which must be valid."""
        self.articles = tuple(folder.name for folder in layout.article_folders())
        self.texts = {article: read_text(layout.text(article)) for article in self.articles}
        paths = [layout.layer(article, layer) for article in self.articles for layer in LAYERS]
        paths += [layout.registry(name) for name in REGISTRIES]
        self.documents = {path.relative_to(layout.root).as_posix(): read_json(path) for path in paths}

    def layer(self, article: str, layer: str) -> Json:
        """Return one of an article's documents."""
        return self.documents[layer_path(article, layer)]

    def registry(self, name: str) -> Json:
        """Return one of the registries."""
        return self.documents[registry_path(name)]

    def items(self, path: str, place: Place) -> list[Json]:
        """Return the list at a place of a document."""
        found: Any = self.documents[path]
        for key in place:
            found = found[key]
        items: list[Json] = found
        return items

    @cached_property
    def tokens(self) -> dict[str, list[tuple[int, int]]]:
        """Offsets of the tokens of each article."""
        return {article: tokenize(text) for article, text in self.texts.items()}

    def sentences(self, article: str) -> Iterator[Json]:
        """Yield the sentences of an article."""
        for block in self.layer(article, "segments")["blocks"]:
            yield from block["sentences"]

    def sentence_at(self, article: str, offset: int) -> Json:
        """Return the sentence that holds an offset, or the last one before it."""
        return max(
            (sentence for sentence in self.sentences(article) if sentence["start"] <= offset),
            key=lambda sentence: int(sentence["start"]),
        )

    def apply(self, edit: Edit) -> None:
        """Make an edit."""
        self._put(edit, edit.before, edit.after)

    def undo(self, edit: Edit) -> None:
        """Take back the latest edit that has not been taken back."""
        self._put(edit, edit.after, edit.before)

    def _put(self, edit: Edit, old: Json | None, new: Json | None) -> None:
        items = self.items(edit.path, edit.place)
        if old is not None and items[edit.index] != old:
            raise ValueError(f"{edit.path}: {edit.place} {edit.index} is not what the edit was made for")
        items[edit.index : edit.index + (old is not None)] = [] if new is None else [deepcopy(new)]

    def phrases(self, article: str, first: str) -> Iterator[tuple[int, int]]:
        """Yield the stretches of a word ``first`` and another one after which a noun phrase may end."""
        text, tokens = self.texts[article], self.tokens[article]
        words = [text[start:end].casefold() for start, end in tokens]
        for at in range(len(tokens) - 2):
            ends = not words[at + 2].isalpha() or words[at + 2] in AFTER_PHRASES
            if words[at] == first and words[at + 1].isalpha() and ends:
                yield tokens[at][0], tokens[at + 1][1]


def layer_path(article: str, layer: str) -> str:
    """Return the path of a layer, relative to the root."""
    return f"annotations/{article}/{layer}.json"


def registry_path(name: str) -> str:
    """Return the path of a registry, relative to the root."""
    return f"annotations/_registry/{name}.json"
