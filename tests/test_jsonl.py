"""A corpus in JSON Lines: it gives what its folder form gives; faults are named by line and column."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpora import REPOSITORY, TINY, compile_to, edit, snapshot
from invalid_cases import INVALID, apply
from retold.cli import main
from retold.compiler import Compiler, Options
from retold.exchange.jsonl import write_folders, write_lines
from retold.findings import read_issues
from retold.layout import Layout, LineLayout, find_root
from retold.reader import read_json
from retold.schemas import Schemas, find_schema_folder

TRAIN = "shards/train-00000-of-00001.jsonl"
ENTITIES = "shards/registry/entities.jsonl"

Json = dict[str, Any]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The tiny corpus in JSON Lines, all of it in one split, an article a file."""
    folders = tmp_path / "folders"
    shutil.copytree(TINY, folders)
    edit(folders / "annotations" / "splits.json", all_in_train)
    write_lines(Layout(folders), tmp_path / "lines", shard_articles=10)
    return tmp_path / "lines"


def all_in_train(document: Json) -> None:
    document["splits"] = {"train": sorted(article for ids in document["splits"].values() for article in ids)}


def change_line(path: Path, number: int, change: Callable[[Json], object]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    document = json.loads(lines[number - 1])
    change(document)
    lines[number - 1] = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    path.write_text("".join(lines), encoding="utf-8")


def findings(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str]]:
    """Validate, and return place and code of each finding."""
    capsys.readouterr()
    code = main(["validate", "--root", str(root), "--format", "json", *arguments])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert code == (1 if any(item["severity"] == "error" for item in found) else 0)
    return [(f"{item['path']}:{item['line']}:{item['column']}", item["code"]) for item in found]


def column_of(path: Path, number: int, text: str) -> int:
    """Return the column at which a text begins that stands in a line once."""
    line = path.read_text(encoding="utf-8").splitlines()[number - 1]
    assert line.count(text) == 1
    return line.index(text) + 1


# --- the same corpus in two forms


