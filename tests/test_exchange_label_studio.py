"""Label Studio, there and back; tests/exchange/ has a check against a real server."""

from __future__ import annotations

import copy
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from corpora import REPOSITORY, TINY, copy_tiny
from retold.cli import main
from retold.cli.corpus import read_gold
from retold.exchange import label_studio
from retold.exchange.formats import ExchangeError, Imported
from retold.exchange.layers import documents_of
from retold.layout import LAYERS, Layout
from retold.records import Article, Registry

Json = dict[str, Any]
Gold = tuple[tuple[Article, ...], Registry]


@pytest.fixture(scope="module", params=[REPOSITORY, TINY], ids=["corpus", "tiny"])
def gold(request: pytest.FixtureRequest) -> Gold:
    return read_gold(Layout(request.param))


@pytest.fixture(scope="module")
def tiny_gold() -> Gold:
    return read_gold(Layout(TINY))


@pytest.fixture(scope="module")
def tasks(tiny_gold) -> list[Json]:
    return [label_studio.task_of(article) for article in tiny_gold[0]]


def reread(tasks: object, folder: Path) -> list[Imported]:
    path = folder / "export.json"
    path.write_text(json.dumps(tasks), "utf-8")
    return list(label_studio.read(path, None))


def test_label_studio_gives_all_layers_back(gold, tmp_path):
    articles, registry = gold
    report = label_studio.export(articles, registry, tmp_path)
    assert report.losses == ()
    assert frozenset(LAYERS) == label_studio.HOLDS
    for place in (tmp_path, tmp_path / "tasks.json"):
        read = list(label_studio.read(place, None))
        assert [item.article for item in read] == [article.id for article in articles]
        for item, article in zip(read, articles, strict=True):
            assert item.notices == ()
            assert item.text == article.text
            assert item.layers == {layer: documents_of(article)[layer] for layer in LAYERS}


def test_label_studio_results_stand_where_they_say(gold):
    for article in gold[0]:
        (annotation,) = label_studio.task_of(article)["annotations"]
        places: dict[str, tuple[int, int]] = {}
        for entry in annotation["result"]:
            value = entry.get("value", {})
            if entry["type"] == "labels":
                assert entry["id"] not in places
                places[entry["id"]] = value["start"], value["end"]
                assert value["text"] == article.text[value["start"] : value["end"]]
            elif "start" in value:
                assert (value["start"], value["end"]) == places[entry["id"]]
            elif entry["type"] == "relation":
                assert {entry["from_id"], entry["to_id"]} <= places.keys()
        items = [*article.mentions, *article.quotes, *article.claims, *article.blocks]
        assert {item.id for item in items} <= places.keys()


def test_label_studio_configuration_has_all_that_results_use(gold, tmp_path):
    label_studio.export(*gold, tmp_path)
    root = ET.parse(tmp_path / "config.xml").getroot()
    controls = {element.get("name"): element for element in root.iter() if element.get("toName")}
    names = [element.get("name") for element in root.iter() if element.get("name")]
    assert len(names) == len(set(names))
    for task in json.loads((tmp_path / "tasks.json").read_text("utf-8")):
        for entry in task["annotations"][0]["result"]:
            if entry["type"] == "relation":
                continue
            control = controls[entry["from_name"]]
            assert control.tag.lower() == entry["type"]
            chosen = entry["value"].get("labels") or entry["value"].get("choices") or []
            there = {option.get("alias") or option.get("value") for option in control}
            assert set(chosen) <= there


def test_label_studio_sdk_accepts_configuration_and_annotations(gold, tmp_path):
    interface = pytest.importorskip("label_studio_sdk.label_interface").LabelInterface
    label_studio.export(*gold, tmp_path)
    project = interface((tmp_path / "config.xml").read_text("utf-8"))
    project.validate()
    for task in json.loads((tmp_path / "tasks.json").read_text("utf-8")):
        assert project.validate_task({"id": 1, "data": task["data"]})
        (annotation,) = task["annotations"]
        assert project.validate_annotation(annotation)
        annotation["result"][0]["value"]["labels"] = ["nonsense"]
        assert not project.validate_annotation(annotation)


def drawn(entry: str, number: int, label: str, start: int, end: int) -> Json:
    """A region as Label Studio's page makes one."""
    return {
        "id": f"Xy{number}_kQ",
        "from_name": entry,
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
        "value": {"start": start, "end": end, "labels": [label]},
    }


def related(source: int, target: int, direction: str = "right") -> Json:
    ends = {"from_id": f"Xy{source}_kQ", "to_id": f"Xy{target}_kQ"}
    return {**ends, "type": "relation", "direction": direction, "labels": []}


