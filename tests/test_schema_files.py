"""The schemas and label sets themselves: complete, described, consistent, and as strict as they claim."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from retold.schemas import Schemas

REPOSITORY = Path(__file__).resolve().parents[1]
SCHEMA = REPOSITORY / "schema"
TINY = REPOSITORY / "tests" / "fixtures" / "valid" / "tiny"
OUTPUT = "score"  # what a command prints; all others judge files of the corpus
MAPPING = "mapping"  # what a user writes beside foreign files: only what differs from the defaults
KINDS = sorted(path.name.removesuffix(".schema.json") for path in SCHEMA.glob("*.schema.json"))
DOCUMENTS = {kind: json.loads((SCHEMA / f"{kind}.schema.json").read_text("utf-8")) for kind in KINDS}
VOCABULARIES = sorted(path.stem for path in (SCHEMA / "vocab").glob("*.json") if path.stem != "mediatopics")
CONDITIONAL = {"if", "then", "else"}
MAY_BE_LEFT_OUT = {"note", "before", "votes"}

Json = dict[str, Any]
Step = tuple[tuple[str, ...], Json]


def nodes(node: object, path: tuple[str, ...] = ()) -> Iterator[Step]:
    """Yield every object of a schema with its path."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from nodes(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, (*path, str(index)))


def referred(document: Json, node: Json) -> Json:
    """Return what a node refers to."""
    for step in node["$ref"].removeprefix("#/").split("/"):
        document = document[step]
    return document


def all_nodes() -> list[tuple[str, tuple[str, ...], Json]]:
    return [(kind, path, node) for kind in KINDS for path, node in nodes(DOCUMENTS[kind])]


def is_property(path: tuple[str, ...]) -> bool:
    return len(path) >= 2 and path[-2] == "properties" and not CONDITIONAL & set(path)


def patterns() -> set[str]:
    return {node["pattern"] for _, path, node in all_nodes() if isinstance(node.get("pattern"), str)}


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_a_valid_described_2020_12_schema(kind):
    document = DOCUMENTS[kind]
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["title"]
    assert document["description"]
    Draft202012Validator.check_schema(document)
    assert jsonschema_rs.meta.is_valid(document)


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_says_what_it_means(kind):
    document = DOCUMENTS[kind]
    silent = [
        "/".join(path)
        for path, node in nodes(document)
        if is_property(path) and not (node.get("description") or referred(document, node)["description"])
    ]
    assert silent == []


@pytest.mark.parametrize("kind", KINDS)
def test_objects_are_closed_and_list_every_key(kind):
    for path, node in nodes(DOCUMENTS[kind]):
        if "properties" not in node or CONDITIONAL & set(path) or path[-1:] == ("properties",):
            continue
        assert node["additionalProperties"] is False, path
        if path[-1:] != ("value",):  # votes hold only what differs
            left_out = {key for key in node["properties"] if key not in node.get("required", [])}
            if path != ("properties", "splits") and kind not in {OUTPUT, MAPPING}:
                assert all(key in MAY_BE_LEFT_OUT or key.endswith("_note") for key in left_out), path


def test_definitions_shared_by_schemas_are_the_same_everywhere():
    seen: dict[str, tuple[str, Json]] = {}
    for kind in KINDS:
        for name, definition in DOCUMENTS[kind].get("$defs", {}).items():
            first, same = seen.setdefault(name, (kind, definition))
            assert definition == same, f"$defs/{name} of {kind} differs from the one of {first}"


def test_rules_say_what_they_ask_for():
    for kind, path, node in all_nodes():
        if path[-1:] == ("then",) and "required" in node:
            assert node["description"], (kind, path)
        if "then" in path and path[-2:-1] == ("properties",):
            assert node["description"], (kind, path)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_label_set_is_valid_and_defines_every_label(name):
    document = json.loads((SCHEMA / "vocab" / f"{name}.json").read_text("utf-8"))
    assert Schemas(SCHEMA).errors("vocab", document) == []


def test_the_list_of_issues_is_valid():
    document = json.loads((SCHEMA / "issues.json").read_text("utf-8"))
    assert Schemas(SCHEMA).errors("issues", document) == []


