"""What the makers of errors are made of: choosing an item, changing it, saying where it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from retold.audit.bench import Bench, Edit, Json, layer_path, registry_path

# list of items -> the layer whose file holds it
LAYER_OF = {
    "mentions": "entities",
    "quotes": "quotes",
    "claims": "claims",
    "sentences": "claims",
    "block_topics": "topics",
}
RELATIONS = "relations"  # of canonical claims, in the registry
UNCOPIED = frozenset(("note", "votes", "before"))  # what an item says of itself alone

Change = Callable[[Json], bool]  # changes an item in place and says whether it could


@dataclass(frozen=True)
class Draft:
    """A chance and an article to make an error in."""

    rng: Random
    bench: Bench
    article: str

    @property
    def text(self) -> str:
        """The article's text."""
        return self.bench.texts[self.article]

    def items(self, name: str) -> list[Json]:
        """Return the article's items of one sort."""
        return self.bench.items(layer_path(self.article, LAYER_OF[name]), (name,))

    def values(self, name: str, key: str) -> list[str]:
        """Return the values that items of all articles have under a key, sorted, without ``None``."""
        found = (
            item[key]
            for article in self.bench.articles
            for item in self.bench.layer(article, LAYER_OF[name])[name]
        )
        return sorted({value for value in found if value})

    def span(self, start: int, end: int) -> Json:
        """Return a span as the files have it."""
        return {"text": self.text[start:end], "start": start, "end": end}

    def model(self, items: Sequence[Json]) -> Json:
        """Return a copy of one of the items, without what it says of itself alone."""
        return {k: deepcopy(v) for k, v in self.rng.choice(items).items() if k not in UNCOPIED}

    def removed(self, name: str, fits: Callable[[Json], bool]) -> Edit | None:
        """Draft the removal of one of the items that fit."""
        items = self.items(name)
        choices = [index for index, item in enumerate(items) if fits(item)]
        if not choices:
            return None
        index = self.rng.choice(choices)
        before, path = deepcopy(items[index]), layer_path(self.article, LAYER_OF[name])
        return Edit(name, "missing", path, (name,), index, before, None, None, self._shows_at(before))

    def inserted(self, name: str, item: Json) -> Edit:
        """Draft the insertion of an item beside others, under a new id, at its place in text order."""
        items = self.items(name)
        stem, _, tail = str(items[0]["id"]).rpartition("-")
        used = {int(other["id"].rpartition("-")[2][1:]) for other in items}
        number = unused_number(self.rng, used, max(len(str(max(used))), len(tail) - 1))
        item = {**deepcopy(item), "id": f"{stem}-{tail[0]}{number}"}
        index = sum(_begins(other) <= _begins(item) for other in items)
        path = layer_path(self.article, LAYER_OF[name])
        return Edit(name, "spurious", path, (name,), index, None, item, item["id"], self._shows_at(item))

    def changed(self, name: str, kind: str, change: Change) -> Edit | None:
        """Draft a change of one of the article's items."""
        drafted = self._drafted(self.items(name), change)
        if drafted is None:
            return None
        index, before, after = drafted
        path = layer_path(self.article, LAYER_OF[name])
        item = next(before[key] for key in ("id", "sentence", "block") if key in before)
        return Edit(name, kind, path, (name,), index, before, after, item, self._shows_at(before))

    def changed_relations(self, kind: str, change: Change) -> Edit | None:
        """Draft a change of a canonical claim, of whatever article."""
        path, place = registry_path("claims"), ("claims",)
        drafted = self._drafted(self.bench.items(path, place), change)
        if drafted is None:
            return None
        index, before, after = drafted
        return Edit(RELATIONS, kind, path, place, index, before, after, before["id"], before["id"])

    def relabelled(self, item: Json, key: str, labels: Sequence[Any]) -> bool:
        """Give a key another of the labels; ``False`` if there is none."""
        others = [label for label in labels if label != item[key]]
        if others:
            item[key] = self.rng.choice(others)
        return bool(others)

    def moved(self, span: Json) -> bool:
        """Move one edge of a span by a token, inside its sentence; ``False`` where none can be moved."""
        tokens = self.bench.tokens[self.article]
        sentence = self.bench.sentence_at(self.article, span["start"])
        starts, ends = [start for start, _ in tokens], [end for _, end in tokens]
        if span["start"] not in starts or span["end"] not in ends:
            return False
        first, last = starts.index(span["start"]), ends.index(span["end"])
        choices = [(first - 1, last), (first + 1, last), (first, last - 1), (first, last + 1)]
        fitting = [
            (starts[a], ends[b])
            for a, b in choices
            if 0 <= a <= b < len(tokens) and sentence["start"] <= starts[a] and ends[b] <= sentence["end"]
        ]
        if fitting:
            span.update(self.span(*self.rng.choice(fitting)))
        return bool(fitting)

    def _drafted(self, items: Sequence[Json], change: Change) -> tuple[int, Json, Json] | None:
        """Return the index of an item, the item and a changed copy; ``None`` where nothing came of it."""
        if not items:
            return None
        index = self.rng.randrange(len(items))
        before, after = deepcopy(items[index]), deepcopy(items[index])
        return (index, before, after) if change(after) and after != before else None

    def _shows_at(self, item: Json) -> str:
        """Return the id of the sentence or block in which an item begins."""
        for key in ("sentence", "block"):
            if key in item:
                return str(item[key])
        return str(self.bench.sentence_at(self.article, _begins(item))["id"])


def _begins(item: Json) -> int:
    """Return the offset by which items of a list are in order."""
    spans = item.get("content") or item.get("spans") or [item]
    return int(spans[0]["start"])


def unused_number(rng: Random, used: set[int], digits: int) -> int:
    """Return a number of so many digits that is not in use, or of more where all are."""
    while True:
        free = sorted(set(range(10 ** (digits - 1), 10**digits)) - used)
        if free:
            return rng.choice(free)
        digits += 1
