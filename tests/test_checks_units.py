"""Single rules where examples say more than a corpus."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from invalid_cases import edit_json
from retold.checks.anchors import walk_spans
from retold.checks.files import parse_json
from retold.checks.inventory import CHECKSUMS, articles, checksum, checksum_names, names, read_checksums
from retold.checks.marks import pairs
from retold.findings import Finding, read_issues
from retold.layout import Layout
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("He said “no” and “yes”.", ["“no”", "“yes”"]),
        ('He said "no" and "yes".', ['"no"', '"yes"']),
        ("“He said “no” twice,” she said", ["“no”", "“He said “no” twice,”"]),
        ('“He said "no" twice,” she said', ['"no"', '“He said "no" twice,”']),
        ("It’s Trump’s ‘near abroad’, he’d said", []),
        ("an opening “mark without its end", []),
        ("an end” without its opening", []),
        ('a 6" pipe', []),
        ('“a 6" pipe” and "this"', ['“a 6" pipe”', '"this"']),
        ("“one “two”", ["“two”"]),
        ("", []),
    ],
)
def test_pairs(text, found):
    assert [text[pair.opening : pair.closing + 1] for pair in pairs(text, 0, len(text))] == found


def test_pairs_stay_inside_the_stretch():
    assert pairs("“one” “two”", 0, 3) == []
    assert [pair.opening for pair in pairs("“one” “two”", 6, 11)] == [6]


def test_walk_spans_names_the_innermost_item():
    span = {"text": "a", "start": 0, "end": 1}
    document = {"quotes": [{"id": "q1", "content": [span]}], "other": {"text": "no offsets"}, "flat": span}
    found = [(pointer, item) for pointer, item, _ in walk_spans(document)]
    assert found == [(("quotes", 0, "content", 0), "q1"), (("flat",), None)]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("raw/a-b.txt", True),
        ("raw/a-b.json", True),
        ("raw/SHA256SUMS", True),
        ("raw/README.md", True),
        ("raw/A.txt", False),
        ("raw/a/b.txt", False),
        ("raw/a.TXT", False),
        ("annotations/splits.json", True),
        ("annotations/a-b/quotes.json", True),
        ("annotations/a-b/README.md", False),
        ("annotations/README.md", True),
        ("annotations/a-b/notes.json", False),
        ("annotations/a_b/quotes.json", False),
        ("annotations/_registry/claims.json", True),
        ("annotations/_registry/quotes.json", False),
        ("annotations/_guidelines/deep/quotes.md", True),
        ("annotations/_passes/a/a-b/claims.json", True),
        ("annotations/_passes/a/_registry/topics.json", True),
        ("annotations/_passes/a/splits.json", False),
        ("annotations/quotes.json", False),
        ("annotations/a-b/quotes.json\n", False),
    ],
)
def test_known_names(path, known):
    assert [found.path for found in names([path])] == ([] if known else [path])


def test_articles_of_a_listing():
    listed = [
        "raw/b.txt",
        "raw/SHA256SUMS",
        "annotations/a/quotes.json",
        "annotations/_passes/x/c/quotes.json",
    ]
    assert articles(listed) == ["a", "b"]


def test_checksums_point_at_lines():
    digest = "a" * 64
    listed = f"{digest}  a.txt\n{digest} *b.txt\nnonsense\n\n{digest}  a.txt\n"
    found = [(f.code, f.path, f.position) for f in checksum_names(listed, {"a.txt", "b.txt"})]
    assert found == [
        ("checksum-form", CHECKSUMS, (3, 1)),
        ("checksum-form", CHECKSUMS, (4, 1)),
        ("checksum-extra", CHECKSUMS, (5, 1)),
    ]
    assert read_checksums(listed) == {"a.txt": digest, "b.txt": digest}


def test_a_checksum_is_compared_if_there_is_one():
    found = [(f.code, f.path, f.position) for f in checksum("b.txt", "b" * 64, "a" * 64)]
    assert found == [("checksum-mismatch", "raw/b.txt", None)]
    assert not [*checksum("b.txt", "b" * 64, "b" * 64), *checksum("b.txt", "b" * 64, None)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a": 1}', []),
        (b'\xef\xbb\xbf{"a": 1}', [("byte-order-mark", (1, 1))]),
        (b'{\n "\xc3\xa9": "\xff"}', [("not-utf8", (2, 8))]),
        (b'{"a": 1,\n "b": }', [("invalid-json", (2, 7))]),
        (b'{"a": NaN}', [("invalid-json", (1, 7))]),
        ('{"“é”": 1, "“é”": 2}'.encode(), [("duplicate-key", (1, 12))]),
        (b'{"a": [1.0,\n 1e3]}', [("number-form", (1, 8)), ("number-form", (2, 2))]),
        (b"", [("invalid-json", (1, 1))]),
    ],
)
def test_parse_json_says_where(data, expected):
    document, found = parse_json("file.json", data)
    assert [(f.code, f.position) for f in found] == expected
    assert (document is None) == bool(expected)


def test_findings_sort_by_file_place_code():
    found = [
        Finding("b", "b.json"),
        Finding("b", "a.json", position=(10, 1)),
        Finding("a", "a.json", position=(9, 2)),
        Finding("b", "a.json", position=(9, 1)),
        Finding("a", "a.json"),
    ]
    assert sorted(found, key=Finding.sort_key) == [found[4], found[3], found[2], found[1], found[0]]


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in steps:
        found += _places(child, (*path, step))
    return found


def test_no_fault_of_a_file_is_a_crash(tiny):
    """Random faults, of any kind and level: the validator reports them and goes on."""
    maker = random.Random(11)
    schemas, issues = Schemas(find_schema_folder(tiny)), read_issues()
    paths = sorted([*(tiny / "annotations").rglob("*.json"), *(tiny / "raw").glob("*.json")])
    sources = {path: path.read_text(encoding="utf-8") for path in paths}
    pool = [json.loads(source) for source in sources.values()]
    silent = 0
    for _ in range(120):
        path = maker.choice(paths)

        def change(document: Any) -> None:
            *parents, last = maker.choice(_places(document))
            for step in parents:
                document = document[step]
            donor = maker.choice(pool)
            *others, step = maker.choice(_places(donor))
            for other in others:
                donor = donor[other]
            if maker.random() < 0.2:
                document.pop(last)
            else:
                document[last] = maker.choice(
                    (donor[step], donor[step], None, 0, "", [], {}, -1, "dam-stays-shut-q01")
                )

        edit_json(path, change)
        silent += not validate(Layout(tiny), schemas, issues).findings
        path.write_text(sources[path], encoding="utf-8")
    assert silent < 30  # a few faults change nothing that a rule forbids, such as another description