def test_label_studio_reads_what_was_drawn_by_hand(tmp_path):
    text = "Brandt said: “No.” He\nadded little."
    data = {"article": "made", "text": text}
    regions = [
        drawn("quote", 1, "quote", *place(text, "No.")),
        drawn("quote", 2, "cue", *place(text, "said")),
        drawn("quote", 3, "source", *place(text, "Brandt")),
        drawn("quote", 4, "content", *place(text, "little")),
        drawn("claim", 5, "claim", *place(text, "No")),
        drawn("claim", 6, "spans", *place(text, "little")),
        drawn("quote", 7, "quote", *place(text, "Brandt said")),
        drawn("mention", 8, "PERSON", *place(text, "He\nadded")),
        drawn("block", 9, "paragraph", 0, len(text)),
        drawn("sentence", 10, "sentence", 0, len(text)),
    ]
    for region in regions:  # as the page writes words: line ends escaped
        region["value"]["text"] = text[region["value"]["start"] : region["value"]["end"]].replace("\n", "\\n")
    value = {**regions[0]["value"], "choices": ["direct"]}
    field = {"id": "Xy1_kQ", "from_name": "quote_type", "to_name": "text", "type": "choices", "value": value}
    note = {"id": "Xy8_kQ", "from_name": "mention_note", "type": "textarea", "value": {"text": "why"}}
    relations = [
        related(1, 2),
        related(3, 1),
        related(1, 4, "left"),
        related(6, 5),
        related(5, 1),
        related(1, 7),
    ]
    task = {"data": data, "annotations": [{"result": [*relations, field, note, *regions]}]}
    (item,) = reread([task], tmp_path)
    assert item.notices == ()
    outer, inner = item.layers["quotes"]["quotes"]
    assert (outer["id"], inner["id"]) == ("made-q01", "made-q02")
    assert (inner["parent"], inner["type"], inner["speaker"]) == ("made-q01", "direct", None)
    assert [part["text"] for part in inner["content"]] == ["No.", "little"]
    assert [part["text"] for part in (*inner["cue"], *inner["source"])] == ["said", "Brandt"]
    (claim,) = item.layers["claims"]["claims"]
    assert (claim["quote"], claim["sentence"], len(claim["spans"])) == ("made-q02", "made-s001", 2)
    (mention,) = item.layers["entities"]["mentions"]
    assert (mention["text"], mention["note"]) == ("He\nadded", "why")


def place(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def test_label_studio_numbers_new_items_after_the_old_ones(tasks, tmp_path):
    changed = copy.deepcopy(tasks[:1])
    changed[0]["annotations"][0]["result"].append(drawn("mention", 1, "GPE", 0, 3))
    (item,) = reread(changed, tmp_path)
    (before,) = reread(tasks[:1], tmp_path)
    old = [mention["id"] for mention in before.layers["entities"]["mentions"]]
    new = [mention["id"] for mention in item.layers["entities"]["mentions"]]
    assert new == [f"{item.article}-m{len(old) + 1:03}", *old]


def test_label_studio_chooses_no_annotation_by_itself(tasks, tmp_path):
    first = tasks[0]["annotations"][0]
    empty = {"result": []}
    with pytest.raises(ExchangeError, match=r"2 annotations\. Mark the one to read as ground truth"):
        reread([{**tasks[0], "annotations": [first, empty]}], tmp_path)
    marked = [first, {**empty, "ground_truth": True}]
    assert reread([{**tasks[0], "annotations": marked}], tmp_path)[0].layers["quotes"]["quotes"] == []
    cancelled = [first, {**empty, "was_cancelled": True}]
    assert reread([{**tasks[0], "annotations": cancelled}], tmp_path)[0].layers["quotes"]["quotes"]
    (item,) = reread([{**tasks[0], "annotations": []}], tmp_path)
    assert (item.layers, item.notices) == ({}, ("dam-stays-shut: no annotation",))


def region(**changes: object) -> Json:
    value = {"start": 0, "end": 3, "labels": ["GPE"]} | dict(changes.pop("value", {}))  # type: ignore[call-overload]
    return {"id": "r1", "from_name": "mention", "type": "labels", "value": value, **changes}


CHOICE = {"id": "r1", "from_name": "mention_form", "type": "choices", "value": {"choices": ["name"]}}


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "no list of results"),
        ([7], "result 0: no object"),
        ([region(id=7)], "result 0: 'id' is no text"),
        ([{**region(), "value": None}], "result 0: no value"),
        ([region(value={"start": -1})], "'start' is no offset: -1"),
        ([region(value={"end": True})], "'end' is no offset: True"),
        ([region(value={"end": "3"})], "'end' is no offset: '3'"),
        ([region(value={"labels": ["GPE", "ORG"]})], "a region has one label"),
        ([region(value={"labels": []})], "a region has one label"),
        ([region(), region()], "result 1: there is a region 'r1' already"),
        ([region(), {**CHOICE, "value": {"choices": [7]}}], "result 1: 'choices' is no list of choices"),
        ([{"type": "relation", "from_id": "r1"}], "result 0: 'to_id' is no text"),
    ],
)
def test_label_studio_refuses_broken_results(result, message, tmp_path):
    task = {"data": {"article": "made", "text": "Org won."}, "annotations": [{"result": result}]}
    with pytest.raises(ExchangeError, match=re.escape(message)) as caught:
        reread([task], tmp_path)
    assert "task 0" in str(caught.value)


