from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from invalid_cases import TINY, edit_json
from retold import __file__ as package_file
from retold.cli import main
from retold.findings import read_issues
from retold.layout import Layout
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate

QUOTES = "annotations/dam-stays-shut/quotes.json"
HEAVY = ("pyarrow", "datasets", "numpy", "pandas", "polars", "jsonschema", "referencing")


def codes(root: Path, level: str = "L5") -> list[tuple[str, str]]:
    report = validate(Layout(root), Schemas(find_schema_folder(root)), read_issues(), level)
    return [(found.code, found.path) for found in report.findings]


def left_out(root: Path) -> set[str]:
    report = validate(Layout(root), Schemas(find_schema_folder(root)), read_issues())
    return {entry.check for entry in report.left_out}


def set_value(root: Path, file: str, *path: str | int, value: object) -> None:
    def change(document):
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    edit_json(root / file, change)


def run(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    source = str(Path(package_file).parent.parent)
    env = os.environ | {"PYTHONPATH": source, "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-m", "retold", *args]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


# the command


def test_clean_corpus_from_a_folder_inside(tiny, monkeypatch, capsys):
    monkeypatch.chdir(tiny / "annotations" / "dam-stays-shut")
    assert main(["validate"]) == 0
    assert capsys.readouterr().out == "3 articles: 0 errors, 0 warnings.\n"


def test_finding_in_the_promised_form(tiny, capsys):
    set_value(tiny, QUOTES, "quotes", 1, "cue", 0, "text", value="adds")
    assert main(["validate", "--root", str(tiny)]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first == (
        f"{QUOTES}:67:19: error [L3 span-text-mismatch] dam-stays-shut-q02: \"text\" is 'adds' but the "
        "article has 'added' at 114–119. Run retold anchor, or correct the text."
    )


def test_a_warning_alone_is_no_failure(tiny, capsys):
    edit_json(tiny / "annotations/dam-stays-shut/claims.json", lambda d: d["claims"].pop(2))
    assert main(["validate", "--root", str(tiny)]) == 0
    assert "0 errors, 1 warning." in capsys.readouterr().out


def test_paths_restrict_the_report(tiny, monkeypatch, capsys):
    set_value(tiny, QUOTES, "quotes", 1, "cue", 0, "text", value="adds")
    monkeypatch.chdir(tiny)
    assert main(["validate", "annotations/sudria-protests", "annotations/dam-stays-shut/claims.json"]) == 0
    assert main(["validate", "annotations/dam-stays-shut"]) == 1
    assert main(["validate", "."]) == 1
    capsys.readouterr()


def test_level_stops_there(tiny):
    set_value(tiny, QUOTES, "quotes", 0, "speaker", value="nobody")  # L4
    assert codes(tiny, "L3") == []
    assert codes(tiny, "L4") == [("unknown-entity", QUOTES)]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["validate", "--root", "nowhere"], "no corpus in nowhere"),
        (["validate"], "no corpus here or in any folder above"),
        (["validate", "--level", "L9"], "invalid choice"),
        (["nonsense"], "invalid choice"),
        ([], "usage: retold"),
    ],
)
def test_usage_errors(args, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(args) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert not shown.out


def test_paths_outside_and_missing_are_refused(tiny, tmp_path, capsys):
    assert main(["validate", "--root", str(tiny), str(tiny / "nothing.json")]) == 2
    assert "no such file or folder" in capsys.readouterr().err
    assert main(["validate", "--root", str(tiny), str(tmp_path)]) == 2
    assert "outside the corpus" in capsys.readouterr().err


def test_empty_corpus_says_what_is_missing(tmp_path, capsys):
    (tmp_path / "raw").mkdir()
    (tmp_path / "annotations").mkdir()
    assert main(["validate", "--root", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "raw/SHA256SUMS: error [L1 missing-file]" in out
    assert "0 articles: 6 errors, 0 warnings" in out


def test_internal_errors_ask_for_a_report(tiny, monkeypatch, capsys):
    def crash(*_: object) -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("retold.cli.validate.validate", crash)
    assert main(["validate", "--root", str(tiny)]) == 2
    shown = capsys.readouterr().err
    assert "internal error (ZeroDivisionError: odd)" in shown
    assert "Traceback" not in shown
    assert main(["validate", "--root", str(tiny), "--traceback"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_interruption(tiny, monkeypatch, capsys):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("retold.cli.validate.validate", interrupt)
    assert main(["validate", "--root", str(tiny)]) == 2
    assert capsys.readouterr().err == "retold: interrupted\n"


def test_a_process_of_its_own_imports_nothing_heavy(tiny):
    code = (
        "import sys; from retold.cli import main; code = main(['validate']); "
        f"print(code, sorted(set(sys.modules) & set({HEAVY})))"
    )
    source = str(Path(package_file).parent.parent)
    env = os.environ | {"PYTHONPATH": source}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=tiny, env=env, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "0 []"


def test_output_to_a_closed_pipe_is_no_crash(tiny):
    for number in range(2000):  # more than a pipe holds
        (tiny / "raw" / f"Odd_{number}.dat").touch()
    source = str(Path(package_file).parent.parent)
    command = f'{sys.executable} -m retold validate | head -n 1; exit "${{PIPESTATUS[0]}}"'
    env = os.environ | {"PYTHONPATH": source}
    shell = ["bash", "-c", command]
    result = subprocess.run(shell, cwd=tiny, env=env, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr == ""


def test_help_and_version():
    result = run("validate", "--help", cwd=TINY)
    assert result.returncode == 0
    assert "example: retold validate" in result.stdout
    assert run("--version", cwd=TINY).stdout.startswith("retold ")


# levels and gating


def test_a_file_that_fails_keeps_later_checks_from_running(tiny):
    set_value(tiny, QUOTES, "quotes", 0, "type", value="spoken")
    assert codes(tiny) == [("schema-violation", QUOTES)]
    assert {"anchoring", "speakers", "marking", "utterances", "entity-uses"} <= left_out(tiny)
    assert not {"labels", "topic-sets", "tiling", "splits"} & left_out(tiny)


def test_a_missing_annotation_is_said_once(tiny):
    """What reads all articles cannot judge when one of them has no annotation."""
    shutil.rmtree(tiny / "annotations" / "dam-stays-shut")
    assert codes(tiny) == [("missing-annotation", "annotations/dam-stays-shut")]
    assert {"entity-uses", "near-misses", "canonical-uses"} <= left_out(tiny)


def test_broken_registry_leaves_out_what_reads_it(tiny):
    (tiny / "annotations/_registry/entities.json").write_text("{", encoding="utf-8")
    assert codes(tiny) == [("invalid-json", "annotations/_registry/entities.json")]
    assert {"speakers", "mention-entities", "claimants", "mention-types"} <= left_out(tiny)
    assert "marking" not in left_out(tiny)


def test_changed_text_leaves_out_what_needs_it(tiny):
    path = tiny / "raw/dam-stays-shut.txt"
    path.write_text(path.read_text(encoding="utf-8") + "More.", encoding="utf-8")
    assert codes(tiny) == [("checksum-mismatch", "raw/dam-stays-shut.txt")]
    assert {"anchoring", "coverage", "marking"} <= left_out(tiny)


def test_every_layer_may_be_hostile(tiny):
    """Whatever stands in a file, the report names it and nothing crashes."""
    values = [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b"[" * 5000,
        b'{"a": 1e999}',
        b'{"quotes": [[1]]}',
        b"\xff",
    ]
    values += [
        b'{"a":' * 2000 + b"1" + b"}" * 2000,
        b'{"\\ud800": 1}',
        b"[" * 1010 + b"]" * 1010,
        b'{"x": 99999999999999999999}',
    ]
    paths = [*sorted((tiny / "annotations").rglob("*.json")), tiny / "raw/SHA256SUMS"]
    for path in paths:
        own = path.read_bytes()
        for value in values:
            path.write_bytes(value)
            assert path.relative_to(tiny).as_posix() in {place for _, place in codes(tiny)} | {
                "raw/SHA256SUMS"
            }
        path.write_bytes(own)
    assert codes(tiny) == []


# passes


@pytest.fixture
def with_pass(tiny: Path) -> Path:
    """The tiny corpus with a pass over one article that has quotes and entities only."""
    folder = tiny / "annotations/_passes/a/dam-stays-shut"
    folder.mkdir(parents=True)
    for layer in ("quotes", "entities"):
        path = folder / f"{layer}.json"
        shutil.copy(tiny / f"annotations/dam-stays-shut/{layer}.json", path)
        edit_json(path, lambda d, name=layer: d.update({"$schema": f"../../../../schema/{name}.schema.json"}))
    return tiny


def test_passes_are_checked_up_to_references(with_pass):
    quotes = "annotations/_passes/a/dam-stays-shut/quotes.json"
    assert codes(with_pass) == []
    edit_json(with_pass / quotes, lambda d: d["other_marks"].clear())  # L5
    assert codes(with_pass) == []
    set_value(with_pass, quotes, "quotes", 0, "speaker", value="nobody")  # L4
    assert codes(with_pass) == [("unknown-entity", quotes)]


def test_repairs_are_no_part_of_a_pass(with_pass):
    own = "annotations/_passes/a/dam-stays-shut/repairs.json"
    shutil.copy(with_pass / "annotations/dam-stays-shut/repairs.json", with_pass / own)
    assert codes(with_pass) == [("unknown-file", own)]


def test_every_article_has_repairs(tiny):
    name = "annotations/sudria-protests/repairs.json"
    (tiny / name).unlink()
    assert codes(tiny) == [("missing-file", name)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": 150, "end": 149}, "span-bounds"),
        ({"start": 9999, "end": 9999}, "span-bounds"),
        ({"start": 148, "end": 149}, "span-text-mismatch"),
        ({"start": 148, "end": 148}, "before-mismatch"),
        ({"before": "June. "}, "before-mismatch"),
    ],
)
def test_insertions_are_held_to_their_place(tiny, change, code):
    name = "annotations/sudria-protests/repairs.json"
    edit_json(tiny / name, lambda d: d["repairs"][0].update(change))
    assert codes(tiny) == [(code, name)]


def test_only_repairs_may_be_empty_or_edged_with_space(tiny):
    quotes = "annotations/dam-stays-shut/quotes.json"
    edit_json(tiny / quotes, lambda d: d["quotes"][1]["cue"][0].update(text="x", end=114))
    assert ("span-bounds", quotes) in codes(tiny)


def test_a_pass_uses_registry_entries_too(with_pass):
    entity = {
        "id": "lake",
        "name": "the lake",
        "type": "LOC",
        "wikidata": None,
        "wikidata_note": "Invented.",
        "description": "a lake",
        "members": [],
        "replaced_by": None,
    }
    registry = "annotations/_registry/entities.json"
    edit_json(with_pass / registry, lambda d: d["entities"].append(entity))
    assert codes(with_pass) == [("unused-entry", registry)]
    entities = "annotations/_passes/a/dam-stays-shut/entities.json"
    set_value(with_pass, entities, "mentions", 0, "entity", value="lake")
    assert codes(with_pass) == []


def test_a_pass_may_have_registries_of_its_own(with_pass):
    registry = with_pass / "annotations/_passes/a/_registry/entities.json"
    registry.parent.mkdir()
    shutil.copy(with_pass / "annotations/_registry/entities.json", registry)
    edit_json(registry, lambda d: d["entities"].pop(0))
    name = "annotations/_passes/a/dam-stays-shut"
    found = codes(with_pass)
    assert {code for code, _ in found} == {"unknown-entity"}
    assert {path for _, path in found} == {f"{name}/quotes.json", f"{name}/entities.json"}
