"""``retold build``: what it writes, refuses, compares, and what a kill leaves behind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpora import TINY, compile_to, copy_tiny, die, edit, run_python, snapshot
from retold import journal
from retold.cli import main
from retold.features import bears_text
from retold.layout import Layout
from retold.loading import table
from retold.manifest import read_manifest
from retold.parquet import read_rows
from retold.records import Splits
from retold.shards import Share, plan
from retold.tables import CONFIGS


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_tiny(tmp_path)


def build(root: Path, *arguments: object) -> int:
    return main(["build", "--root", str(root), *map(str, arguments)])


def correct_a_label(root: Path) -> None:
    """Make the corpus another, still valid one."""

    def change(document: dict[str, Any]) -> None:
        document["quotes"][0]["note"] = "Read again."

    edit(root / "annotations" / "dam-stays-shut" / "quotes.json", change)


def test_builds_all_tables_the_manifest_and_the_card(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(root) == 0
    assert "10 configs" in capsys.readouterr().out
    manifest = read_manifest(root / "build")
    assert manifest is not None
    assert list(manifest["configs"]) == [config.name for config in CONFIGS]
    card = (root / "README.md").read_text(encoding="utf-8")
    for name, entry in manifest["configs"].items():
        assert f'description: "sha256:{entry["digest"]}"' in card
        for split, part in entry["splits"].items():
            assert part["rows"] > 0
            assert pq.read_metadata(root / "build" / name / f"{split}.parquet").num_rows == part["rows"]
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] == []


def test_splits_without_rows_are_not_listed(root: Path) -> None:
    assert build(root) == 0
    manifest = read_manifest(root / "build") or {}
    assert list(manifest["configs"]["claim_pairs"]["splits"]) == ["validation", "test"]
    assert not (root / "build" / "claim_pairs" / "train.parquet").exists()


def test_manifest_counts_labels_and_names_its_inputs(root: Path) -> None:
    build(root)
    manifest = read_manifest(root / "build") or {}
    rows = table("entities", root=root).to_pylist()
    for column in ("form", "type"):
        expected: dict[str, int] = {}
        for row in rows:
            expected[row[column]] = expected.get(row[column], 0) + 1
        assert manifest["counts"]["entities"][column] == expected
    texts = [path.read_text(encoding="utf-8") for path in (root / "raw").glob("*.txt")]
    assert manifest["counts"]["articles"]["total"]["characters"] == sum(map(len, texts))
    tokens = sum(len(row["tokens"]) for row in table("sentences", root=root).to_pylist())
    assert manifest["counts"]["sentences"]["total"]["tokens"] == tokens
    given = {
        path.relative_to(root).as_posix()
        for folder in ("raw", "annotations")
        for path in (root / folder).rglob("*")
        if path.suffix in (".json", ".txt")
    }
    assert manifest["inputs"].keys() == given


def test_refuses_a_corpus_with_errors(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(root)
    before = snapshot(root / "build")
    path = root / "annotations" / "dam-stays-shut" / "quotes.json"
    edit(path, lambda document: document["quotes"][0].update(speaker="nobody-known"))
    assert build(root) == 1
    out = capsys.readouterr().out
    assert "annotations/dam-stays-shut/quotes.json" in out
    assert "nothing was built" in out
    assert snapshot(root / "build") == before
    assert build(root, "--check") == 1


def test_bytes_do_not_depend_on_the_surroundings(root: Path, tmp_path: Path) -> None:
    code = "import sys; from retold.cli import main; sys.exit(main(sys.argv[1:]))"
    settings: list[dict[str, str]] = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C.UTF-8"},
    ]
    snapshots = []
    for number, env in enumerate(settings):
        out = tmp_path / f"out{number}"
        done = run_python(code, "build", "--root", root, "--out", out, home=tmp_path / "home", env=env)
        assert done.returncode == 0, done.stderr
        snapshots.append(snapshot(out))
    assert snapshots[0] == snapshots[1]
    build(root)
    assert snapshot(root / "build") == snapshots[0]


def test_workers_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    compile_to(TINY, one, jobs=1)
    compile_to(TINY, two, jobs=2)
    assert snapshot(one) == snapshot(two)


def test_a_worker_that_dies_is_one_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("retold.compiler.compile_shard", die)
    assert build(root, "--jobs", "2") == 2
    assert "a worker process died" in capsys.readouterr().err
    assert not (root / "build").exists()


def test_shards_hold_a_bounded_number_of_articles_of_one_split(tmp_path: Path) -> None:
    many = tuple(f"a{number:04}" for number in range(2500))
    share = Share(Layout(tmp_path), tmp_path, (), frozenset(), "key", None, texts=True)
    splits = Splits({"test": many[:2100], "train": many[2100:]}, (many[::2], many[1::2]))
    shards = list(plan(splits, {}, tmp_path, share, articles=1000))
    assert shards[1].articles.folds[:3] == (0, 1, 0)
    assert [(shard.number, shard.split, len(shard.articles)) for shard in shards] == [
        (0, "train", 400), (1, "test", 1000), (2, "test", 1000), (3, "test", 100),
    ]  # fmt: skip


def all_in_one_split(document: dict[str, Any]) -> None:
    document["splits"] = {"test": [article for ids in document["splits"].values() for article in ids]}


def test_split_in_several_shards(root: Path) -> None:
    build(root)
    edit(root / "annotations" / "splits.json", all_in_one_split)
    whole = table("quotes", root=root)
    assert build(root, "--shard-articles", "1") == 0
    names = sorted(path.name for path in (root / "build" / "quotes").iterdir())
    assert names == [f"test-0000{number}-of-00003.parquet" for number in range(3)]
    assert [path.name for path in (root / "build" / "claim_pairs").iterdir()] == ["test.parquet"]
    assert table("quotes", "test", root=root).sort_by("quote_id") == whole.sort_by("quote_id")
    assert "    - build/quotes/test-00002-of-00003.parquet" in (root / "README.md").read_text(
        encoding="utf-8"
    )
    assert build(root, "--check") == 0
    assert build(root) == 0
    assert sorted(path.name for path in (root / "build" / "quotes").iterdir()) == ["test.parquet"]


def test_tables_that_are_gone_are_removed_and_other_files_left(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(root)
    others = {
        "predictions/a.json": b'{"data_digest": "old"}', "agreement.json": b"{}", "site/x.html": b"<p>",
        "quotes/notes.txt": b"mine", "broken.json": b"{",
    }  # fmt: skip
    for name, content in others.items():
        (root / "build" / name).parent.mkdir(exist_ok=True)
        (root / "build" / name).write_bytes(content)
    edit(root / "annotations" / "splits.json", all_in_one_split)
    capsys.readouterr()
    assert build(root) == 0
    out = capsys.readouterr().out
    assert "build/predictions/a.json was made from other data" in out
    assert "agreement" not in out
    tables = [path for path in snapshot(root / "build") if path.endswith(".parquet")]
    assert {Path(path).name for path in tables} == {"test.parquet", "corpus.parquet"}
    assert {name: (root / "build" / name).read_bytes() for name in others} == others


# --- the check


def rewrite(path: Path, column: str, value: str, row: int = 0) -> None:
    """Change one cell of a Parquet file."""
    old = pq.read_table(path)
    rows = old.to_pylist()
    rows[row][column] = value
    pq.write_table(type(old).from_pylist(rows, schema=old.schema), path)


def test_check_of_a_fresh_build_is_clean(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(root)
    before = snapshot(root)
    assert build(root, "--check") == 0
    assert "is what the sources give" in capsys.readouterr().out
    assert snapshot(root) == before


def test_check_names_table_row_and_column(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(root)
    rewrite(root / "build" / "quotes" / "test.parquet", "type", "mixed", row=1)
    capsys.readouterr()
    assert build(root, "--check") == 1
    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith(
        "build/quotes/test.parquet: row interview-on-the-lake-q02: column type has 'mixed', the sources"
    )


def test_check_sees_rows_that_are_missing_or_too_many(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(root)
    path = root / "build" / "claims" / "train.parquet"
    old = pq.read_table(path)
    pq.write_table(old.slice(1), path)
    rewrite(root / "build" / "claims" / "test.parquet", "claim_id", "elsewhere-c001")
    capsys.readouterr()
    assert build(root, "--check") == 1
    out = capsys.readouterr().out
    assert "build/claims/train.parquet: row dam-stays-shut-c001: missing" in out
    assert "build/claims/test.parquet: row elsewhere-c001: the sources do not give it" in out


def swap(path: Path) -> None:
    old = pq.read_table(path)
    pq.write_table(old.take(list(range(len(old)))[::-1]), path)


def drop_features(path: Path) -> None:
    pq.write_table(pq.read_table(path).replace_schema_metadata(None), path)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b"junk"), "cannot be read"),
        (lambda path: path.write_bytes(b""), "cannot be read"),
        (lambda path: pq.write_table(pq.read_table(path), path), "same rows, but other bytes"),
        (swap, "the rows stand in another order"),
        (drop_features, "the features differ"),
    ],
)
def test_check_sees_damage(root: Path, capsys: pytest.CaptureFixture[str], damage: Any, message: str) -> None:
    build(root)
    damage(root / "build" / "entities" / "train.parquet")
    capsys.readouterr()
    assert build(root, "--check") == 1
    assert f"build/entities/train.parquet: {message}" in capsys.readouterr().out


def test_check_under_another_pyarrow_looks_at_rows_only(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build(root)
    path = root / "build" / "entities" / "train.parquet"
    pq.write_table(pq.read_table(path), path)
    edit(root / "build" / "manifest.json", lambda manifest: manifest["made_with"].update(pyarrow="1.0.0"))
    assert build(root, "--check") == 0
    rewrite(path, "form", "value")
    assert build(root, "--check") == 1
    assert "column form has 'value'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda root: (root / "build" / "manifest.json").unlink(), "manifest.json is missing"),
        (lambda root: (root / "build" / "manifest.json").write_text("[]"), "manifest.json is missing"),
        (
            lambda root: edit(
                root / "build" / "manifest.json", lambda m: m["counts"]["quotes"]["type"].update(direct=99)
            ),
            "build/manifest.json: counts.quotes.type.direct has 99, the sources give",
        ),
        (
            lambda root: shutil.copy(root / "build/quotes/test.parquet", root / "build/quotes/dev.parquet"),
            "build/quotes/dev.parquet: the sources give no such table",
        ),
        (correct_a_label, "column note has None, the sources give 'Read again.'"),
        (
            lambda root: (root / "README.md").write_text("---\na: 1\n---\n", encoding="utf-8"),
            "README.md: its generated parts are out of date",
        ),
    ],
)
def test_check_sees_what_is_out_of_date(
    root: Path, capsys: pytest.CaptureFixture[str], damage: Any, message: str
) -> None:
    build(root)
    damage(root)
    capsys.readouterr()
    assert build(root, "--check") == 1
    assert message in capsys.readouterr().out


def test_many_differences_are_counted_not_listed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(root)
    path = root / "build" / "entities" / "train.parquet"
    for row in range(len(pq.read_table(path))):
        rewrite(path, "type", "NORP", row)
        rewrite(path, "note", "x", row)
    capsys.readouterr()
    assert build(root, "--check") == 1
    out = capsys.readouterr().out
    assert out.count("build/entities/train.parquet: row") == 10
    assert "build/entities/train.parquet: … and " in out


# --- without texts


def test_build_without_texts_holds_no_words_of_the_articles(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert build(root, "--no-text", "--out", out) == 0
    assert not (out / "README.md").exists()
    for config in CONFIGS:
        bearing = {column.name for column in config.columns if bears_text(column)}
        for path in (out / config.name).iterdir():
            for row in read_rows(path):
                assert all(words_in(row[name]) == [] for name in bearing), (config.name, row)
    assert build(root, "--no-text", "--out", out, "--check") == 0
    assert build(root, "--out", out, "--check") == 1


def words_in(value: object, key: str = "text") -> list[str]:
    """Return the strings that text columns hold at any depth; other fields of structs are no words."""
    if isinstance(value, list):
        return [word for item in value for word in words_in(item, key)]
    if isinstance(value, dict):
        return [word for name, item in value.items() if name in TEXT_FIELDS for word in words_in(item, name)]
    return [value] if isinstance(value, str) and key in TEXT_FIELDS else []


TEXT_FIELDS = {
    "text", "tokens", "content", "content_text", "cue", "cue_text", "cue_group", "cue_group_text", "source",
    "source_text", "verbatim", "spans", "words",
}  # fmt: skip


@pytest.mark.parametrize("where", [[], ["--out", "build"]])
def test_build_without_texts_never_overwrites_build(
    root: Path, where: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert build(root, "--no-text", *where) == 2
    assert "--no-text never writes over build/" in capsys.readouterr().err
    assert not (root / "build").exists()


# --- usage


def test_usage_errors_are_one_line(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    assert build(root, "--out", tmp_path / "file") == 2
    assert build(root, "--jobs", "0") == 2
    assert build(root, "--jobs", "many") == 2
    assert main(["build", "--root", str(tmp_path / "nowhere")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_of_somebody_else_is_left_alone(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = tmp_path / "theirs" / "quotes" / "mine.parquet"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"precious")
    assert main(["build", "--root", str(root), "--out", str(tmp_path / "theirs")]) == 2
    assert "name a new or an empty folder" in capsys.readouterr().err
    assert theirs.read_bytes() == b"precious"


def test_missing_card_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "README.md").unlink()
    assert build(root) == 0
    assert "README.md" in capsys.readouterr().err
    assert not (root / "README.md").exists()
    assert build(root, "--check") == 0


def test_line_ends_of_the_card_are_kept(root: Path) -> None:
    card = root / "README.md"
    card.write_bytes(card.read_bytes().replace(b"\n", b"\r\n"))
    build(root)
    content = card.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 50
    assert content.count(b"config_name: quotes") == 1


def test_build_imports_no_datasets(root: Path, tmp_path: Path) -> None:
    code = """