@pytest.mark.parametrize(
    ("result", "notice"),
    [
        ([region(from_name="ner")], "result 0: 'ner' is no control of the project"),
        ([{**CHOICE, "from_name": "mood"}], "result 0: 'mood' is no control of the project"),
        ([CHOICE], "result 0: mention_form of a region that is not there"),
        ([region(), {**CHOICE, "from_name": "quote_type"}], "result 1: a Mention has no quote_type"),
        ([region(), {"type": "relation", "from_id": "r1", "to_id": "r2"}], "r1 and r2 leads nowhere"),
        ([region(), {"type": "relation", "from_id": "r1", "to_id": "r1"}], "have no relation"),
        ([region(from_name="quote", value={"labels": ["cue"]})], "is a cue that no relation ties to a Quote"),
        (
            [region(), {"type": "relation", "from_id": "r1", "to_id": "r1", "direction": "bi"}],
            "a relation has one direction, not 'bi'",
        ),
    ],
)
def test_label_studio_says_what_it_leaves_out(result, notice, tmp_path):
    task = {"data": {"article": "made", "text": "Org won."}, "annotations": [{"result": result}]}
    (item,) = reread([task], tmp_path)
    assert any(notice in line and line.endswith("left out") for line in item.notices), item.notices


def test_label_studio_notices_what_contradicts_itself(tasks, tmp_path):
    changed = copy.deepcopy(tasks[1:2])
    result = changed[0]["annotations"][0]["result"]
    nested = next(entry["from_id"] for entry in result if entry.get("labels") == ["parent"])
    other = next(e["id"] for e in result if e.get("from_name") == "quote_type" and e["id"] != nested)
    ends = {"from_id": nested, "to_id": other}
    result.append({**ends, "type": "relation", "direction": "right", "labels": []})
    sentence = next(entry for entry in result if entry.get("from_name") == "sentence")
    extra = {"to_name": "text", "id": sentence["id"], "type": "choices", "value": {"choices": ["medtop:1"]}}
    result.append({**extra, "from_name": "sentence_evidence"})
    told = {"id": other, "from_name": "quote_utterances", "to_name": "text", "type": "taxonomy"}
    result.append({**told, "value": {"taxonomy": [["some-remark"]]}})
    (item,) = reread(changed, tmp_path)
    for part in ("has a second parent", "is evidence of medtop:1", "some-remark without its rendering"):
        assert any(part in notice for notice in item.notices), part


def test_label_studio_keeps_notes_of_topics(tiny_gold, tmp_path):
    article = tiny_gold[0][0]
    noted = replace(article.main_topics[0], note="why: this")
    article = replace(article, main_topics=(noted, *article.main_topics[1:]))
    (item,) = reread([label_studio.task_of(article)], tmp_path)
    assert item.layers["topics"] == documents_of(article)["topics"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "no JSON"),
        ("{}", "no list of tasks. Export the project as JSON"),
        ("[" * 100_000, "no JSON"),
        ("[1]", "task 0: no data"),
        ('[{"text": "a", "label": []}]', "JSON_MIN leaves out too much"),
        ('[{"data": {"text": "a"}}]', "retold did not export it. Give a --mapping"),
        ('[{"data": {"article": "a", "text": "a"}, "annotations": 7}]', "no list of annotations"),
        (
            '[{"data": {"article": "a", "text": "\\ud800"}, "annotations": [{"result": []}]}]',
            "no JSON",
        ),
    ],
)
def test_label_studio_refuses_other_files(content, message, tmp_path):
    path = tmp_path / "export.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ExchangeError, match=re.escape(message)):
        list(label_studio.read(path, None))