def test_enums_equal_the_label_sets_that_they_name():
    named = set()
    for kind, path, node in all_nodes():
        if "enum" not in node or CONDITIONAL & set(path):
            continue
        if kind in {"issues", OUTPUT}:  # the validator's and the scorer's own words, no labels
            continue
        labels = [label for label in node["enum"] if label is not None]
        expected = list(Schemas(SCHEMA).vocabulary(node["x-vocabulary"]))
        if kind == "registry-entities" and path[-1] == "type":
            expected = expected[: expected.index("DATE")]  # an entity is no time or number
        assert labels == expected, (kind, path)
        named.add(node["x-vocabulary"])
    assert named == set(VOCABULARIES) - {"pair-relation"}  # of a table's column, in no annotation file


def test_rules_speak_only_of_labels_that_exist():
    labels = {label for name in VOCABULARIES for label in Schemas(SCHEMA).vocabulary(name)} | {"article"}
    for kind, path, node in all_nodes():
        if CONDITIONAL & set(path):
            used = {*node.get("enum", ()), *([node["const"]] if isinstance(node.get("const"), str) else [])}
            assert used <= labels, (kind, path)


def test_media_topics_form_a_tree_of_active_and_retired_codes():
    document = json.loads((SCHEMA / "vocab" / "mediatopics.json").read_text("utf-8"))
    assert Schemas(SCHEMA).errors("mediatopics", document) == []
    topics = Schemas(SCHEMA).mediatopics()
    assert list(topics) == sorted(topics)
    assert topics["medtop:20000320"].retired == "2023-03-31"
    assert topics["medtop:20000062"].retired is None
    for code in topics:
        chain = [code]
        while (broader := topics[chain[-1]].broader) is not None and broader in topics:
            assert broader not in chain
            chain.append(broader)


def test_patterns_mean_the_same_to_all_engines():
    for pattern in patterns():
        assert not re.search(r"\\[dDwWsS]", pattern), pattern
        assert not pattern.startswith("^") or pattern.endswith("$(?!\\n)"), pattern