import sys
from retold.cli import main
code = main(["build", "--root", sys.argv[1]])
print(code, sorted({"datasets", "pandas", "jsonschema", "huggingface_hub"} & sys.modules.keys()))
"""
    done = run_python(code, root, home=tmp_path / "home")
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


# --- killed builds

KILL = """
import os, signal, sys, types
from retold import journal
from retold.cli import main

stage, root = sys.argv[1], sys.argv[2]
calls = 0

def killed(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def killed_at(number, real):
    def step(*args):
        global calls
        calls += 1
        if calls == number:
            killed()
        return real(*args)
    return step

if stage == "compiled":
    journal.commit = killed
    import retold.publishing
    retold.publishing.commit = killed
elif stage == "decided":
    journal._finish = killed
elif stage == "moved":
    journal.shutil = types.SimpleNamespace(rmtree=killed)
else:
    journal._apply = killed_at(int(stage), journal._apply)
main(["build", "--root", root])
"""


@pytest.fixture
def changed(root: Path, tmp_path: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """A built corpus whose sources then changed: its root, its files then, its files after a new build."""
    build(root)
    old = snapshot(root)
    correct_a_label(root)
    sources = root / "annotations" / "dam-stays-shut" / "quotes.json"
    old["annotations/dam-stays-shut/quotes.json"] = sources.read_bytes()
    other = tmp_path / "other" / "tiny"
    shutil.copytree(root, other)
    assert build(other) == 0
    return root, old, snapshot(other)


def kill_build(root: Path, stage: str, tmp_path: Path) -> None:
    done = run_python(KILL, stage, root, home=tmp_path / "home")
    assert done.returncode == -9, done.stderr


def test_killed_before_the_journal_stands_leaves_the_old_build(
    changed: tuple[Path, dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    root, old, new = changed
    kill_build(root, "compiled", tmp_path)
    staged = ".build.new/"
    assert {name: content for name, content in snapshot(root).items() if not name.startswith(staged)} == old
    assert table("quotes", root=root).num_rows > 0
    assert build(root) == 0
    assert snapshot(root) == new


@pytest.mark.parametrize("stage", ["decided", "1", "9", "last", "moved"])
def test_killed_after_it_is_finished_by_the_next_build(
    changed: tuple[Path, dict[str, bytes], dict[str, bytes]],
    stage: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root, old, new = changed
    tables = sum(name.endswith(".parquet") for name in old)
    kill_build(root, str(tables + 2) if stage == "last" else stage, tmp_path)
    if stage == "decided":
        assert all(snapshot(root)[name] == content for name, content in old.items())
    if stage != "moved":
        with pytest.raises(FileNotFoundError, match="was cut short"):
            table("quotes", root=root)
        assert build(root, "--check") == 2
        assert "was cut short: run retold build" in capsys.readouterr().err
    twin = tmp_path / "twin" / "tiny"
    shutil.copytree(root, twin)
    journal.recover(twin / "build")
    assert snapshot(twin) == new
    assert build(root) == 0
    assert snapshot(root) == new


def test_failed_build_leaves_the_old_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(root)
    old = snapshot(root)

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("retold.compiler.write_manifest", fail)
    assert build(root) == 2
    assert snapshot(root) == old


def test_two_builds_at_once_do_not_mix(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with journal.exclusive(root / "build"):
        assert build(root) == 2
    assert "another build" in capsys.readouterr().err
    assert build(root) == 0


@pytest.mark.parametrize(
    "content",
    ["{", "[1]", '[["../../outside", null]]', '[["/etc/outside", null]]', '[["build/x", "../../y"]]', "null"],
)
def test_a_foreign_journal_is_refused(
    root: Path, content: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "outside").write_text("kept")
    staging = root / ".build.new"
    staging.mkdir()
    (staging / "journal.json").write_text(content, encoding="utf-8")
    assert build(root) == 2
    assert "is not a journal of this program" in capsys.readouterr().err
    assert (tmp_path / "outside").read_text() == "kept"


def test_manifest_is_stable_json(root: Path) -> None:
    build(root)
    text = (root / "build" / "manifest.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    assert str(root) not in text


def test_every_table_holds_the_canary_and_the_digest_does_not_know_it(tmp_path: Path) -> None:
    root = copy_tiny(tmp_path)
    without = compile_to(root, tmp_path / "without")
    sentence = "NOT FOR TRAINING. GUID 1"
    (root / "pyproject.toml").write_text(f'[tool.retold]\ncanary = "{sentence}"\n', encoding="utf-8")
    manifest = compile_to(root, tmp_path / "with")
    assert (without["canary"], manifest["canary"]) == (None, sentence)
    assert manifest["data_digest"] == without["data_digest"]
    tables = sorted((tmp_path / "with").rglob("*.parquet"))
    assert len(tables) > 5
    assert {pq.read_metadata(path).metadata[b"canary"].decode() for path in tables} == {sentence}
