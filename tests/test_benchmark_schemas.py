"""The schemas of predictions: described, closed, true to the label sets, read alike by both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from corpora import REPOSITORY
from retold.benchmark.tasks import TASKS
from retold.schemas import Schemas
from test_schema_files import GOOD_AND_BAD, is_property, nodes, referred

SCHEMA = REPOSITORY / "schema"
FOLDER = SCHEMA / "predictions"
DOCUMENTS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*")
}
EXTRA_LABELS = {"other"}  # of checkability: of a tool that does not tell vague from none
Json = dict[str, Any]


def test_every_task_has_one():
    assert set(DOCUMENTS) == {*TASKS, "system"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_valid_described_and_closed(name):
    document = DOCUMENTS[name]
    Draft202012Validator.check_schema(document)
    assert document["title"]
    assert document["description"]
    for path, node in nodes(document):
        if is_property(path):
            assert node.get("description") or referred(document, node)["description"], path
        if "properties" in node and path[-1:] != ("properties",):
            assert node["additionalProperties"] is False, path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_labels_are_those_of_the_vocabulary(name):
    for path, node in nodes(DOCUMENTS[name]):
        if "x-vocabulary" in node:
            labels = [label for label in node["enum"] if label is not None]
            assert labels == list(Schemas(SCHEMA).vocabulary(node["x-vocabulary"])), path


def test_labels_of_checkability():
    labels = DOCUMENTS["checkability"]["$defs"]["sentence"]["properties"]["label"]["enum"]
    assert set(labels) == set(Schemas(SCHEMA).vocabulary("checkability")) | EXTRA_LABELS


def test_definitions_are_the_same_in_all():
    seen: dict[str, Json] = {}
    shared = {"article_id", "sha256", "start", "end", "text", "span", "name", "claim_id", "id", "score"}
    for document in DOCUMENTS.values():
        for name, definition in document.get("$defs", {}).items():
            if name in shared:
                assert seen.setdefault(name, definition) == definition


def test_patterns_are_those_that_are_tested_with_good_and_bad():
    tested = set()
    for pointer in GOOD_AND_BAD:
        kind, path = pointer.split("#/")
        node: Any = json.loads((SCHEMA / f"{kind}.schema.json").read_text("utf-8"))
        for step in path.split("/"):
            node = node[int(step)] if isinstance(node, list) else node[step]
        tested.add(node["pattern"])
    used = {
        node["pattern"] for document in DOCUMENTS.values() for _, node in nodes(document) if "pattern" in node
    }
    assert used <= tested


def lines() -> list[tuple[str, Path]]:
    folder = REPOSITORY / "build" / "predictions"
    return sorted((path.name.split(".")[0], path) for path in folder.glob("*/*.jsonl"))


@pytest.mark.parametrize("task", TASKS)
def test_committed_predictions_are_accepted_by_both_engines(task):
    fast = jsonschema_rs.Draft202012Validator(DOCUMENTS[task])
    slow = Draft202012Validator(DOCUMENTS[task])
    read = [
        json.loads(line)
        for name, path in lines()
        if name == task
        for line in path.read_text("utf-8").splitlines()
    ]
    assert read
    assert all(map(fast.is_valid, read))
    assert all(slow.is_valid(record) for record in read[::50])


SPAN = {"start": 0, "end": 4, "text": "word"}
BROKEN = [
    ("quotes", {"article": "a", "quotes": [{"content": []}]}),
    ("quotes", {"article": "a", "quotes": [{"content": [""]}]}),
    ("quotes", {"article": "a", "quotes": [{"content": [{"start": 1}]}]}),
    ("quotes", {"article": "a", "quotes": [{"content": [{}]}]}),
    ("quotes", {"article": "a", "quotes": [{"content": ["x"], "type": "free"}]}),
    ("quotes", {"article": "a", "quotes": [{"content": ["x"], "surprise": 1}]}),
    ("quotes", {"quotes": []}),
    ("quotes", {"article": "A b", "quotes": []}),
    ("entities", {"article": "a", "mentions": [{"type": "GPE"}]}),
    ("entities", {"article": "a", "mentions": [SPAN]}),
    ("entities", {"article": "a", "mentions": [{**SPAN, "start": -1, "type": "GPE"}]}),
    ("entities", {"article": "a", "mentions": [{**SPAN, "start": 1.5, "type": "GPE"}]}),
    ("entities", {"article": "a", "mentions": [{**SPAN, "start": "1", "type": "GPE"}]}),
    ("coreference", {"article": "a", "mentions": [{**SPAN, "cluster": 3}]}),
    ("linking", {"article": "a", "mentions": [SPAN]}),
    ("linking", {"article": "a", "mentions": [{**SPAN, "wikidata": "NIL"}]}),
    ("checkability", {"article": "a", "sentences": [{"label": "none"}]}),
    ("checkability", {"article": "a", "sentences": [{"sentence": "a-s001", "label": "yes"}]}),
    ("claims", {"article": "a", "claims": [{"spans": ["x"]}]}),
    ("claim-relations", {"a": "a-c001", "b": "b-c001"}),
    ("claim-relations", {"a": "a-c001", "relation": "neutral"}),
    ("claim-relations", {}),
    ("claim-relations", {"clusters": [[]]}),
    ("utterances", {"article": "a", "quotes": [{"clusters": []}]}),
    ("topics", {"article": "a", "blocks": [{"topics": []}]}),
    ("system", {"name": "x"}),
]


@pytest.mark.parametrize(("name", "record"), BROKEN, ids=map(str, range(len(BROKEN))))
def test_broken_records_are_refused_by_both_engines_and_explained(name, record):
    assert not jsonschema_rs.Draft202012Validator(DOCUMENTS[name]).is_valid(record)
    assert not Draft202012Validator(DOCUMENTS[name]).is_valid(record)
    errors = Schemas(SCHEMA).errors(f"predictions/{name}", record)
    assert errors
    assert all(error.message and "{" not in error.message for error in errors)
