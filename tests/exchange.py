"""Corpora and foreign projects that the tests of the exchange formats use."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from corpora import REPOSITORY, TINY
from retold.cli import main
from retold.layout import CORPUS_LAYERS, REGISTRIES, Layout

Json = dict[str, Any]

CORPORA = {"tiny": TINY, "five articles": REPOSITORY}
STORY = (
    "Der Rat schläft 🙂.\r\nAda Brandt said the dam\r\n"
    "stays shut. “No deal,” said Jon Berg of Varn on Friday.\r\n"
)
SECOND = "Varn waits.\n"
ANN = """\
T1\tPerson 20 30\tAda Brandt
T2\tSaying 31 35\tsaid
T3\tWhat 36 43;45 56\tthe dam stays shut.
E1\tSaying:T2 What:T3 Who:T1
T4\tPerson 73 81\tJon Berg
T5\tTown 85 89\tVarn
T6\tDay 93 99\tFriday
T7\tSaying 68 72\tsaid
T8\tWhat 58 66\tNo deal,
E2\tSaying:T7 What:T8 Who:T4
A1\tSure E1 yes
N1\tReference T1 Wikidata:Q5\tAda Brandt
N2\tReference T5 Wikidata:Q6\tVarn
#1\tAnnotatorNotes T1\ta remark
"""
MAPPING: Json = {
    "language": "en",
    "mentions": {
        "Person": {"type": "PERSON"},
        "Town": {"type": "GPE", "form": "name"},
        "Day": {"type": "DATE", "form": "value"},
    },
    "wikidata": "Wikidata",
    "quotes": {"Saying": {"content": ["What"], "cue": ["self"], "source": ["Who"]}},
}


def copy_of(source: Path, target: Path) -> Path:
    """Copy the texts and annotation of a corpus, passes and all."""
    for name in ("raw", "annotations"):
        shutil.copytree(source / name, target / name)
    return target


def documents(root: Path) -> dict[str, Any]:
    """Return every annotation document of a corpus, by article and layer, and its registries."""
    layout = Layout(root)
    found = {
        f"{folder.name}/{layer}": json.loads(layout.layer(folder.name, layer).read_bytes())
        for folder in layout.article_folders()
        for layer in CORPUS_LAYERS
    }
    return found | {name: json.loads(layout.registry(name).read_bytes()) for name in REGISTRIES}


def without_votes(value: Any) -> Any:
    """Return JSON without its votes."""
    if isinstance(value, dict):
        return {key: without_votes(member) for key, member in value.items() if key != "votes"}
    return [without_votes(member) for member in value] if isinstance(value, list) else value


def write_mapping(folder: Path, mapping: Json) -> Path:
    """Write a mapping file."""
    path = folder / "mapping.json"
    path.write_text(json.dumps(mapping), encoding="utf-8")
    return path


def run(*words: object) -> int:
    """Run one command."""
    return main([str(word) for word in words])