def test_the_build_is_that_of_the_folder_form(tmp_path: Path) -> None:
    folders, built = tmp_path / "folders", {}
    shutil.copytree(TINY, folders)
    (folders / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n[tool.retold]\ncanary = "x"\n')
    edit(folders / "annotations" / "splits.json", two_splits)
    write_lines(Layout(folders), tmp_path / "lines", shard_articles=1)
    for form in ("folders", "lines"):
        compiled = tmp_path / f"{form}-built"
        compiled.mkdir()
        compile_to(tmp_path / form, compiled, shard_articles=1)
        built[form] = snapshot(compiled)
    manifests = {form: json.loads(files.pop("manifest.json")) for form, files in built.items()}
    assert built["lines"] == built["folders"]
    assert any(name.endswith("quotes/train-00001-of-00002.parquet") for name in built["lines"])
    inputs = {form: manifest.pop("inputs") for form, manifest in manifests.items()}
    assert manifests["lines"] == manifests["folders"]
    assert set(inputs["lines"]) == {
        path.relative_to(tmp_path / "lines").as_posix()
        for path in (tmp_path / "lines/shards").rglob("*.jsonl")
    }


def two_splits(document: Json) -> None:
    ids = sorted(article for articles in document["splits"].values() for article in articles)
    document["splits"] = {"train": ids[:2], "test": ids[2:]}


def test_the_way_there_and_back_changes_no_byte(tmp_path: Path) -> None:
    (tmp_path / "folders").mkdir()
    for top in ("raw", "annotations"):
        shutil.copytree(TINY / top, tmp_path / "folders" / top)
    (tmp_path / "folders" / "README.md").write_text("# Tiny\n")
    write_lines(Layout(tmp_path / "folders"), tmp_path / "lines")
    source = LineLayout(tmp_path / "lines", str(tmp_path / "lines"))
    write_folders(source, tmp_path / "back", Schemas(REPOSITORY / "schema"))
    assert snapshot(tmp_path / "back") == snapshot(tmp_path / "folders")
    write_lines(Layout(tmp_path / "back"), tmp_path / "again")
    assert snapshot(tmp_path / "again") == snapshot(tmp_path / "lines")


def test_the_verbs_make_one_form_of_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, back = str(tmp_path / "lines"), str(tmp_path / "back")
    assert main(["export", "jsonl", "--root", str(TINY), "--out", lines, "--shard-articles", "2"]) == 0
    assert "3 articles" in capsys.readouterr().out
    assert main(["import", "jsonl", lines, "--root", back]) == 0
    assert "3 articles read" in capsys.readouterr().out
    assert snapshot(Path(back)) == snapshot(TINY)
    assert main(["import", "jsonl", lines, "--root", back]) == 2
    assert "not empty" in capsys.readouterr().err


def test_build_and_its_check_and_a_second_build(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--root", str(root), "--jobs", "2"]) == 0
    first = snapshot(root / "build")
    assert main(["build", "--root", str(root), "--check"]) == 0
    change_line(root / TRAIN, 1, lambda line: line["quotes"]["quotes"][0].update(note="Read again."))
    assert main(["build", "--root", str(root), "--check"]) == 1
    assert "quotes/train.parquet" in capsys.readouterr().out
    assert main(["build", "--root", str(root)]) == 0
    assert snapshot(root / "build")["quotes/train.parquet"] != first["quotes/train.parquet"]
    assert not list(root.rglob("*.sqlite"))


def test_an_interrupted_build_goes_on(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "built"
    folder.mkdir()
    compiler = Compiler(
        LineLayout(root, str(root)), Schemas(find_schema_folder(root)), read_issues(), folder, Options(jobs=1)
    )
    with monkeypatch.context() as patch:
        patch.setattr("retold.compiler.KEPT_FROM_ARTICLES", 1)
        patch.setattr("retold.compiler.CorpusTables.write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            compiler.compile()
    with monkeypatch.context() as patch:
        patch.setattr("retold.compiler.compile_shard", lambda _: 1 / 0)
        assert compiler.compile().manifest is not None


def test_what_only_passes_use_is_not_unused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The passes stay behind, what they use of the registries is told."""
    folders = tmp_path / "folders"
    shutil.copytree(TINY, folders)
    known = {item["code"] for item in read_json(folders / "annotations/_registry/topics.json")["topics"]}
    topics = Schemas(REPOSITORY / "schema").mediatopics().values()
    new = next(topic for topic in topics if topic.code not in known and topic.retired is None)
    item = {"code": new.code, "label": new.label, "broader": new.broader}
    edit(
        folders / "annotations" / "_registry" / "topics.json",
        lambda document: document["topics"].append(item),
    )
    read = folders / "annotations" / "_passes" / "a" / "dam-stays-shut"
    read.mkdir(parents=True)
    shutil.copy(folders / "annotations" / "dam-stays-shut" / "topics.json", read)
    edit(read / "topics.json", lambda document: document["article_topics"]["main"][0].update(topic=new.code))
    assert findings(folders, capsys) == []
    write_lines(Layout(folders), tmp_path / "lines")
    assert findings(tmp_path / "lines", capsys) == []
    uses = tmp_path / "lines" / "shards" / "registry" / "uses.jsonl"
    assert json.loads(uses.read_text()) == {"registry": "topics", "id": new.code}
    uses.write_text('{"registry": "topics", "id": "x y"}\n')
    assert (f"{uses.relative_to(tmp_path / 'lines')}:1:30", "schema-violation") in findings(
        tmp_path / "lines", capsys
    )
    uses.unlink()
    assert [code for _, code in findings(tmp_path / "lines", capsys)] == ["unused-entry"]


def test_the_root_is_found_from_below(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_root(root / "shards" / "registry") == root
    monkeypatch.chdir(root / "shards")
    assert main(["validate"]) == 0


def test_other_verbs_say_how_to_get_folders(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--root", str(root)]) == 2
    assert f"retold import jsonl {root} --root DIR" in capsys.readouterr().err


# --- faults


def test_a_fault_is_found_in_its_line_and_column(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(line: Json) -> None:
        line["quotes"]["quotes"][0]["content"][0]["text"] = "No such words."

    change_line(root / TRAIN, 2, change)
    column = column_of(root / TRAIN, 2, '"No such words."')
    assert (f"{TRAIN}:2:{column}", "span-text-mismatch") in findings(root, capsys)
    assert findings(root, capsys, str(root / TRAIN)) == findings(root, capsys)
    assert main(["build", "--root", str(root)]) == 1
    assert not (root / "build").exists()


def test_a_broken_line_leaves_the_others_checked(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(line: Json) -> None:
        line["segments"]["blocks"][0]["kind"] = "nonsense"

    change_line(root / TRAIN, 3, change)
    path = root / TRAIN
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][: len(lines[1]) // 2] + b"\n" + lines[2])
    places = findings(root, capsys)
    assert [code for place, code in places if place.startswith(f"{TRAIN}:2:")] == ["invalid-json"]
    column = column_of(path, 3, '"nonsense"')
    assert (f"{TRAIN}:3:{column}", "schema-violation") in places


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"fold":', b'"fold":0,"fold":', "duplicate-key"),
        (b'"fold":', b'"fold":1.0,"x":', "number-form"),
        (b'"fold":', b'"folds":', "schema-violation"),
        (b'"repairs":{', b'"repairs":{"x":1,', "schema-violation"),
        (b'{"article":"', b'{"article":"\xff', "not-utf8"),
        (b'{"article":"', b'\xef\xbb\xbf{"article":"', "byte-order-mark"),
        (b'{"article":"dam-stays-shut"', b'{"article":"article"', "reserved-article-id"),
        (b'{"article":"dam-stays-shut"', b'{"article":"../../etc"', "schema-violation"),
        (b'"text":"', b'"text":"x', "stale-checksum"),
    ],
)
def test_levels_1_to_3_of_a_line(
    root: Path, old: bytes, new: bytes, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / TRAIN
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    found = findings(root, capsys)
    assert code in {name for place, name in found if place.startswith(f"{TRAIN}:1:")}
    assert main(["import", "jsonl", str(root), "--root", str(root.parent / "back")]) in (1, 2)
    assert not (root.parent.parent / "etc").exists()


def test_numbers_in_words_are_no_odd_numbers(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(line: Json) -> None:
        line["metadata"]["title_note"] = 'Odd: [1.5, "a":2e3, 1,000.50'

    change_line(root / TRAIN, 1, change)
    assert findings(root, capsys) == []


def test_spaces_and_escapes_are_as_good(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.loads(line) for line in (root / TRAIN).read_text(encoding="utf-8").splitlines()]
    (root / TRAIN).write_text("\r\n".join(json.dumps(line) for line in lines), encoding="ascii", newline="")
    assert findings(root, capsys) == []


def test_articles_in_the_wrong_order(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (root / TRAIN).read_bytes().splitlines(keepends=True)
    (root / TRAIN).write_bytes(lines[1] + lines[0] + lines[2])
    assert findings(root, capsys) == [(f"{TRAIN}:2:12", "article-order")]
    assert main(["build", "--root", str(root)]) == 1


def test_an_article_in_two_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = root / "shards" / "test-00000-of-00001.jsonl"
    other.write_bytes((root / TRAIN).read_bytes().splitlines(keepends=True)[1])
    found = findings(root, capsys)
    assert (f"{TRAIN}:2:12", "split-repeated-article") in found
    assert main(["build", "--root", str(root)]) == 1


def test_a_name_that_says_no_split(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / TRAIN).rename(root / "shards" / "part-00000.jsonl")
    found = findings(root, capsys)
    assert ("shards/part-00000.jsonl:None:None", "unknown-file") in found
    assert ("shards/train.jsonl:None:None", "missing-file") in found


@pytest.mark.parametrize("content", [b"", b"\n"], ids=["empty", "blank line"])
def test_a_shard_without_articles(root: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "shards" / "validation.jsonl").write_bytes(content)
    assert findings(root, capsys) == [("shards/validation.jsonl:1:1", "invalid-json")]


def test_a_very_long_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(line: Json) -> None:
        line["metadata"]["title_note"] = "words " * 2_000_000
        line["fold"] = -1

    change_line(root / TRAIN, 1, change)
    column = column_of(root / TRAIN, 1, "-1,")
    assert findings(root, capsys) == [(f"{TRAIN}:1:{column}", "schema-violation")]


def test_a_missing_registry(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "shards" / "registry" / "near_misses.jsonl").unlink()
    assert findings(root, capsys) == [("shards/registry/near_misses.jsonl:None:None", "missing-file")]
    assert main(["build", "--root", str(root)]) == 1


def test_a_fault_in_a_registry_in_two_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / ENTITIES
    lines = path.read_bytes().splitlines(keepends=True)
    path.unlink()
    (path.parent / "entities-0.jsonl").write_bytes(b"".join(lines[:2]))
    (path.parent / "entities-1.jsonl").write_bytes(b"".join([*lines[2:], lines[0]]))
    assert findings(root, capsys) == [
        (f"shards/registry/entities-1.jsonl:{len(lines) - 1}:7", "duplicate-id")
    ]
    (path.parent / "entities-1.jsonl").write_bytes(b"".join([*lines[2:], b'{"id": "x"}\n']))
    assert findings(root, capsys)[0] == (
        f"shards/registry/entities-1.jsonl:{len(lines) - 1}:1",
        "schema-violation",
    )


def test_findings_on_several_articles_have_their_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same sentence with two labels: known only when both lines are gone."""
    path = INVALID / "same-text-other-label" / "expected.json"
    case = json.loads(path.read_text(encoding="utf-8"))
    folders = root.parent / "folders"
    for change in case["edits"]:
        apply(folders, change)
    write_lines(Layout(folders), root.parent / "differing")
    ((place, code),) = findings(root.parent / "differing", capsys)
    assert code == "same-text-other-label"
    file, line, column = place.rsplit(":", 2)
    text = (root.parent / "differing" / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    before = text[: int(column) - 1]
    assert before.endswith('"checkability":')
    assert before.rindex(f'"sentence":"{case["findings"][0]["item"]}"') > len(before) - 80