def places_in(value: Any, steps: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield steps
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield from places_in(member, (*steps, key))


def test_label_studio_survives_any_damage(tasks, tmp_path):
    """Whatever stands where something else should be: an error with its place, or a reading."""
    chance = random.Random(5)
    small = copy.deepcopy(tasks[1:2])
    everywhere = [steps for steps in places_in(small) if steps]
    values = [None, True, 7, -1, 1e9, "", "x", [], {}, [[]], [None], {"x": 1}, ["x", "y", "z"]]
    refused: list[str] = []
    for _ in range(250):
        damaged = copy.deepcopy(small)
        target = damaged
        steps = chance.choice(everywhere)
        for step in steps[:-1]:
            target = target[step]
        target[steps[-1]] = chance.choice(values)
        try:
            reread(damaged, tmp_path)
        except ExchangeError as error:
            refused.append(str(error))
    assert 20 < len(refused) < 230
    assert all("export.json" in message for message in refused)


MAPPING = {
    "mentions": {"PER": {"type": "PERSON"}, "GEO": {"type": {"feature": "kind", "values": {"city": "GPE"}}}},
    "quotes": {"Quote": {"content": ["self"], "source": ["by"], "cue": ["related"]}},
    "ignore": ["Mood"],
}


def foreign(text: str) -> Json:
    words = {"Brandt": "PER", "Varn": "GEO", "No.": "Quote", "said": "Cue", "in": "Mood", "Odd": "Odd"}
    regions = [drawn("ner", n, label, *place(text, found)) for n, (found, label) in enumerate(words.items())]
    kind = {"id": "Xy1_kQ", "from_name": "kind", "type": "choices", "value": {"choices": ["city"]}}
    relations = [{**related(2, 0), "labels": ["by"]}, related(2, 3)]
    return {"id": 7, "data": {"body": text}, "annotations": [{"result": [*regions, kind, *relations]}]}


def test_label_studio_reads_foreign_projects_by_a_mapping(tmp_path):
    text = "Brandt said “No.” in Varn. Odd."
    path = tmp_path / "export.json"
    path.write_text(json.dumps([foreign(text)]), "utf-8")
    (item,) = label_studio.read(path, MAPPING)
    assert (item.article, item.text) == ("article-7", text)
    assert [m["type"] for m in item.layers["entities"]["mentions"]] == ["PERSON", "GPE"]
    (quote,) = item.layers["quotes"]["quotes"]
    assert [quote[part][0]["text"] for part in ("content", "source", "cue")] == ["No.", "Brandt", "said"]
    assert quote["speaker"] == item.layers["entities"]["mentions"][0]["entity"]
    assert [notice.split(": ", 1)[1] for notice in item.notices if "Odd" in notice] == [
        "the type Odd is not in the mapping: left out (1 annotations)"
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": None}, "the task has no id"),
        ({"data": {"a": "x", "b": "y"}}, "nor only one that is text"),
        ({"annotations": [{"result": 7}]}, "no list of results"),
        ({"annotations": [{"result": [{"type": "labels", "id": "a"}]}]}, "no value"),
        ({"annotations": [{"result": [region(value={"labels": []})]}]}, "a region has one label"),
    ],
)
def test_label_studio_refuses_broken_foreign_projects(change, message, tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps([foreign("Brandt said “No.” in Varn. Odd.") | change]), "utf-8")
    with pytest.raises(ExchangeError, match=message):
        list(label_studio.read(path, MAPPING))


def test_label_studio_export_and_import_change_nothing(tmp_path, capsys):
    root = copy_tiny(tmp_path)
    before = {path: path.read_bytes() for path in (root / "annotations").rglob("*") if path.is_file()}
    out = tmp_path / "out"
    assert main(["export", "label-studio", "--root", str(root), "--out", str(out)]) == 0
    assert main(["import", "label-studio", str(out), "--root", str(root), "--force"]) == 0
    assert "0 files written" in capsys.readouterr().out
    for path in before:
        if path.parent.name not in {"_registry", "annotations"}:
            path.unlink()
    assert main(["import", "label-studio", str(out), "--root", str(root), "--force"]) == 0
    assert before == {path: path.read_bytes() for path in (root / "annotations").rglob("*") if path.is_file()}


def test_server_script_says_how_to_run_it():
    script = REPOSITORY / "tests" / "exchange" / "label_studio_server.py"
    result = subprocess.run(
        [sys.executable, str(script), "--help"],
        env={"PYTHONPATH": str(REPOSITORY / "scripts")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "an environment of its own" in result.stdout
