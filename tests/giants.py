"""Articles of any length, valid in all layers: a real one told over and over in one file."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from corpora import REPOSITORY
from retold.layout import CORPUS_LAYERS, REGISTRIES, Layout

Json = dict[str, Any]
OFFSETS = ("start", "end")


def write_giant(
    root: Path, times: int, source: Path = REPOSITORY, article: str = "forget-about-nato"
) -> None:
    """Write a corpus of one article: that of ``source``, so many times in one text, with all its layers."""
    old, new = Layout(source), Layout(root)
    text = old.text(article).read_bytes().decode("utf-8").rstrip("\n") + "\n"
    giant = (text * times).encode("utf-8")
    digest = hashlib.sha256(giant).hexdigest()
    new.raw.mkdir(parents=True)
    new.layer(article, "segments").parent.mkdir(parents=True)
    new.registry("claims").parent.mkdir()
    new.text(article).write_bytes(giant)
    new.checksums.write_text(f"{digest}  {article}.txt\n", encoding="utf-8")
    shutil.copy(old.metadata(article), new.metadata(article))
    used: set[str] = set()
    for layer in CORPUS_LAYERS:
        document = json.loads(old.layer(article, layer).read_bytes())
        _drop_votes(document)
        repeated = Repeater(article, document, len(text)).repeat(times)
        _write(new.layer(article, layer), {**repeated, "article_sha256": digest})
        used |= set(_strings(document))
    for name in REGISTRIES:
        _write(new.registry(name), _reduced(json.loads(old.registry(name).read_bytes()), used))
    splits = {"$schema": "../schema/splits.schema.json", "splits": {"test": [article]}, "folds": [[article]]}
    _write(new.splits, splits)


class Repeater:
    """Repeats the lists of one layer: offsets move by the length of the text, numbers of ids go on."""

    def __init__(self, article: str, document: Json, length: int) -> None:
        self._article = article
        self._document = document
        self._length = length
        self._id = re.compile(rf"{re.escape(article)}-([bsqmcr])([0-9]+)")

    def repeat(self, times: int) -> Json:
        """Return the layer of the long text; topics of the article stay as they are."""
        lists = {key: value for key, value in self._document.items() if isinstance(value, list)}
        longer = {
            key: [self._moved(item, number) for number in range(times) for item in items]
            for key, items in lists.items()
        }
        return {**self._document, **longer}

    def _moved(self, item: Any, number: int, key: str = "") -> Any:
        if isinstance(item, dict):
            moved = {name: self._moved(value, number, name) for name, value in item.items()}
            if "utterances" in moved:  # a remark is told by several articles, and there is one
                moved["utterances"] = []
            if number and moved.get("kind") == "title":
                moved["kind"] = "heading"
            return moved
        if isinstance(item, list):
            return [self._moved(value, number, key) for value in item]
        if key in OFFSETS:
            return item + number * self._length
        found = self._id.fullmatch(item) if isinstance(item, str) else None
        if found is None:
            return item
        # a thousand numbers for each time: more than an article has
        return f"{self._article}-{found[1]}{int(found[2]) + number * 1000:0{len(found[2])}}"


def _drop_votes(value: Any) -> None:
    if isinstance(value, dict):
        value.pop("votes", None)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _drop_votes(inner)


def _reduced(document: Json, used: set[str]) -> Json:
    """Return a registry without the entries that the article does not use, and without what names them."""
    kept = copy.deepcopy(document)
    for key, entries in document.items():
        if key in ("near_misses", "utterances"):
            kept[key] = []
        elif isinstance(entries, list):
            kept[key] = [entry for entry in entries if entry.get("id", entry.get("code")) in used]
    names = {entry.get("id") for entries in kept.values() if isinstance(entries, list) for entry in entries}
    for entry in kept.get("claims", ()):
        entry["relations"] = [relation for relation in entry["relations"] if relation["to"] in names]
    for entry in kept.get("entities", ()):
        entry["members"] = [name for name in entry["members"] if name in names]
    return kept


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _write(path: Path, document: Json) -> None:
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
