"""The page: its data are complete and escaped, every link has a target, and it is what the sources give."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora import REPOSITORY, compile_to, copy_tiny, edit, snapshot
from retold.cli import main
from retold.cli.corpus import read_gold
from retold.cli.site_server import make_server
from retold.layout import Layout
from retold.site.about import about
from retold.site.jsontools import data_script, script_value
from retold.site.page import SCRIPTS, STYLES, asset
from retold.site.wordings import difference

HOSTILE = '</script><script>alert("1")</script> <b>bold</b> <!-- & \u2028'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The tiny corpus, compiled, with the predictions of a floor and their leaderboard."""
    root = copy_tiny(tmp_path)
    compile_to(root, root / "build")
    assert main(["predict", "always-checkable", "--root", str(root)]) == 0
    assert main(["leaderboard", "--root", str(root)]) == 0
    return root


def run(root: Path, *arguments: str) -> int:
    return main(["site", "--root", str(root), *arguments])


def data_of(site: Path) -> dict[str, Any]:
    """Return what a browser would read from ``data.js``."""
    script = (site / "data.js").read_text("utf-8")
    return json.loads(script.partition("window.RETOLD = ")[2].removesuffix(";\n"))


def site_of(root: Path) -> dict[str, Any]:
    assert run(root) == 0
    return data_of(root / "build" / "site")


def test_made_checked_and_found_stale(corpus, capsys):
    assert run(corpus, "--check") == 1
    assert "index.html is missing" in capsys.readouterr().out
    assert run(corpus) == 0
    capsys.readouterr()
    assert run(corpus, "--check") == 0
    assert capsys.readouterr().out == ""
    edit(corpus / "annotations" / "_registry" / "entities.json", rename_first)
    assert run(corpus, "--check") == 1
    assert "data.js is out of date. Run retold site." in capsys.readouterr().out


def rename_first(document):
    document["entities"][0]["name"] += " the Elder"


def test_the_same_bytes_each_time_and_a_record_of_them(corpus):
    site = corpus / "build" / "site"
    run(corpus)
    first = snapshot(site)
    run(corpus)
    assert snapshot(site) == first
    record = json.loads(first["site.json"])
    manifest = json.loads((corpus / "build" / "manifest.json").read_text("utf-8"))
    assert record["data_digest"] == manifest["data_digest"]
    assert record["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in first.items() if name != "site.json"
    }


def test_build_tells_that_the_page_is_stale(corpus, capsys):
    run(corpus)
    edit(corpus / "build" / "site" / "site.json", lambda record: record.update(data_digest="0"))
    capsys.readouterr()
    main(["build", "--root", str(corpus)])
    assert "site/site.json" in "".join(capsys.readouterr())


def test_only_what_an_older_page_wrote_goes(corpus, capsys):
    site = corpus / "build" / "site"
    run(corpus)
    for name in ("old.js", "mine.js"):
        (site / name).write_text("1", encoding="utf-8")
    edit(site / "site.json", lambda record: record["files"].update({"old.js": "", "../manifest.json": ""}))
    capsys.readouterr()
    assert run(corpus, "--check") == 1
    assert "old.js is no part of the page" in capsys.readouterr().out
    run(corpus)
    assert not (site / "old.js").exists()
    assert (site / "mine.js").exists()
    assert (corpus / "build" / "manifest.json").exists()


def test_every_file_of_the_page_is_there_and_none_comes_from_elsewhere(corpus):
    run(corpus)
    site = corpus / "build" / "site"
    index = (site / "index.html").read_text("utf-8")
    named = re.findall(r'(?:src|href)="([^"#][^"]*)"', index)
    assert sorted(name for name in named if not name.startswith("data:")) == sorted(
        ["data.js", *SCRIPTS, *STYLES]
    )
    assert all((site / name).is_file() for name in ("data.js", *SCRIPTS, *STYLES))
    outside = re.compile(r"https?://(?!www\.wikidata\.org/wiki/|www\.w3\.org/2000/svg)")
    for name in ("index.html", *SCRIPTS, *STYLES):
        assert not outside.search((site / name).read_text("utf-8")), name


def test_text_is_only_ever_set_as_text():
    for name in SCRIPTS:
        script = asset(name)
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", script), name
        assert '"use strict"' in script


def test_words_of_articles_cannot_end_the_script(corpus):
    entry = corpus / "annotations" / "_registry" / "entities.json"
    edit(entry, lambda document: document["entities"][0].update(description=HOSTILE))
    (corpus / "README.md").write_text(f"---\npretty_name: {HOSTILE[:40]}\n---\n# T\n\n{HOSTILE}\n", "utf-8")
    data = site_of(corpus)
    script = (corpus / "build" / "site" / "data.js").read_text("utf-8")
    index = (corpus / "build" / "site" / "index.html").read_text("utf-8")
    assert "<" not in script
    assert "\u2028" not in script
    assert data["entities"][0]["description"] == HOSTILE
    assert "<script>alert" not in index
    assert "&lt;/script&gt;" in index


