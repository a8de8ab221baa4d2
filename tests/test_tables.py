"""Rows of the tables: what they hold, and that their words are the articles' words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora import REPOSITORY, TINY, compile_to
from retold.features import Column, ListOf, Struct, fields
from retold.layout import Layout
from retold.manifest import table_files
from retold.parquet import read_rows
from retold.reader import read_registry, read_splits, read_text
from retold.tables import CONFIGS, articles
from retold.tables.relations import close

GOLDEN = Path(__file__).parent / "golden" / "tiny-tables.jsonl"

Tables = dict[str, list[dict[str, Any]]]


def read_tables(folder: Path, manifest: dict[str, Any]) -> Tables:
    tables: Tables = {config.name: [] for config in CONFIGS}
    for file in table_files(manifest):
        tables[file.config] += [{"split": file.split, **row} for row in read_rows(folder / file.path)]
    return tables


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("tiny")
    return read_tables(folder, compile_to(TINY, folder))


@pytest.fixture(scope="module", params=[TINY, REPOSITORY], ids=["tiny", "corpus"])
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tables]:
    folder = tmp_path_factory.mktemp("compiled")
    return request.param, read_tables(folder, compile_to(request.param, folder))


def test_tiny_tables_are_as_written_down(tiny: Tables, update_golden: bool) -> None:
    lines = [
        json.dumps({"config": name, **row}, ensure_ascii=False)
        for name, rows in tiny.items()
        if name != "articles"  # its rows are those of the other tables, see below
        for row in rows
    ]
    if update_golden:
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    hint = "if this is right, regenerate: pytest tests/test_tables.py --update-golden, and read the diff"
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines(), hint


def test_articles_hold_the_rows_of_the_other_tables(compiled: tuple[Path, Tables]) -> None:
    _, tables = compiled
    for article in tables["articles"]:
        for layer in articles.LAYERS:
            rows = [row for row in tables[layer] if row["article_id"] == article["article_id"]]
            kept = [
                {key: value for key, value in row.items() if key not in ("split", "article_id", "fold")}
                for row in rows
            ]
            assert article[layer] == kept
        assert {row["split"] for row in rows} == {article["split"]}


def spans(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from spans(item)


def test_every_span_of_every_table_is_cut_from_its_article(compiled: tuple[Path, Tables]) -> None:
    root, tables = compiled
    layout = Layout(root)
    texts = {article: read_text(layout.text(article)) for article in read_splits(layout).article_ids()}
    checked = 0
    for rows in tables.values():
        for row in rows:
            own = {name: row[name] for name in ("start", "end", "text") if name in row}
            for name, value in (*row.items(), ("own", own)):
                article = row.get("article_id") or row.get(f"article_id_{name[-1]}")
                for span in spans(value):
                    assert span["text"] == texts[article][span["start"] : span["end"]]
                    assert span["text"] or name == "repairs", "only what is inserted is empty"
                    checked += 1
    assert checked > 200


def test_tokens_and_tags_line_up(compiled: tuple[Path, Tables]) -> None:
    for row in compiled[1]["sentences"]:
        lengths = {
            len(row[name]) for name in ("tokens", "token_starts", "token_ends", "ner_tags", "ner_tag_names")
        }
        assert len(lengths) == 1
        offset = row["start"]
        for token, start, end in zip(row["tokens"], row["token_starts"], row["token_ends"], strict=True):
            assert row["text"][start - offset : end - offset] == token


def test_every_name_adjective_and_value_is_tagged_in_its_sentence(compiled: tuple[Path, Tables]) -> None:
    _, tables = compiled
    tagged = {
        (row["article_id"], start, name[2:])
        for row in tables["sentences"]
        for start, name in zip(row["token_starts"], row["ner_tag_names"], strict=True)
        if name.startswith("B-")
    }
    mentions = [row for row in tables["entities"] if row["form"] in ("name", "adjective", "value")]
    outermost = [
        row
        for row in mentions
        if not any(
            other is not row
            and other["article_id"] == row["article_id"]
            and other["start"] <= row["start"]
            and row["end"] <= other["end"]
            for other in mentions
        )
    ]
    assert tagged == {(row["article_id"], row["start"], row["type"]) for row in outermost}
    assert outermost


def test_class_labels_and_their_twins_agree(compiled: tuple[Path, Tables]) -> None:
    _, tables = compiled
    for config, column, twin in (
        ("sentences", "checkability_label", "checkability"),
        ("claim_pairs", "relation_label", "relation"),
    ):
        known = {(row[column], row[twin]) for row in tables[config]}
        assert len({code for code, _ in known}) == len({name for _, name in known}) == len(known)
        assert all((code is None) == (name is None) for code, name in known)
    assert all(row["relation_label"] is not None for row in tables["claim_pairs"])


def test_items_stand_in_their_sentences(compiled: tuple[Path, Tables]) -> None:
    _, tables = compiled
    sentences = {row["sentence_id"]: row for row in tables["sentences"]}
    for config, place in (("quotes", "content"), ("claims", "spans")):
        for row in tables[config]:
            first, last = row[place][0], row[place][-1]
            assert row["sentence_id"] == row["sentence_ids"][0]
            assert sentences[row["sentence_ids"][0]]["start"] <= first["start"]
            assert last["end"] <= sentences[row["sentence_ids"][-1]]["end"]
            assert row["block_id"] == sentences[row["sentence_id"]]["block_id"]
    for row in tables["entities"]:
        assert sentences[row["sentence_id"]]["start"] <= row["start"] < sentences[row["sentence_id"]]["end"]


def test_rows_are_sorted_and_keys_are_unique(compiled: tuple[Path, Tables]) -> None:
    for config in CONFIGS:
        rows = compiled[1][config.name]
        keys = [tuple(row[name] for name in config.key) for row in rows]
        assert len(set(keys)) == len(keys)
        for split in {row["split"] for row in rows}:
            ordered = [
                row.get("article_id") or row.get("article_id_a") or row[config.key[0]]
                for row in rows
                if row["split"] == split
            ]
            assert ordered == sorted(ordered), (config.name, split)


def all_columns(columns: tuple[Column, ...]) -> Iterator[Column]:
    for column in columns:
        yield column
        yield from all_columns(fields(column.feature))


def test_every_column_says_what_it_holds() -> None:
    for config in CONFIGS:
        names = [column.name for column in config.columns]
        assert len(set(names)) == len(names)
        for column in all_columns(config.columns):
            assert column.description.endswith((".", "…")), (config.name, column.name)
            assert "\n" not in column.description
        assert set(config.key) <= set(names)
        assert {name.partition(".")[0] for name in config.counted} <= set(names)
    assert isinstance(CONFIGS[4].columns[-1].feature, ListOf)
    assert isinstance(CONFIGS[4].columns[-1].feature.item, Struct)


# --- claims and their pairs (test_pairs.py says which there are)


def test_entities_of_a_claim_are_those_mentioned_wholly_inside_its_spans(
    compiled: tuple[Path, Tables],
) -> None:
    _, tables = compiled
    mentions = [row for row in tables["entities"] if row["entity_id"]]
    for row in tables["claims"]:
        inside = {
            mention["entity_id"]
            for mention in mentions
            for span in row["spans"]
            if mention["article_id"] == row["article_id"]
            and span["start"] <= mention["start"]
            and mention["end"] <= span["end"]
        }
        assert row["entity_ids"] == sorted(inside)


def test_all_related_pairs_are_stored(compiled: tuple[Path, Tables]) -> None:
    """Count the non-neutral pairs from the claims table and the registry alone."""
    root, tables = compiled
    relations = close(read_registry(Layout(root)).claims)
    made = [(row["article_id"], row["claim_id"], row["canonical_id"]) for row in tables["claims"]]
    expected = {
        (a, b): "equivalent" if x == y else relations[x][y].relation
        for article_a, a, x in made
        for article_b, b, y in made
        if article_a < article_b and x and y and (x == y or y in relations.get(x, {}))
    }
    stored = {
        (row["claim_id_a"], row["claim_id_b"]): row["relation"]
        for row in tables["claim_pairs"]
        if row["origin"] == "relation"
    }
    assert stored == expected
    assert set(stored.values()) > {"equivalent", "contradicts"}
