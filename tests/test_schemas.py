"""Judging documents: kinds, engines that agree, and errors that a person can use."""

import copy
import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from retold.schemas import MAX_MESSAGE, SchemaError, Schemas, find_schema_folder

REPOSITORY = Path(__file__).resolve().parents[1]
SCHEMA = REPOSITORY / "schema"
TINY = REPOSITORY / "tests" / "fixtures" / "valid" / "tiny"
SCHEMAS = Schemas(SCHEMA)

JsonPath = tuple[str | int, ...]


def files() -> list[Path]:
    return sorted([*TINY.rglob("*.json"), *(SCHEMA / "vocab").glob("*.json")])


def kind_of(path: Path) -> str:
    kind = SCHEMAS.kind_of(path)
    assert kind is not None, path
    return kind


def document(kind: str) -> Any:
    return json.loads(next(path for path in files() if kind_of(path) == kind).read_text("utf-8"))


@pytest.mark.parametrize("path", files(), ids=lambda path: "/".join(path.parts[-2:]))
def test_valid_documents_are_accepted(path):
    parsed = json.loads(path.read_text("utf-8"))
    assert SCHEMAS.errors(kind_of(path), parsed) == []
    assert SCHEMAS.accepts(kind_of(path), parsed)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("raw/shuts-the-door.json", "metadata"),
        ("raw/shuts-the-door.txt", None),
        ("annotations/splits.json", "splits"),
        ("annotations/shuts-the-door/quotes.json", "quotes"),
        ("annotations/shuts-the-door/qoutes.json", None),
        ("annotations/shuts-the-door/repairs.json", "repairs"),
        ("annotations/_registry/claims.json", "registry-claims"),
        ("annotations/_registry/quotes.json", None),
        ("annotations/_passes/a/shuts-the-door/claims.json", "claims"),
        ("annotations/_passes/a/_registry/topics.json", "registry-topics"),
        ("annotations/_guidelines/quotes.json", None),
        ("schema/vocab/certainty.json", "vocab"),
        ("schema/vocab/mediatopics.json", "mediatopics"),
        ("schema/issues.json", "issues"),
    ],
)
def test_a_file_is_of_the_kind_that_its_name_and_folder_say(path, kind):
    assert SCHEMAS.kind_of(Path(path)) == kind
    assert SCHEMAS.kind_of(Path("/some/where") / path) == kind


def test_errors_say_where_and_what():
    quotes = document("quotes")
    quote = quotes["quotes"][0]
    quote["contnt"] = quote.pop("content")
    quote["type"] = "mixd"
    quote["id"] = "q1"
    quote["speaker"] = 3
    quotes["article_sha256"] = "x" * 10_000
    assert SCHEMAS.errors("quotes", quotes) == [
        SchemaError(
            ("article_sha256",),
            f'"{"x" * 59}…" has not the form expected here, for example "{"0" * 59}…"',
        ),
        SchemaError(("quotes", 0), 'the key "content" is missing'),
        SchemaError(("quotes", 0, "contnt"), 'no key "contnt" is allowed here; did you mean "content"?'),
        SchemaError(
            ("quotes", 0, "id"),
            '"q1" has not the form expected here, for example "shuts-the-door-q02"',
        ),
        SchemaError(("quotes", 0, "speaker"), "string or null expected, not 3"),
        SchemaError(("quotes", 0, "type"), '"mixd" is not one of "direct", "indirect", "mixed"'),
    ]


@pytest.mark.parametrize("value", [None, [], [[]], "x", 3, 1.5, True, math.nan, {}, {"quotes": {"a": 1}}])
@pytest.mark.parametrize("kind", ["quotes", "metadata", "splits", "registry-claims", "vocab"])
def test_documents_of_a_wrong_form_are_refused_with_short_words(kind, value):
    errors = SCHEMAS.errors(kind, value)
    assert errors
    assert all(0 < len(error.message) <= MAX_MESSAGE for error in errors)


def test_a_big_value_is_never_repeated_in_full():
    registry = document("registry-entities")
    registry["entities"] = {f"key {number}" * 50: ["x" * 1000] for number in range(100)}
    registry["x" * 10_000] = registry["entities"]
    assert all(len(error.message) <= MAX_MESSAGE for error in SCHEMAS.errors("registry-entities", registry))


@pytest.mark.parametrize("place", [(), ("quotes",), ("quotes", 0), ("quotes", 0, "content"), ("article",)])
def test_a_document_as_deep_as_parsers_allow_is_refused_like_any_other(place):
    deep: Any = []
    for _ in range(1000):
        deep = [deep]
    quotes = document("quotes")
    if place:
        look(quotes, place[:-1])[place[-1]] = deep
    errors = SCHEMAS.errors("quotes", quotes if place else deep)
    assert any(error.path[: len(place)] == place for error in errors)
    assert all(0 < len(error.message) <= MAX_MESSAGE for error in errors)


def test_a_refusal_that_only_the_fast_engine_makes_is_shown_in_its_words(tmp_path):
    (tmp_path / "odd.schema.json").write_text('{"type": "string", "pattern": "^[a-z]$"}', encoding="utf-8")
    (error,) = Schemas(tmp_path).errors("odd", "a\n")  # Python's $ stands before a line break at the end too
    assert error.path == ()
    assert "^[a-z]$" in error.message