def test_unsafe_characters_are_escaped_and_come_back():
    value = {"a": HOSTILE + "\u2029'\"\\"}
    text = script_value(value)
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == value
    assert json.loads(data_script({"x": [value], "y": []}).partition(" = ")[2].removesuffix(";\n")) == {
        "x": [value],
        "y": [],
    }


def test_data_are_complete(corpus):
    data = site_of(corpus)
    articles, registry = read_gold(Layout(corpus))
    shown = {article["id"]: article for article in data["articles"]}
    assert set(shown) == {article.id for article in articles}
    for article in articles:
        own = shown[article.id]
        assert own["text"] == article.text
        for name in ("blocks", "quotes", "mentions", "claims", "repairs"):
            assert [one["id"] for one in own.get(name, [])] == [one.id for one in getattr(article, name)]
        labels = {s["id"]: s["check"] for b in own["blocks"] for s in b["sentences"] if "check" in s}
        assert labels == {label.sentence: label.checkability for label in article.sentence_labels}
        assert len(own.get("marks", [])) == len(article.other_marks)
    for name, entries in (("entities", registry.entities), ("utterances", registry.utterances)):
        assert [one["id"] for one in data[name]] == list(entries)
    assert [one["id"] for one in data["canonical"]] == list(registry.claims)
    assert data["counts"]["total"]["items"]["quotes"] == sum(len(a.quotes) for a in articles)


def ids_of(data: dict[str, Any]) -> Iterator[str]:
    for article in data["articles"]:
        yield article["id"]
        for layer in ("blocks", "quotes", "mentions", "claims", "repairs"):
            yield from (one["id"] for one in article.get(layer, []))
        yield from (one["id"] for block in article["blocks"] for one in block["sentences"])


