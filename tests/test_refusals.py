"""Files that nobody wrote in good faith: refused in one line, with nothing changed and no traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corpora import TINY, compile_to, copy_tiny, edit, snapshot
from exchange import copy_of, run
from retold.cli import main
from retold.escaping import escaped
from retold.manifest import read_manifest

DEEP = "[" * 100_000
BAD = "\u202ebad\x1b[31m\x9b\x7f\u2028"  # turns the direction, colours, ends the line


def is_safe(text: str) -> bool:
    return all(char.isprintable() or char == "\n" for char in text)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The tiny corpus, compiled."""
    root = copy_tiny(tmp_path)
    compile_to(root, root / "build")
    return root


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said on standard error, which is one line."""
    error = capsys.readouterr().err
    assert error.startswith("retold: ")
    assert len(error.splitlines()) == 1
    assert "internal error" not in error
    assert is_safe(error)
    return error


def test_what_does_something_to_a_terminal_is_spelled_out():
    assert escaped("a\u202eb\x1bc\x9b\ud800\nd") == r"a\u202eb\x1bc\x9b\ud800\nd"
    assert escaped("“é” 😀 Ελλάδα") == "“é” 😀 Ελλάδα"


def test_an_error_that_quotes_a_file_is_one_harmless_line(built, tmp_path, capsys):
    path = tmp_path / "predictions.jsonl"
    path.write_text(json.dumps({"article": "dam-stays-shut", BAD: []}) + "\n", "utf-8")
    assert run("score", "quotes", path, "--root", built) == 2
    assert r"\u202ebad" in refusal(capsys)


def test_an_error_of_a_library_is_one_line(built, tmp_path, capsys):
    for path in (built / "build").glob("*/*.parquet"):
        path.write_bytes(path.read_bytes().replace(b"\x15\x02", b"\x16\x03"))
    (tmp_path / "p.jsonl").write_text('{"article": "dam-stays-shut", "quotes": []}\n')
    assert run("score", "quotes", tmp_path / "p.jsonl", "--root", built) == 2
    refusal(capsys)


def test_words_of_predictions_do_nothing_to_a_terminal(built, tmp_path, capsys):
    quote = {"content": [{"text": f"words {BAD}"}], "source": [], "cue": [], "type": "direct"}
    path = tmp_path / "predictions.jsonl"
    path.write_text(json.dumps({"article": "dam-stays-shut", "quotes": [quote]}) + "\n", "utf-8")
    code = run("score", "quotes", path, "--errors", "--root", built)
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "spurious" in said.out
    assert is_safe(said.out)


def test_words_of_an_imported_file_do_nothing_to_a_terminal(tmp_path, capsys):
    assert run("export", "brat", "--root", TINY, "--out", tmp_path / "out") == 0
    path = next((tmp_path / "out").glob("*.ann"))
    path.write_text(path.read_text("utf-8") + f"E999\tOdd{BAD[:-1]}:T1\n", "utf-8")
    capsys.readouterr()
    assert run("import", "brat", tmp_path / "out", "--root", tmp_path / "new") in (0, 1)
    said = capsys.readouterr().out
    assert r"\x1b[31m" in said
    assert is_safe(said)


def train(manifest: dict) -> dict:
    return manifest["configs"]["quotes"]["splits"]["train"]


CHANGES = {
    "no digest": lambda manifest: manifest.pop("data_digest"),
    "files are numbers": lambda manifest: train(manifest).update(files=[1.5]),
    "no files": lambda manifest: train(manifest).pop("files"),
    "splits are a list": lambda manifest: manifest["configs"]["quotes"].update(splits=[]),
    "elsewhere": lambda manifest: train(manifest)["files"][0].update(path="../mine.parquet"),
    "absolute": lambda manifest: train(manifest)["files"][0].update(path="/mine.parquet"),
}


@pytest.mark.parametrize("how", [*CHANGES, "deep"])
def test_a_manifest_that_is_none_is_refused_and_built_anew(built, how, tmp_path, capsys):
    mine = built / "mine.parquet"
    mine.write_bytes(b"of somebody else")
    good = read_manifest(built / "build")
    path = built / "build" / "manifest.json"
    if how == "deep":
        path.write_text(DEEP)
    else:
        edit(path, CHANGES[how])
    assert read_manifest(built / "build") is None
    (tmp_path / "p.jsonl").write_text('{"article": "dam-stays-shut", "quotes": []}\n')
    assert run("score", "quotes", tmp_path / "p.jsonl", "--root", built) == 2
    assert "no compiled corpus" in refusal(capsys)
    assert run("build", "--check", "--root", built) == 1
    assert run("build", "--root", built, "--jobs", 1) == 0
    assert read_manifest(built / "build") == good
    assert mine.is_file()  # a build removes tables that the manifest knows, and only in their place


def test_a_manifest_with_more_in_it_is_read(built):
    edit(built / "build" / "manifest.json", lambda manifest: manifest.update(later=1))
    assert read_manifest(built / "build")


def test_a_damaged_table_is_a_difference(built, capsys):
    path = built / "build" / "entity_registry" / "corpus.parquet"
    data = bytearray(path.read_bytes())
    data[data.index(b"ada-brandt")] = 0xFF
    path.write_bytes(data)
    assert run("build", "--check", "--root", built) == 1
    assert "entity_registry/corpus.parquet: cannot be read" in capsys.readouterr().out


def test_a_journal_that_is_none_is_refused(tiny, capsys):
    pending = tiny / ".build.new"
    pending.mkdir()
    (pending / "journal.json").write_text(DEEP)
    assert run("build", "--root", tiny, "--jobs", 1) == 2
    assert "is not a journal of this program" in refusal(capsys)


@pytest.mark.parametrize("form", ["brat", "label-studio"])
def test_halves_of_surrogate_pairs_are_refused(form, tmp_path, capsys):
    out = tmp_path / "out"
    assert run("export", form, "--root", TINY, "--out", out) == 0
    names = ["retold.json"] + ([] if form == "brat" else ["tasks.json"])
    for name in names:
        path = out / name
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"Ada Brandt", b"Ada \\ud83dBrandt", 1))
        assert path.read_bytes() != whole
        capsys.readouterr()
        assert run("import", form, out, "--root", tmp_path / "new") == 2
        assert name in refusal(capsys)
        assert not (tmp_path / "new").exists()
        path.write_bytes(whole)


def test_a_note_of_ours_that_is_broken_is_left_out(tmp_path, capsys):
    out = tmp_path / "out"
    assert run("export", "brat", "--root", TINY, "--out", out) == 0
    path = out / "dam-stays-shut.ann"
    path.write_bytes(path.read_bytes().replace(b'"value": "1990"', b'"value": "\\ud83d"', 1))
    capsys.readouterr()
    assert run("import", "brat", out, "--root", tmp_path / "new") in (0, 1)
    assert "is no JSON object: left out" in capsys.readouterr().out


def test_an_id_with_thousands_of_digits_is_an_id_like_any_other(tmp_path, capsys):
    out = tmp_path / "out"
    assert run("export", "brat", "--root", TINY, "--out", out) == 0
    path = out / "dam-stays-shut.ann"
    long = "dam-stays-shut-q" + "9" * 5000
    path.write_text(path.read_text("utf-8").replace("dam-stays-shut-q01", long), "utf-8")
    capsys.readouterr()
    assert run("import", "brat", out, "--root", tmp_path / "new") in (0, 1)
    assert "internal error" not in capsys.readouterr().err


def test_splits_that_cannot_be_read_are_named_by_an_export(tiny, tmp_path, capsys):
    (tiny / "annotations" / "splits.json").write_text('{"splits": ')
    assert run("export", "brat", "--root", tiny, "--out", tmp_path / "out") == 2
    assert "annotations/splits.json" in refusal(capsys)
    assert not (tmp_path / "out").exists()


def test_spans_outside_the_text_are_exported_without_a_warning(tiny, tmp_path, capsys):
    pytest.importorskip("cassis")
    path = tiny / "annotations" / "dam-stays-shut" / "entities.json"
    edit(path, lambda document: document["mentions"][-1].update(start=90_000, end=90_004))
    for form in ("cas-xmi", "cas-json"):
        assert run("export", form, "--root", tiny, "--out", tmp_path / form) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("role", {"a": 1}),
        ("role", None),
        ("begin", "1"),
        ("end", None),
        ("itemId", {"a": 1}),
        ("itemId", 7),
        ("kind", [1]),
        ("%ELEMENTS", "words"),
        ("%ELEMENTS", {"a": 1}),
        ("@target", 1),
        ("@parts", 1),
        ("value", {}),
    ],
)
def test_a_cas_that_holds_other_things_is_read_or_refused(key, value, tmp_path, capsys):
    pytest.importorskip("cassis")
    out = tmp_path / "out"
    assert run("export", "cas-json", "--root", TINY, "--out", out) == 0
    root = copy_of(TINY, tmp_path / "corpus")
    before = snapshot(root)
    found = 0
    path = out / "dam-stays-shut.json"
    whole = json.loads(path.read_bytes())
    for number, structure in enumerate(whole["%FEATURE_STRUCTURES"]):
        if key not in structure or found > 20:
            continue
        found += 1
        changed = json.loads(json.dumps(whole))
        changed["%FEATURE_STRUCTURES"][number][key] = value
        path.write_text(json.dumps(changed), "utf-8")
        capsys.readouterr()
        code = run("import", "cas-json", out, "--root", root, "--force")
        said = capsys.readouterr()
        assert code in (0, 1, 2)
        assert "internal error" not in said.err
        if code == 2:
            assert snapshot(root) == before
        shutil.rmtree(root)
        copy_of(TINY, root)
    assert found or key == "kind"


@pytest.mark.parametrize(
    "verb", ["validate", "anchor", "show dam-stays-shut", "stats", "audit", "score quotes x"]
)
def test_no_verb_shows_a_traceback_for_a_corpus_of_rubbish(verb, tmp_path, capsys):
    root = tmp_path / "corpus"
    shutil.copytree(TINY, root)
    for number, path in enumerate(sorted(root.rglob("*.json"))):
        path.write_text(("", DEEP, "{}", "null", '{"a": NaN}', "\ufeff{}", '"\\ud800"')[number % 7], "utf-8")
    assert main([*verb.split(), "--root", str(root)]) in (1, 2)
    assert "internal error" not in capsys.readouterr().err


@pytest.mark.parametrize("content", ["[]", "{}", '{"tasks": {"quotes": {"raw": []}}}', '{"tasks": 1}', "{"])
def test_a_leaderboard_that_is_none_is_refused_by_the_page(content, built, capsys):
    (built / "build" / "leaderboard.json").write_text(content)
    assert run("site", "--root", built) == 2
    refusal(capsys)
    assert not (built / "build" / "site").exists()
