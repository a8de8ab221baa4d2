"""Tables in the clean view: each row reads as the raw one with its repairs made; none is lost silently."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora import REPOSITORY, TINY, compile_to, copy_tiny, edit, run_python
from retold import table
from retold.checks.inputs import ArticleInput, RegistryInput
from retold.checks.marks import CHECKS as MARK_CHECKS
from retold.cleaning import clean
from retold.layout import Layout
from retold.reader import read_article, read_splits
from retold.records import Article
from retold.tables import CONFIG_OF, CONFIGS

Row = dict[str, Any]
Tables = dict[str, list[Row]]
REGISTRIES = ("entity_registry", "utterances", "canonical_claims")
SEGMENTS = {"sentences", "topics", "blocks"}
MARKS = '“”"'


class Compiled:
    """A compiled corpus in both views, with its sources."""

    def __init__(self, root: Path, build: Path) -> None:
        self.build = build
        self.manifest = compile_to(root, build)
        layout = Layout(root)
        self.articles = {name: read_article(layout, name) for name in read_splits(layout).article_ids()}
        self.raw, self.clean = (
            {config.name: table(config.name, view=view, root=build).to_pylist() for config in CONFIGS}
            for view in ("raw", "clean")
        )


@pytest.fixture(scope="module", params=[TINY, REPOSITORY], ids=["tiny", "corpus"])
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return Compiled(request.param, tmp_path_factory.mktemp("build"))


def key(config: str, row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in CONFIG_OF[config].key)


def pairs(corpus: Compiled, config: str) -> Iterator[tuple[Row, Row]]:
    """The rows that both views have."""
    raw = {key(config, row): row for row in corpus.raw[config]}
    return ((raw[key(config, row)], row) for row in corpus.clean[config])


def repaired(article: Article, start: int, end: int) -> str:
    """The words of a raw span with the repairs inside it made, from behind; no white space at the edges."""
    words = list(article.text[: max(end, 0)])
    for repair in reversed(article.repairs):
        begin, stop = repair.span.start, repair.span.end
        inside = start < begin < end if begin == stop else start <= begin and stop <= end
        if inside:
            words[begin:stop] = repair.replacement
        elif begin < end and start < stop:  # deleted or aligned beyond the span
            words[max(begin, start) : min(stop, end)] = repair.replacement[
                max(start - begin, 0) : max(min(stop, end) - begin, 0)
            ]
    return "".join(words[start:]).strip()


def spans(config: str, record: Row, article: str | None = None) -> Iterator[tuple[str, str, Row]]:
    """Every span of a row, at any depth, with the name of its list and its article; no repairs."""
    article = record.get("article_id", article)
    if {"start", "end", "text"} <= record.keys():
        yield config, str(article), record
    for name, value in record.items():
        if isinstance(value, list) and name != "repairs" and value and isinstance(value[0], dict):
            for item in value:
                yield from spans(name, item, record.get(f"article_id_{name[-1]}", article))


# --- what the rows say


@pytest.mark.parametrize("config", [config.name for config in CONFIGS])
def test_every_span_reads_as_the_raw_one_repaired(corpus: Compiled, config: str) -> None:
    for raw, carried in pairs(corpus, config):
        before = [
            (name, article, span)
            for name, article, span in spans(config, raw)
            if repaired(corpus.articles[article], span["start"], span["end"])
        ]
        after = list(spans(config, carried))
        assert [found[:2] for found in before] == [found[:2] for found in after]
        for (name, article, old), (_, _, new) in zip(before, after, strict=True):
            text, offsets = clean(corpus.articles[article].text, corpus.articles[article].repairs)
            expected = repaired(corpus.articles[article], old["start"], old["end"])
            assert text[new["start"] : new["end"]] == new["text"]
            edge = f"{MARKS}\n" if name in SEGMENTS else ""
            assert new["text"].strip(edge) == expected.strip(edge)
            back = offsets.span_to_raw(new["start"], new["end"])
            assert old["start"] <= back[0] <= back[1] <= old["end"]
            assert repaired(corpus.articles[article], *back) == expected


def test_nothing_but_words_offsets_and_places_differs(corpus: Compiled) -> None:
    free = {
        "start",
        "end",
        "text",
        "tokens",
        "token_starts",
        "token_ends",
        "ner_tags",
        "ner_tag_names",
        "marking",
    }
    free |= {"sentence_ids", "evidence", "characters"}
    for config in ("sentences", "quotes", "entities", "claims"):
        lists = {name for name in CONFIG_OF[config].columns if name.article}
        for raw, carried in pairs(corpus, config):
            same = {name for name in raw if name not in free and not name.endswith("_text")}
            same -= {
                name for name in raw if isinstance(raw[name], list) and name not in ("also", "entity_ids")
            }
            assert {name: raw[name] for name in same} == {name: carried[name] for name in same}
        assert lists
    for config in REGISTRIES:
        assert corpus.raw[config] == corpus.clean[config]


def test_all_rows_that_are_gone_stood_in_furniture_and_are_counted(corpus: Compiled) -> None:
    lost: Counter[str] = Counter()
    for config in CONFIGS:
        left = {key(config.name, row) for row in corpus.clean[config.name]}
        gone = [row for row in corpus.raw[config.name] if key(config.name, row) not in left]
        for row in gone:
            words = [span for _, _, span in spans(config.name, row)]
            assert words
            assert not any(repaired(corpus.articles[row["article_id"]], w["start"], w["end"]) for w in words)
        lost[config.name] = len(gone)
        counted = corpus.manifest["counts"][config.name]["clean"]
        assert (counted.get("rows", 0), counted.get("dropped", 0)) == (len(left), len(gone))
    assert lost["sentences"] > 0
    assert lost["quotes"] == lost["claims"] == lost["claim_pairs"] == lost["articles"] == 0


def test_no_boilerplate_is_left(corpus: Compiled) -> None:
    assert any(row["block_kind"] == "boilerplate" for row in corpus.raw["sentences"])
    assert not any(row["block_kind"] == "boilerplate" for row in corpus.clean["sentences"])
    for row in corpus.clean["articles"]:
        assert not any(block["kind"] == "boilerplate" for block in row["blocks"])


def test_sentences_cover_the_clean_text(corpus: Compiled) -> None:
    for article in corpus.clean["articles"]:
        covered = {
            offset
            for sentence in article["sentences"]
            for offset in range(sentence["start"], sentence["end"])
        }
        assert all(n in covered for n, character in enumerate(article["text"]) if not character.isspace())
        assert sum(s["end"] - s["start"] for s in article["sentences"]) == len(covered), "none overlap"


def test_rows_name_sentences_and_blocks_that_are_left(corpus: Compiled) -> None:
    for article in corpus.clean["articles"]:
        sentences = {sentence["sentence_id"]: sentence for sentence in article["sentences"]}
        blocks = {block["block_id"]: block for block in article["blocks"]}
        assert [s for block in article["blocks"] for s in block["sentence_ids"]] == list(sentences)
        for name in ("quotes", "entities", "claims", "topics"):
            for item in article[name]:
                assert set(item["sentence_ids"]) <= sentences.keys()
                if item["sentence_id"] is not None:
                    assert item["sentence_id"] == item["sentence_ids"][0]
                    assert item["block_id"] == sentences[item["sentence_id"]]["block_id"] in blocks
        for topic in article["topics"]:
            assert all(set(entry["evidence"]) <= sentences.keys() for entry in topic["topics"])


def test_tokens_are_cut_anew_and_every_mention_is_a_whole_number_of_them(corpus: Compiled) -> None:
    codes = {
        name: code
        for row in corpus.raw["sentences"]
        for name, code in zip(row["ner_tag_names"], row["ner_tags"], strict=True)
    }
    starts, ends = set(), set()
    for row in corpus.clean["sentences"]:
        columns = ("tokens", "token_starts", "token_ends", "ner_tags", "ner_tag_names")
        for token, start, end, tag, name in zip(*(row[column] for column in columns), strict=True):
            assert row["text"][start - row["start"] : end - row["start"]] == token
            assert codes.get(name, tag) == tag
            starts.add((row["article_id"], start, name))
            ends.add((row["article_id"], end))
    assert {(article, start) for article, start, _ in starts} >= {
        (row["article_id"], row["start"]) for row in corpus.clean["entities"]
    }
    assert ends >= {(row["article_id"], row["end"]) for row in corpus.clean["entities"]}
    raw_tags = Counter(n[2:] for row in corpus.raw["sentences"] for n in row["ner_tag_names"] if n[0] == "B")
    tags = Counter(name[2:] for _, _, name in starts if name[0] == "B")
    left = {row["mention_id"] for row in corpus.clean["entities"]}
    gone = [r for r in corpus.raw["entities"] if r["mention_id"] not in left]
    dropped = Counter(r["type"] for r in gone if r["form"] in ("name", "adjective", "value"))
    assert tags == raw_tags - dropped


def test_articles_hold_what_is_needed_to_map_offsets(corpus: Compiled) -> None:
    for raw, carried in pairs(corpus, "articles"):
        assert carried["text"] == raw["clean_text"] == carried["clean_text"]
        assert carried["characters"] == len(carried["text"])
        assert carried["repairs"] == raw["repairs"]
        assert carried["sha256"] == raw["sha256"]
        for repair in raw["repairs"]:
            assert raw["text"][repair["start"] : repair["end"]] == repair["text"]
            assert raw["clean_text"][repair["clean_start"] : repair["clean_end"]] == repair["replacement"]
        assert len(raw["repairs"]) == len(corpus.articles[raw["article_id"]].repairs)


# --- quotation marks


def test_marks_of_the_clean_text_are_accounted_for(corpus: Compiled) -> None:
    """The rules for marks hold in the clean text as they do in the raw one."""
    for row in corpus.clean["articles"]:
        quotes = [
            {
                **quote,
                "id": quote["quote_id"],
                "speaker": None,
                "parent": quote["parent_id"],
                "utterances": [],
            }
            for quote in row["quotes"]
        ]
        blocks = [{**block, "id": block["block_id"], "sentences": []} for block in row["blocks"]]
        documents = {
            "quotes": {"quotes": quotes, "other_marks": row["other_marks"]},
            "segments": {"blocks": blocks},
        }
        paths = {"quotes": "quotes.json"}
        registries = RegistryInput({}, {}, {}, frozenset())
        article = ArticleInput(row["article_id"], row["text"], "", documents, paths, registries)
        assert [found for check in MARK_CHECKS for found in check.run(article)] == []


def test_restored_marks_mark_their_quotes(corpus: Compiled) -> None:
    marking = {row["quote_id"]: row["marking"] for row in corpus.clean["quotes"]}
    changed = {
        row["quote_id"]: row for row in corpus.raw["quotes"] if row["marking"] != marking[row["quote_id"]]
    }
    lost = {r["quote_id"] for r in corpus.raw["quotes"] if r["type"] == "direct" and r["marking"] == "none"}
    assert {marking[name] for name in changed} <= {"quotation_marks"}
    assert changed.keys() == lost
    assert bool(lost) == any(
        r.kind == "lost_quotation_mark" for a in corpus.articles.values() for r in a.repairs
    )


def test_a_quote_whose_marks_stay_lost_stays_unmarked(tmp_path: Path) -> None:
    root = copy_tiny(tmp_path)
    folder = root / "annotations" / "sudria-protests"
    edit(
        folder / "quotes.json",
        lambda d: d["quotes"][1].update(type="direct", attitude="communication"),
    )
    compile_to(root, tmp_path / "lost")
    place = json.loads((folder / "quotes.json").read_text("utf-8"))["quotes"][1]["content"][0]
    marks = [(place["start"], "“", "r02"), (place["end"], "”", "r03")]
    for start, mark, name in marks:
        before = (root / "raw" / "sudria-protests.txt").read_text("utf-8")[start - 9 : start]
        item = {"id": f"sudria-protests-{name}", "text": "", "start": start, "end": start}
        item |= {"replacement": mark, "kind": "lost_quotation_mark", "before": before}
        edit(folder / "repairs.json", lambda d, item=item: d["repairs"].append(item))
    compile_to(root, tmp_path / "restored")
    found = {
        name: {
            row["quote_id"]: row["marking"]
            for row in table("quotes", view="clean", root=tmp_path / name).to_pylist()
        }
        for name in ("lost", "restored")
    }
    assert found["lost"]["sudria-protests-q02"] == "none"
    assert found["restored"] == {**found["lost"], "sudria-protests-q02": "quotation_marks"}


# --- builds without texts, and datasets


@pytest.mark.parametrize("config", [config.name for config in CONFIGS])
def test_texts_put_back_give_the_same_clean_view(
    corpus: Compiled, config: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = REPOSITORY if len(corpus.articles) == 5 else TINY
    bare = tmp_path_factory.mktemp("bare")
    compile_to(root, bare, texts=False)
    found = table(config, view="clean", texts=root / "raw", root=bare)
    assert found.to_pylist() == corpus.clean[config]
    assert found.schema.equals(table(config, root=bare).schema, check_metadata=True)
    if config not in REGISTRIES:
        with pytest.raises(ValueError, match="was built without texts, and the clean view is made of them"):
            table(config, view="clean", root=bare)


LOAD = """
import json, sys, retold
data = retold.load("quotes", view="clean", root=sys.argv[1])
one = retold.load("quotes", "test", "clean", root=sys.argv[1])
assert one.to_list() == data["test"].to_list() and one.split == "test"
assert one.features == retold.load("quotes", "test", root=sys.argv[1]).features
print(json.dumps(one.to_list()))
"""


def test_load_gives_the_clean_view(tmp_path: Path) -> None:
    compile_to(TINY, tmp_path / "build")
    done = run_python(LOAD, tmp_path / "build", home=tmp_path)
    assert done.returncode == 0, done.stderr
    expected = table("quotes", "test", "clean", root=tmp_path / "build").to_pylist()
    assert json.loads(done.stdout) == expected