def paths_in(value: object, path: JsonPath = ()) -> Iterator[JsonPath]:
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from paths_in(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from paths_in(value[index], (*path, index))


def look(value: Any, path: JsonPath) -> Any:
    for step in path:
        value = value[step]
    return value


VALUES = [
    None,
    "",
    " ",
    "x",
    "x\n",
    "a b",
    "١",
    "article",
    0,
    -1,
    1.0,
    1.5,
    10**20,
    True,
    [],
    {},
    [None],
    [{}],
]


def mutated(value: Any, path: JsonPath, how: int) -> Any:
    """Return a copy of ``value``, changed in way ``how`` (any number) at ``path``."""
    value = copy.deepcopy(value)
    parent, step = look(value, path[:-1]), path[-1]
    special = ["delete", "extra", "newline", "double"]
    kind = how % (len(special) + len(VALUES))
    if kind >= len(special):
        parent[step] = VALUES[kind - len(special)]
    elif special[kind] == "delete":
        del parent[step]
    elif special[kind] == "newline":
        parent[step] = f"{parent[step]}\n"
    elif special[kind] == "double":
        parent[step] = [parent[step], parent[step]]
    elif isinstance(parent, dict):
        parent["extra"] = parent[step]
    else:
        parent.append(parent[step])
    return value


def slow_engine(kind: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS.schema(kind), format_checker=FormatChecker(["date"]))


KINDS = sorted({kind_of(path) for path in files()})
SLOW = {kind: slow_engine(kind) for kind in KINDS}


def short(value: Any) -> Any:
    """Return a document with at most three items a list: more say nothing new to a schema."""
    if isinstance(value, dict):
        return {key: short(member) for key, member in value.items()}
    return [short(member) for member in value[:3]] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_agree_over_mutated_documents(kind):
    original = short(document(kind))
    places = [path for path in paths_in(original) if path]
    random.Random(0).shuffle(places)
    refused = 0
    for number, place in enumerate(places[:50]):
        for how in range(len(VALUES) + 4):
            changed = mutated(original, place, how)
            accepted = SCHEMAS.accepts(kind, changed)
            assert accepted == SLOW[kind].is_valid(changed), (place, how, number)
            refused += not accepted
    assert refused > len(places[:50]) * 8  # the mutations do bite


@settings(derandomize=True, deadline=None, max_examples=150)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_what_is_refused_is_explained_and_what_is_accepted_is_not(kind, data):
    changed = short(document(kind))
    for _ in range(data.draw(st.integers(1, 3))):
        places = [path for path in paths_in(changed) if path]
        if places:
            changed = mutated(changed, data.draw(st.sampled_from(places)), data.draw(st.integers(0, 99)))
    errors = SCHEMAS.errors(kind, changed)
    assert bool(errors) != SCHEMAS.accepts(kind, changed)
    assert bool(errors) != SLOW[kind].is_valid(changed)
    for error in errors:
        look(changed, error.path)  # every path leads to something that is there
        assert 0 < len(error.message) <= MAX_MESSAGE


@pytest.mark.parametrize("number", [math.nan, math.inf, 1e300])
def test_numbers_that_are_no_offset_are_refused_and_explained(number):
    segments = document("segments")
    segments["blocks"][0]["start"] = number
    errors = SCHEMAS.errors("segments", segments)
    assert {error.path for error in errors} == {("blocks", 0, "start")}


def test_validators_are_made_when_first_asked_for_and_kept():
    schemas = Schemas(SCHEMA)
    assert schemas._validators == {}
    schemas.accepts("quotes", {})
    first = schemas._validators["quotes"]
    schemas.accepts("quotes", {})
    assert schemas._validators == {"quotes": first}
    assert isinstance(first, jsonschema_rs.Draft202012Validator)


def test_a_kind_without_a_schema_names_the_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"quotes\.schema\.json"):
        Schemas(tmp_path).accepts("quotes", {})


def test_the_corpus_own_schemas_come_before_the_package_s(tmp_path):
    assert find_schema_folder(tmp_path) == SCHEMA
    (tmp_path / "schema").mkdir()
    assert find_schema_folder(tmp_path) == SCHEMA  # an empty folder holds no contract
    (tmp_path / "schema" / "quotes.schema.json").write_text("{}", encoding="utf-8")
    assert find_schema_folder(tmp_path) == tmp_path / "schema"


def test_vocabularies_give_labels_in_order_with_definitions():
    labels = SCHEMAS.vocabulary("checkability")
    assert list(labels) == ["checkable", "vague", "none"]
    assert all(labels.values())
    topic = SCHEMAS.mediatopics()["medtop:20000062"]
    assert (topic.label, topic.broader, topic.retired) == ("war", "medtop:20000056", None)


def test_jsonschema_is_not_imported_for_what_is_accepted():
    code = (
        "import json, sys; from pathlib import Path; from retold.schemas import Schemas;"
        f"splits = json.loads(Path({str(TINY / 'annotations/splits.json')!r}).read_text());"
        f"assert Schemas(Path({str(SCHEMA)!r})).accepts('splits', splits);"
        "print(sorted({'jsonschema', 'pyarrow', 'datasets', 'numpy', 'pandas'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY / "scripts"
    )
    assert result.stdout == "[]\n"
