"""What holds for any valid corpus: it goes round trips, compiles to what it says, and follows its text.

``RETOLD_EXAMPLES=500`` tries more examples than a test run has time for, other ones each time.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import retold
from corpora import compile_to, snapshot
from exchange import documents, without_votes
from fuzzing.observation import observe
from retold.exchange.formats import FORMATS
from retold.layout import CORPUS_LAYERS, Layout
from retold.reader import read_article
from strategies import ARTICLES, Recipe, recipes, spans_in, write, write_checksums

EXAMPLES = os.environ.get("RETOLD_EXAMPLES")
LIBRARIES = {"cas-xmi": "cassis", "cas-json": "cassis"}
TWO_WAY = [
    name
    for name, entry in FORMATS.items()
    if entry.two_way and importlib.util.find_spec(LIBRARIES.get(name, "retold"))
]


def examples(usual: int) -> settings:
    """Return the settings of a test: so many examples, the same ones each time unless more are asked for."""
    return settings(
        max_examples=int(EXAMPLES or usual),
        derandomize=EXAMPLES is None,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@dataclass(frozen=True)
class Place:
    """A folder for one example."""

    folder: Path

    def corpus(self, recipe: Recipe) -> Path:
        return write(recipe, self.folder / "corpus")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


def fresh(places: Path) -> Place:
    return Place(Path(tempfile.mkdtemp(dir=places)))


@examples(10)
@given(recipe=recipes())
def test_generated_corpora_are_valid(places, recipe):
    place = fresh(places)
    ran = observe("validate", "--root", place.corpus(recipe))
    assert (ran.code, ran.err) == (0, ""), ran.out
    shutil.rmtree(place.folder)


@pytest.mark.parametrize("form", TWO_WAY)
@examples(5)
@given(recipe=recipes())
def test_a_corpus_comes_back_from_every_format(places, form, recipe):
    place = fresh(places)
    root, out, new = place.corpus(recipe), place.folder / "out", place.folder / "new"
    before = snapshot(root)
    assert observe("export", form, "--root", root, "--out", out).code == 0
    assert observe("import", form, out, "--root", root).fault((0,)) is None
    assert snapshot(root) == before
    assert observe("import", form, out, "--root", new).fault((0,)) is None
    assert without_votes(documents(new)) == without_votes(documents(root))
    assert snapshot(new / "raw") == snapshot(root / "raw")
    shutil.rmtree(place.folder)


@examples(5)
@given(recipe=recipes())
def test_the_tables_are_what_the_files_say(places, recipe):
    place = fresh(places)
    root = place.corpus(recipe)
    compile_to(root, root / "build")
    layout = Layout(root)
    articles = {folder.name: read_article(layout, folder.name) for folder in layout.article_folders()}
    rows = {config: retold.table(config, root=root).to_pylist() for config in LISTED}
    for config, listed in LISTED.items():
        assert sorted(row[f"{config[:-1]}_id"] for row in rows[config]) == sorted(
            item.id for article in articles.values() for item in listed(article)
        )
        for row in rows[config]:
            text = articles[row["article_id"]].text
            for span in spans_in(row):
                assert text[span["start"] : span["end"]] == span["text"]
    tables = {row["article_id"]: row["text"] for row in retold.table("articles", root=root).to_pylist()}
    assert tables == {name: article.text for name, article in articles.items()}
    for config in ("quotes", "sentences", "entities", "claims"):
        clean = retold.table(config, root=root, view="clean").to_pylist()
        kept = {row[KEYS[config]] for row in clean}
        assert kept <= {row[KEYS[config]] for row in retold.table(config, root=root).to_pylist()}
    shutil.rmtree(place.folder)


KEYS = {"quotes": "quote_id", "sentences": "sentence_id", "entities": "mention_id", "claims": "claim_id"}
LISTED = {
    "quotes": lambda article: article.quotes,
    "claims": lambda article: article.claims,
    "sentences": lambda article: [s for block in article.blocks for s in block.sentences],
}


@dataclass(frozen=True)
class Edit:
    """An edit of a text: what each of its characters becomes."""

    pieces: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def moved(self, offset: int) -> int:
        return sum(map(len, self.pieces[:offset]))

    def touches(self, text: str, start: int, end: int) -> bool:
        """Whether words in a stretch were changed: what is put behind its last character is not in it."""
        return any(piece != text[start + n] for n, piece in enumerate(self.pieces[start : end - 1])) or (
            not self.pieces[end - 1].startswith(text[end - 1])
        )


WORDS = ("then ", "the ", "Varn ", "said ", "dam ", "“No” ", "😀 ", "of the ", "Sudria ")
Edits = list[tuple[str, int, int]]


def edited(text: str, edits: Edits) -> Edit:
    """Put words behind spaces, and take words away."""
    pieces = list(text)
    spaces = [at for at, char in enumerate(text) if char == " "]
    for kind, place, which in edits:
        at = spaces[place % len(spaces)]
        if kind == "insert":
            pieces[at] += WORDS[which % len(WORDS)] if pieces[at] else ""
            continue
        end = next((n for n in range(at + 1, len(text)) if text[n].isspace()), len(text))
        pieces[at:end] = [""] * (end - at)
    return Edit(tuple(pieces))


@examples(30)
@given(
    recipe=recipes(),
    article=st.sampled_from(ARTICLES),
    edits=st.lists(
        st.tuples(st.sampled_from(("insert", "delete")), st.integers(0, 99), st.integers(0, 99)),
        min_size=1,
        max_size=4,
    ),
)
def test_spans_follow_an_edited_text_or_are_reported(places, recipe, article, edits):
    place = fresh(places)
    root = place.corpus(recipe)
    layout = Layout(root)
    text = layout.text(article).read_bytes().decode()
    edit = edited(text, edits)
    assume(edit.text != text)
    old = {layer: orjson.loads(layout.layer(article, layer).read_bytes()) for layer in CORPUS_LAYERS}
    layout.text(article).write_bytes(edit.text.encode())
    write_checksums(layout)
    ran = observe("anchor", "--root", root, layout.annotations / article, "--format", "json")
    assert ran.fault((0, 1)) is None
    findings = json.loads(ran.out)["findings"]
    reported = {(Path(found["path"]).stem, found["pointer"]) for found in findings}
    for layer in CORPUS_LAYERS:
        new = orjson.loads(layout.layer(article, layer).read_bytes())
        complete = not any(name == layer for name, _ in reported)
        assert (new["article_sha256"] != old[layer]["article_sha256"]) == complete
        for pointer, before, after in pairs(old[layer], new):
            if (layer, f"{pointer}/text") in reported:
                continue
            start, end = before["start"], before["end"]
            assert edit.text[after["start"] : after["end"]] == after["text"]
            here = f"{layer}{pointer} {before['text']!r} {start} → {after['start']}"
            begin, stop = edit.moved(start), edit.moved(end)
            if edit.touches(text, start, end):  # the same words again, by what was put in beside them
                assert begin <= after["start"] < stop, f"{here}, but its words were changed"
            else:
                assert after["start"] == begin, f"{here}, not {begin}"
    shutil.rmtree(place.folder)


def pairs(old: Any, new: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield the spans of a document before and after, with their JSON Pointer; votes are nobody's spans."""
    if isinstance(old, dict):
        if "text" in old:
            yield pointer, old, new
        for key in old.keys() - {"votes"}:
            yield from pairs(old[key], new[key], f"{pointer}/{key}")
    elif isinstance(old, list):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from pairs(one, other, f"{pointer}/{number}")