GOOD_AND_BAD = {
    "quotes#/$defs/article_id": (
        ["a", "shuts-the-door", "2014-war"],
        ["", "A", "a_b", "-a", "a-", "a--b", "ä", "a\n", "a b", "١"],
    ),
    "registry-entities#/$defs/entity_id": (["nato", "article-5", "articles"], ["article", "article\n", "N"]),
    "segments#/$defs/block_id": (["a-b07", "a-b1-b100"], ["a-b7", "a-s07", "a-b07\n", "b07", "a-b٠٧"]),
    "segments#/$defs/sentence_id": (["a-s012", "a-s1000"], ["a-s12", "a-s012 ", "A-s012", "a-s012\n"]),
    "quotes#/$defs/quote_id": (["a-q02", "a-b-q100"], ["a-q2", "q02", "a-q02\n", "a-q-02"]),
    "entities#/$defs/mention_id": (["a-m104"], ["a-m04", "a-m104\n", "a-m104x"]),
    "claims#/$defs/claim_id": (["a-c031"], ["a-c31", "a-c031\n", "-c031"]),
    "repairs#/$defs/repair_id": (["a-r01", "a-b-r100"], ["a-r1", "r01", "a-r01\n", "a-q01"]),
    "topics#/$defs/topic_code": (
        ["medtop:20000062"],
        ["20000062", "medtop:2000006", "medtop:200000620", "medtop:20000062\n", "Medtop:20000062"],
    ),
    "quotes#/$defs/sha256": (["0af" * 21 + "1"], ["0" * 63, "0" * 65, "G" * 64, "A" * 64, "0" * 64 + "\n"]),
    "quotes#/$defs/note": (["x", " x "], ["", " ", "\n\t"]),
    "quotes#/properties/$schema": (
        ["../../schema/quotes.schema.json", "../../../../schema/quotes.schema.json"],
        ["schema/quotes.schema.json", "../../schema/claims.schema.json", "../../schema/quotes.schema.json\n"],
    ),
    "segments#/properties/$schema": (["../../schema/segments.schema.json"], ["../schema/x.schema.json"]),
    "entities#/properties/$schema": (["../../schema/entities.schema.json"], ["../schema/x.schema.json"]),
    "claims#/properties/$schema": (["../../schema/claims.schema.json"], ["../schema/x.schema.json"]),
    "repairs#/properties/$schema": (["../../schema/repairs.schema.json"], ["../schema/x.schema.json"]),
    "topics#/properties/$schema": (["../../schema/topics.schema.json"], ["../schema/x.schema.json"]),
    "registry-entities#/properties/$schema": (["../../schema/registry-entities.schema.json"], ["x"]),
    "registry-utterances#/properties/$schema": (["../../schema/registry-utterances.schema.json"], ["x"]),
    "registry-claims#/properties/$schema": (["../../schema/registry-claims.schema.json"], ["x"]),
    "registry-topics#/properties/$schema": (["../../schema/registry-topics.schema.json"], ["x"]),
    "registry-use#/properties/registry": (["claims", "topics"], ["claim", "near_misses", "topics\n"]),
    "registry-use#/properties/id": (
        ["nato", "a-b", "medtop:20000062"],
        ["", "a b", "-a", "a:", "a::b", "A", "a\n"],
    ),
    "splits#/properties/$schema": (["../schema/splits.schema.json"], ["splits.schema.json"]),
    "metadata#/properties/$schema": (["../schema/metadata.schema.json"], ["metadata.schema.json"]),
    "metadata#/properties/date": (
        ["2025-02-27", "2024-02-29"],
        ["2025-2-27", "2025-02-30", "2025-13-01", "27.02.2025", "2025-02-27\n", "20250227"],
    ),
    "metadata#/properties/url": (
        ["https://example.org/a?b=c#d", "http://x"],
        ["example.org", "ftp://x", "https://", "https://a b", "https://a\n", "https://ä"],
    ),
    "metadata#/properties/language": (["en", "en-GB", "zh-Hant-TW"], ["EN", "english", "en_GB", "en\n"]),
    "registry-entities#/$defs/entity/properties/wikidata": (["Q1", "Q22686"], ["Q0", "q1", "Q1\n", "Q01"]),
    "registry-utterances#/$defs/utterance/properties/date": (
        ["2025", "2025-02", "2025-02-26"],
        ["25", "2025-00", "2025-02-32", "2025-02-26\n", "2025-02-26T10:00"],
    ),
    "entities#/$defs/mention/allOf/5/then/properties/value": (
        ["2025-02-23", "2022-02", "2014", "P10Y", "PXY", "P2W", "PT3H", "PRESENT_REF", "2025-W08",
         "2025-W08-WE", "2024-Q1", "2024-FA", "199X", "2025-02-26T14:30", "2025-02-26TMO", "P1.5Y", "P1Y6M"],
        ["", "yesterday", "2025/02/23", "10Y", "P", "PRESENT", "2025-02-23\n", "2025-2", "present_ref"],
    ),
    "entities#/$defs/mention/allOf/6/then/properties/value": (
        ["500000000000 USD", "1.5 EUR"],
        ["500 billion USD", "$5", "5USD", "5 usd", "5 USD\n", "5,000 USD"],
    ),
    "entities#/$defs/mention/allOf/7/then/properties/value": (["50 %", "0.5 %"], ["50%", "50", "50 %\n"]),
    "entities#/$defs/mention/allOf/8/then/properties/value": (
        ["30 km", "2.5 square kilometres"],
        ["30", "km", "30 ", "30  km", "30 km\n"],
    ),
    "entities#/$defs/mention/allOf/9/then/properties/value": (["3", "0.2"], ["third", "1/5", "-1", "3\n"]),
    "mediatopics#/properties/version": (["2025-03-31"], ["2025", "2025-03-31\n"]),
    "vocab#/properties/labels/propertyNames": (["core", "WORK_OF_ART"], ["", "a b", "a-", "a_", "a\n"]),
    "issues#/$defs/issue/properties/code": (["span-text-mismatch"], ["Span", "span_text", "-a", "a\n", "1a"]),
}  # fmt: skip


def find(pointer: str) -> Json:
    kind, path = pointer.split("#/")
    node: Any = DOCUMENTS[kind]
    for step in path.split("/"):
        node = node[int(step)] if isinstance(node, list) else node[step]
    return node