def references(data: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield what the page makes links of: (kind of the target, its id)."""
    for article in data["articles"]:
        yield from references_of(article)
    for utterance in data["utterances"]:
        yield from (("item", told["quote"]) for told in utterance.get("wordings", []))
    for claim in data["canonical"]:
        yield from (("canonical", relation["to"]) for relation in claim.get("relations", []))
    yield from (("canonical", row["claim"]) for row in data["matrix"])
    yield from (("article", one["article"]) for made in data["mistakes"] for one in made["mistakes"])


def references_of(article: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for quote in article.get("quotes", []):
        yield from (("entity", quote.get("speaker")), ("item", quote.get("parent")))
        yield from (("utterance", tie[0]) for tie in quote.get("utterances", []))
    for mention in article.get("mentions", []):
        yield from (("entity", mention.get("entity")), ("entity", mention.get("metonym_of")))
    for claim in article.get("claims", []):
        claimant = claim.get("claimant")
        yield "entity", None if claimant == "article" else claimant
        yield from (("item", claim["sentence"]), ("item", claim.get("quote")))
        yield "canonical", claim.get("canonical")
    yield from (("topic", code) for block in article["blocks"] for code in block.get("topics", []))
    for topic in article.get("topics", []):
        yield "topic", topic["code"]
        yield from (("item", sentence) for sentence in topic.get("evidence", []))


@pytest.mark.parametrize("whole", [False, True], ids=["tiny", "this corpus"])
def test_every_link_has_a_target(whole, corpus, tmp_path):
    root = REPOSITORY if whole else corpus
    out = tmp_path / "out"
    assert run(root, "--out", str(out)) == 0
    data = data_of(out)
    items = list(ids_of(data))
    assert len(items) == len(set(items))
    known = {
        "item": set(items),
        "article": {article["id"] for article in data["articles"]},
        "entity": {one["id"] for one in data["entities"]},
        "utterance": {one["id"] for one in data["utterances"]},
        "canonical": {one["id"] for one in data["canonical"]},
        "topic": {one["code"] for one in data["topics"]},
    }
    broken = {(kind, target) for kind, target in references(data) if target and target not in known[kind]}
    assert broken == set()


def test_the_committed_page_is_small_and_up_to_date():
    site = REPOSITORY / "build" / "site"
    assert run(REPOSITORY, "--check") == 0
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 3_000_000


def test_the_matrix_says_what_each_article_does(corpus):
    data = site_of(corpus)
    order = [article["id"] for article in data["articles"]]
    relations = {one["id"]: one.get("relations", []) for one in data["canonical"]}
    made = {
        article["id"]: [claim for claim in article.get("claims", []) if "canonical" in claim]
        for article in data["articles"]
    }
    against = {
        (one, relation["to"])
        for one, found in relations.items()
        for relation in found
        if relation["relation"] == "contradicts"
    }
    seen = set()
    for row in data["matrix"]:
        for article, cell in zip(order, row["cells"], strict=True):
            own = [claim for claim in made[article] if claim["canonical"] == row["claim"]]
            assert ("stated" in cell) == any(
                claim["claimant"] == "article" for claim in own if "claimant" in claim
            )
            assert ("attributed" in cell) == any(claim.get("claimant") != "article" for claim in own)
            assert ("contradicted" in cell) == any(
                (c["canonical"], row["claim"]) in against for c in made[article]
            )
            assert ("left_out" in cell) == (cell == ["left_out"])
            seen |= set(cell)
    assert {"stated", "contradicted", "left_out"} <= seen


def test_word_differences_to_the_reference():
    parts = difference("Ukraine “can” forget about it", 'UKRAINE "can" really forget it, now')
    assert "".join(text for kind, text in parts if kind != "left_out") == "Ukraine “can” forget about it"
    assert [part for part in parts if part[0] == "left_out"] == [
        ("left_out", "really"),
        ("left_out", ", now"),
    ]
    assert ("own", "about ") in parts


def test_mistakes_lie_over_the_text_and_a_corpus_needs_no_predictions(tmp_path, corpus):
    data = site_of(corpus)
    made = data["mistakes"][0]
    assert (made["system"], made["task"]) == ("always-checkable", "checkability")
    labels = {
        s["id"]: s["check"]
        for a in data["articles"]
        for b in a["blocks"]
        for s in b["sentences"]
        if "check" in s
    }
    assert made["mistakes"]
    assert all(labels[mistake["item"]] == mistake["expected"] for mistake in made["mistakes"])
    assert data["leaderboard"]["tasks"]["checkability"]["raw"]["scores"][0]["system"] == "always-checkable"
    bare = copy_tiny(tmp_path / "bare")
    compile_to(bare, bare / "build")
    empty = site_of(bare)
    assert (empty["mistakes"], empty["leaderboard"]) == ([], {})


def test_plots_are_listed_with_their_titles(corpus, tmp_path):
    plots = corpus / "build" / "plots"
    plots.mkdir(parents=True)
    (plots / "b-plot.svg").write_text("<svg/>", encoding="utf-8")
    (plots / "a.svg").write_text("<svg><title>A &amp; B</title><desc>Two\nlines</desc></svg>", "utf-8")
    assert site_of(corpus)["plots"] == [
        {"file": "plots/a.svg", "title": "A & B", "description": "Two lines"},
        {"file": "plots/b-plot.svg", "title": "b plot"},
    ]
    assert run(corpus, "--out", str(tmp_path / "out")) == 0
    assert (tmp_path / "out" / "plots" / "a.svg").is_file()
    assert run(corpus, "--check", "--out", str(tmp_path / "out")) == 0


def test_the_first_words_of_the_card():
    front = "---\npretty_name: 'My story'\n---\n"
    card = f"{front}\n# T\n\nA [linked](x.md) `word`.\nMore.\n\nAs a row:\n\n## Use\n\nNo."
    assert about(card, "x") == {"name": "My story", "words": ["A linked word.", "More."]}
    assert about("", "folder") == {"name": "folder", "words": []}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "8000"], "--port and --no-open go with --serve"),
        (["--out", "README.md/x"], "cannot write the page"),
    ],
)
def test_refusals(arguments, said, corpus, capsys, monkeypatch):
    monkeypatch.chdir(corpus)
    assert run(corpus, *arguments) == 2
    assert said in capsys.readouterr().err


def test_refuses_a_corpus_that_is_not_compiled(tiny, capsys):
    assert run(tiny) == 2
    assert "run retold build first" in capsys.readouterr().err


def test_refuses_broken_predictions(corpus, capsys):
    path = corpus / "build" / "predictions" / "always-checkable" / "checkability.raw.jsonl"
    path.write_text("{", encoding="utf-8")
    assert run(corpus) == 2
    assert "checkability.raw.jsonl" in capsys.readouterr().err


def test_served_to_this_machine_alone(corpus):
    run(corpus)
    (corpus / "build" / "site" / "plots").mkdir(exist_ok=True)
    server = make_server(corpus / "build" / "site", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        host, port = server.server_address[:2]
        assert host == "127.0.0.1"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            assert b"data.js" in answer.read()
        for path in ("plots/", "../manifest.json", "%2e%2e/manifest.json"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
