"""Valid corpora of any size, made from the five articles: for measuring, never for training or scoring.

    .venv/bin/python tests/benchmarks/generator.py 1000 DIR [--form folders|shards]

Every fifth article begins a new story: the five articles under new ids, with their own registry entries
(people, remarks and propositions of the story) and their words spelled in an alphabet of the story's own.
An alphabet exchanges letters for letters, vowels for vowels, small ones for small ones, so every offset
stands, and no two stories share a word of more than a few letters. Topics are those of the five articles.
Ids begin with the story, so a shard of a large corpus holds as much of each of the five as any other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from retold.exchange.jsonl import article_line, shard_name
from retold.layout import CORPUS_LAYERS, LINE_LISTS, REGISTRIES, SHARD_ARTICLES, Layout, LineLayout

REPOSITORY = Path(__file__).resolve().parents[2]
VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
SPLITS = ("train", "train", "train", "validation", "test")  # of the five articles of a story
FOLDS = 5
# Fields that hold the article's words: spelled anew.
WORDS = frozenset({"text", "before", "replacement", "title", "author", "publisher"})
# Fields that name an entry of a registry, or list such names, by the registry that they name.
NAMES = frozenset({"speaker", "entity", "metonym_of", "claimant", "canonical", "utterance", "to", "a", "b"})
RESERVED = frozenset({"article", None})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seed:
    """The corpus that stories are made from, parsed."""

    articles: dict[str, str]
    documents: dict[str, dict[str, Json]]
    registries: dict[str, Json]


def read_seed(root: Path = REPOSITORY) -> Seed:
    """Read the five articles, their layers without votes, and the registries."""
    layout = Layout(root)
    ids = [folder.name for folder in layout.article_folders()]
    documents = {
        article: {
            "metadata": _read(layout.metadata(article)),
            **{layer: _read(layout.layer(article, layer)) for layer in CORPUS_LAYERS},
        }
        for article in ids
    }
    registries = {name: _read(layout.registry(name)) for name in REGISTRIES}
    used = {value for document in documents.values() for value in _strings(document["topics"])}
    topics = registries["topics"]  # some of them only a pass has used
    topics["topics"] = [topic for topic in topics["topics"] if topic["code"] in used]
    return Seed(
        {article: layout.text(article).read_bytes().decode() for article in ids},
        documents,
        registries,
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _read(path: Path) -> Json:
    return _without_votes(json.loads(path.read_bytes()))


def _without_votes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_votes(inner) for key, inner in value.items() if key != "votes"}
    return [_without_votes(inner) for inner in value] if isinstance(value, list) else value


class Story:
    """One story: the five articles retold under the number of the story."""

    def __init__(self, seed: Seed, number: int) -> None:
        self._seed = seed
        self._prefix = f"n{number:06d}-"
        self._number = number
        self._alphabet = _alphabet(number)

    def articles(self) -> Iterator[tuple[str, str, dict[str, Json]]]:
        """Yield id, text and documents (metadata and layers) of the five articles."""
        yield from map(self.article, self._seed.articles)

    def article(self, article: str) -> tuple[str, str, dict[str, Json]]:
        """Return id, text and documents of one of the five."""
        spelled = self._seed.articles[article].translate(self._alphabet)
        digest = hashlib.sha256(spelled.encode()).hexdigest()
        documents = {kind: self._renamed(doc) for kind, doc in self._seed.documents[article].items()}
        for document in documents.values():
            if "article_sha256" in document:
                document["article_sha256"] = digest
        return self._prefix + article, spelled, documents

    def registry(self, name: str) -> dict[str, list[Json]]:
        """Return the lists of a registry; topics are the same for all stories."""
        document = self._seed.registries[name]
        lists = {key: items for key, items in document.items() if isinstance(items, list)}
        if name == "topics":
            return lists
        renamed = {key: [self._renamed(item) for item in items] for key, items in lists.items()}
        for item in renamed.get("entities", ()):
            if item["wikidata"] is not None:
                item["wikidata"] += f"{self._number + 1:06d}"
        return renamed

    def entries(self) -> Iterator[tuple[str, str, list[Json]]]:
        """Yield what the story adds to the lists of registries: name, list, entries."""
        for name in REGISTRIES:
            if name != "topics" or self._number == 0:
                yield from ((name, key, items) for key, items in self.registry(name).items())

    def _renamed(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self._renamed(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._renamed(inner, key) for inner in value]
        if not isinstance(value, str):
            return value
        if key in WORDS:
            return value.translate(self._alphabet)
        return self._new_id(value, key)

    def _new_id(self, value: str, key: str) -> str:
        """Return the value with the number of the story, if it is an id."""
        for article in self._seed.articles:
            if value == article and key in {"id", "article"}:
                return self._prefix + value
            if value.startswith(f"{article}-") and value.removeprefix(f"{article}-")[1:].isdigit():
                return self._prefix + value
        if value not in RESERVED and key in NAMES | {"id", "members", "replaced_by"}:
            return self._prefix + value
        return value


def _alphabet(number: int) -> dict[int, int]:
    """Return the alphabet of a story: that of the first is the usual one."""
    chance = random.Random(number)
    table = {}
    for letters in (VOWELS, CONSONANTS):
        others = list(letters)
        if number:
            chance.shuffle(others)
        table |= {ord(a): ord(b) for a, b in zip(letters, others, strict=True)}
        table |= {ord(a.upper()): ord(b.upper()) for a, b in zip(letters, others, strict=True)}
    return table


def stories(seed: Seed, articles: int) -> Iterator[Story]:
    """Yield the stories of a corpus of so many articles, a multiple of five."""
    if articles % len(seed.articles):
        raise SystemExit(f"{articles} is no multiple of {len(seed.articles)}: a story has five articles")
    yield from map(partial(Story, seed), range(articles // len(seed.articles)))


def write_folders(root: Path, articles: int) -> None:
    """Write a corpus in the form for hands: a folder an article, a file a layer."""
    layout = Layout(root)
    layout.raw.mkdir(parents=True)
    (layout.annotations / "_registry").mkdir(parents=True)
    sums, splits, folds = [], {name: [] for name in dict.fromkeys(SPLITS)}, [[] for _ in range(FOLDS)]
    registries: dict[str, Json] = {
        name: {
            "$schema": f"../../schema/registry-{name}.schema.json",
            **{key: [] for key in LINE_LISTS[name]},
        }
        for name in REGISTRIES
    }
    for story in stories(read_seed(), articles):
        for place, (article, text, documents) in enumerate(story.articles()):
            layout.text(article).write_bytes(text.encode())
            sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {article}.txt\n")
            (layout.annotations / article).mkdir()
            for kind, document in documents.items():
                path = layout.metadata(article) if kind == "metadata" else layout.layer(article, kind)
                path.write_bytes(_pretty(document))
            splits[SPLITS[place]].append(article)
            folds[place].append(article)
        for name, key, items in story.entries():
            registries[name][key].extend(items)
    layout.checksums.write_text("".join(sorted(sums, key=lambda line: line[66:])))
    for name, document in registries.items():
        layout.registry(name).write_bytes(_pretty(document))
    layout.splits.write_bytes(
        _pretty({"$schema": "../schema/splits.schema.json", "splits": splits, "folds": folds})
    )


def write_shards(root: Path, articles: int, shard_articles: int = SHARD_ARTICLES) -> None:
    """Write a corpus in JSON Lines, holding one story at a time."""
    layout, seed = LineLayout(root, str(root)), read_seed()
    layout.registry_lines.mkdir(parents=True)
    with ExitStack() as stack:
        files = {
            key: stack.enter_context((layout.registry_lines / f"{key}.jsonl").open("wb"))
            for keys in LINE_LISTS.values()
            for key in keys
        }
        for story in stories(seed, articles):
            for _, key, items in story.entries():
                files[key].writelines(orjson.dumps(item) + b"\n" for item in items)
    for split in dict.fromkeys(SPLITS):
        lines = _lines(seed, articles, split)
        total = -(-articles // len(SPLITS) * SPLITS.count(split) // shard_articles)
        for number in range(total):
            with (layout.shards / shard_name(split, number, total)).open("wb") as file:
                file.writelines(islice(lines, shard_articles))


def _lines(seed: Seed, articles: int, split: str) -> Iterator[bytes]:
    """Yield the articles of a split, sorted by id, a line each."""
    own = [(place, article) for place, article in enumerate(seed.articles) if SPLITS[place] == split]
    for story in stories(seed, articles):
        for place, article in own:
            name, text, documents = story.article(article)
            yield article_line(name, place, text, documents)


def _pretty(document: Json) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def main() -> None:
    """Write the corpus that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("articles", type=int, help="a multiple of five")
    parser.add_argument("root", type=Path, help="a folder that is not there yet")
    parser.add_argument("--form", choices=("folders", "shards"), default="folders", help="default: folders")
    arguments = parser.parse_args()
    write = write_shards if arguments.form == "shards" else write_folders
    write(arguments.root, arguments.articles)


if __name__ == "__main__":
    main()
