"""The benchmark's peer makes the same checks and tables: two programs that agree without sharing code."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.comparing import differing_tables
from benchmarks.peer.__main__ import main
from benchmarks.peer.checking import read_checked
from benchmarks.peer.tables import make_tables, read_labels, write_tables
from benchmarks.peer.validators import VALIDATORS, make_validator
from corpora import REPOSITORY, TINY, compile_to, edit
from invalid_cases import INVALID, apply
from retold.findings import LEVELS, read_issues

SCHEMA = REPOSITORY / "schema"
ISSUES = read_issues()
EXPECTED = {path.name: json.loads((path / "expected.json").read_bytes()) for path in INVALID.iterdir()}
CASES = sorted(code for code, case in EXPECTED.items() if case["command"].split()[0] == "validate")


def compile_by_peer(root: Path, folder: Path, validator: str = VALIDATORS[0]) -> None:
    corpus, found = read_checked(root, SCHEMA, make_validator(validator, SCHEMA))
    assert corpus is not None, found
    labels = read_labels(SCHEMA)
    write_tables(make_tables(corpus, labels), folder, labels)


@pytest.mark.parametrize("root", [TINY, REPOSITORY], ids=["tiny", "repository"])
def test_same_tables(root, tmp_path):
    compile_to(root, tmp_path / "retold")
    compile_by_peer(root, tmp_path / "peer")
    assert differing_tables(tmp_path / "retold", tmp_path / "peer") == []


# Of JSON Lines and of links the peer knows nothing: it is for corpora as the generator makes them.
BEYOND = {"article-order", "empty-fold", "link-not-followed"}


@pytest.fixture(scope="module")
def validators():
    return {name: make_validator(name, SCHEMA) for name in VALIDATORS}


@pytest.mark.parametrize(
    ("code", "name"),
    [*((code, "jsonschema_rs") for code in CASES if code not in BEYOND), ("schema-violation", "jsonschema")],
)
def test_same_faults(code, name, validators, tiny):
    """The peer stops at the first level with errors: up to there it finds what the package finds."""
    for one in EXPECTED[code]["edits"]:
        apply(tiny, one)
    findings = EXPECTED[code]["findings"]
    failed = [ISSUES[f["code"]].level for f in findings if ISSUES[f["code"]].severity == "error"]
    last = min(failed, default=LEVELS[-1])
    expected = Counter((f["code"], f["path"]) for f in findings if ISSUES[f["code"]].level <= last)
    corpus, found = read_checked(tiny, SCHEMA, validators[name])
    assert Counter((code, file) for code, file, _ in found) == expected
    assert (corpus is None) == bool(failed)


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda d: d["claims"][0].update(proposition="Another."), "claims/validation: proposition of row"),
        (lambda d: d["claims"].pop(), "claims/validation: 4 and 3 rows"),
    ],
)
def test_other_tables_are_told_apart(change, difference, tiny, tmp_path):
    compile_to(tiny, tmp_path / "one")
    edit(next(tiny.glob("annotations/sudria-protests/claims.json")), change)
    compile_to(tiny, tmp_path / "other")
    found = differing_tables(tmp_path / "one", tmp_path / "other")
    assert any(line.startswith(difference) for line in found), found


def test_peer_builds_nothing_from_a_faulty_corpus(tiny, tmp_path, monkeypatch, capsys):
    (tiny / "raw" / "sudria-protests.txt").write_text("Other words.", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["peer", str(tiny), str(tmp_path / "out")])
    assert main() == 1
    assert "raw/sudria-protests.txt: checksum-mismatch" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