@pytest.mark.parametrize("pointer", GOOD_AND_BAD)
def test_patterns_take_the_good_and_refuse_the_bad(pointer):
    node = find(pointer)
    good, bad = GOOD_AND_BAD[pointer]
    fast = jsonschema_rs.Draft202012Validator(node, validate_formats=True)
    slow = Draft202012Validator(node, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for value in [*good, *node.get("examples", ())]:
        assert fast.is_valid(value), value
        assert slow.is_valid(value), value
    for value in bad:
        assert not fast.is_valid(value), value
        assert not slow.is_valid(value), value


def test_every_pattern_has_its_table_of_good_and_bad():
    assert {find(pointer)["pattern"] for pointer in GOOD_AND_BAD} == patterns()


# A rule -> where it is tested: kind, list, what the item must be, what is changed, where the error stands.
BROKEN_RULES = {
    "a mixed quote lists the words inside its quotation marks in verbatim": (
        "quotes", "quotes", {"type": "mixed"}, {"verbatim": []}, "verbatim"),
    "a mixed quote has the marking quotation_marks": (
        "quotes", "quotes", {"type": "mixed"}, {"marking": "none"}, "marking"),
    "verbatim is filled only for mixed quotes": (
        "quotes", "quotes", {"type": "mixed"}, {"type": "indirect", "marking": "none"}, "verbatim"),
    "an indirect quote has the marking none (mixed, if some of its own words stand in marks)": (
        "quotes", "quotes", {"type": "indirect"}, {"marking": "quotation_marks"}, "marking"),
    "a quote with verbatim words (direct, mixed) has the attitude communication": (
        "quotes", "quotes", {"type": "direct"}, {"attitude": "belief"}, "attitude"),
    "an interview turn (marking turn_label) has the type direct": (
        "quotes", "quotes", {"marking": "turn_label"}, {"type": "indirect"}, "type"),
    "an interview turn (marking turn_label) has no cue": (
        "quotes", "quotes", {"marking": "turn_label"}, {"cue": [{"text": "x", "start": 0, "end": 1}]}, "cue"),
    "cue_group is empty where cue is": ("quotes", "quotes", {"type": "mixed"}, {"cue": []}, "cue_group"),
    "cue_group holds the cue's verb group wherever there is a cue": (
        "quotes", "quotes", {"type": "mixed"}, {"cue_group": []}, "cue_group"),
    "a value is of type DATE, TIME, PERCENT, MONEY, QUANTITY, ORDINAL or CARDINAL": (
        "entities", "mentions", {"form": "value"}, {"type": "GPE"}, "type"),
    "a value has no entity": ("entities", "mentions", {"form": "value"}, {"entity": "x"}, "entity"),
    "metonym_of stands only beside an entity": (
        "entities", "mentions", {"form": "value"}, {"metonym_of": "x"}, "metonym_of"),
    "only a mention of form value has a time or number type": (
        "entities", "mentions", {"form": "name"}, {"type": "DATE"}, "type"),
    "every mention but a value has an entity": (
        "entities", "mentions", {"form": "name"}, {"entity": None}, "entity"),
    "only a mention of form value has a value": (
        "entities", "mentions", {"form": "name"}, {"value": "5"}, "value"),
    "only a mention of form value has a modifier": (
        "entities", "mentions", {"form": "name"}, {"modifier": "APPROX"}, "modifier"),
    "an adjective is of type NORP": ("entities", "mentions", {"form": "adjective"}, {"type": "GPE"}, "type"),
    "a nominal or pronoun is of type PERSON, ORG, GPE, LOC or EVENT": (
        "entities", "mentions", {"form": "pronoun"}, {"type": "LAW"}, "type"),
    "metonym_of stands only on names and nominals": (
        "entities", "mentions", {"form": "pronoun"}, {"metonym_of": "x"}, "metonym_of"),
    "the value of a DATE or TIME is a TIMEX3 value": (
        "entities", "mentions", {"form": "value"}, {"type": "DATE", "value": "soon"}, "value"),
    "the value of MONEY is a number and an ISO 4217 code": (
        "entities", "mentions", {"form": "value"}, {"type": "MONEY", "value": "$5"}, "value"),
    "the value of PERCENT is a number and %": (
        "entities", "mentions", {"form": "value"}, {"type": "PERCENT", "value": "5"}, "value"),
    "the value of QUANTITY is a number and a unit": (
        "entities", "mentions", {"form": "value"}, {"type": "QUANTITY", "value": "5"}, "value"),
    "the value of ORDINAL or CARDINAL is a number": (
        "entities", "mentions", {"form": "value"}, {"type": "ORDINAL", "value": "third"}, "value"),
    "a value that cannot be normalised (value null) needs a note": (
        "entities", "mentions", {"form": "value"}, {"value": None}, None),
    "checkability none needs a reason": (
        "claims", "sentences", {"checkability": "none"}, {"reason": None}, "reason"),
    "reason is null unless checkability is none": (
        "claims", "sentences", {"checkability": "none"}, {"checkability": "vague"}, "reason"),
    "the claimant of a position is its holder, never article": (
        "claims", "claims", {"category": "position"}, {"claimant": "article"}, "claimant"),
    "an insertion (text empty) needs before, the characters directly to its left": (
        "repairs", "repairs", {"kind": "furniture"}, {"text": ""}, None),
    "where wikidata is null, wikidata_note says why": (
        "registry-entities", "entities", {"wikidata": None}, {"wikidata_note": None}, "wikidata_note"),
    "an utterance in use names its reference quote": (
        "registry-utterances", "utterances", {}, {"reference": None}, "reference"),
}  # fmt: skip
BROKEN_RELATIONS = {
    "type is null for entails": ("entails", {"type": "antonym"}, "type"),
    "level is null for entails": ("entails", {"level": "report"}, "level"),
    "contradicts needs a type": ("contradicts", {"type": None}, "type"),
    "contradicts needs a level": ("contradicts", {"level": None}, "level"),
}


def tiny_documents(kind: str) -> Iterator[Json]:
    for path in sorted(TINY.rglob("*.json")):
        if Schemas(SCHEMA).kind_of(path) == kind:
            yield json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("rule", BROKEN_RULES)
def test_a_broken_rule_is_said_where_it_is_broken(rule):
    kind, items, wanted, changes, key = BROKEN_RULES[rule]
    document, index = next(
        (document, index)
        for document in tiny_documents(kind)
        for index, item in enumerate(document[items])
        if all(item[field] == value for field, value in wanted.items())
    )
    document[items][index] = {**document[items][index], **changes}
    document[items][index].pop("note", None)
    place = (items, index) if key is None else (items, index, key)
    assert (place, rule) in [(error.path, error.message) for error in Schemas(SCHEMA).errors(kind, document)]


@pytest.mark.parametrize("rule", BROKEN_RELATIONS)
def test_a_broken_relation_is_said_where_it_is_broken(rule):
    relation, changes, key = BROKEN_RELATIONS[rule]
    document = next(tiny_documents("registry-claims"))
    claim, index = next(
        (claim, index)
        for claim, item in enumerate(document["claims"])
        for index, found in enumerate(item["relations"])
        if found["relation"] == relation
    )
    document["claims"][claim]["relations"][index].update(changes)
    (error,) = Schemas(SCHEMA).errors("registry-claims", document)
    assert (error.path, error.message) == (("claims", claim, "relations", index, key), rule)


@pytest.mark.parametrize("field", ["title", "publisher", "author", "date", "url", "rights"])
def test_an_unknown_metadata_field_needs_its_note(field):
    document = next(tiny_documents("metadata"))
    document.pop(f"{field}_note", None)
    document[field] = None
    (error,) = Schemas(SCHEMA).errors("metadata", document)
    assert error.message == f"where {field} is null, {field}_note says why"
    document[f"{field}_note"] = "Not stated."
    assert Schemas(SCHEMA).errors("metadata", document) == []


def test_every_rule_is_broken_once_above():
    rules = {
        node["description"]
        for kind, path, node in all_nodes()
        if kind != "metadata" and CONDITIONAL & set(path) and "description" in node
    }
    assert rules == {*BROKEN_RULES, *BROKEN_RELATIONS}
