"""Predicting and the leaderboard: places only where the data can tell, stale files found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corpora import REPOSITORY, compile_to, copy_tiny, edit
from passes import make_pass
from retold.benchmark.leaderboard import Entry, _places
from retold.benchmark.submissions import SubmissionError, System, read_systems, write_system
from retold.cli import main
from retold.documents import write_json
from retold.schemas import Schemas

FLOORS = ("always-checkable", "always-neutral", "all-apart")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The tiny corpus, compiled, with the predictions of floors, of a trained baseline and of a pass."""
    root = copy_tiny(tmp_path)
    make_pass(root, "b")
    compile_to(root, root / "build")
    for system in (*FLOORS, "story-prior", "pass-b"):
        assert main(["predict", system, "--root", str(root)]) == 0
    return root


def run(root: Path, *arguments: str) -> int:
    return main(["leaderboard", "--root", str(root), *arguments])


def board(root: Path) -> dict:
    return json.loads((root / "build" / "leaderboard.json").read_text("utf-8"))


def test_made_checked_and_found_stale(corpus, capsys):
    assert run(corpus, "--check") == 1
    assert "leaderboard.json is missing" in capsys.readouterr().out
    assert run(corpus) == 0
    assert "| place | system |" in capsys.readouterr().out
    assert run(corpus, "--check") == 0
    assert capsys.readouterr().out == ""
    assert not any(system["stale"] for system in board(corpus)["systems"].values())


def test_a_changed_label_makes_it_stale(corpus, capsys):
    run(corpus)
    layer = next((corpus / "annotations").glob("[a-z]*/claims.json"))
    edit(layer, lambda document: document["sentences"][0].update(checkability="vague", reason=None))
    shutil.rmtree(corpus / "build" / "sentences")
    compile_again(corpus)
    capsys.readouterr()
    assert run(corpus, "--check") == 1
    out = capsys.readouterr().out
    assert "leaderboard.json is out of date" in out
    assert "story-prior was made from other labels. Run retold predict story-prior." in out
    assert "pass-b was made from other labels" in out
    assert "always-neutral" not in out


def compile_again(root: Path) -> None:
    kept = root / "predictions"
    shutil.move(root / "build" / "predictions", kept)
    boards = {path.name: path.read_bytes() for path in (root / "build").glob("leaderboard.*")}
    shutil.rmtree(root / "build")
    compile_to(root, root / "build")
    shutil.move(kept, root / "build" / "predictions")
    for name, content in boards.items():
        (root / "build" / name).write_bytes(content)


def test_changed_predictions_make_it_stale(corpus):
    run(corpus)
    path = corpus / "build" / "predictions" / "always-checkable" / "checkability.raw.jsonl"
    path.write_text(path.read_text("utf-8").replace('"checkable"', '"vague"'), encoding="utf-8")
    assert run(corpus, "--check") == 1


def test_the_ceiling_has_no_place(corpus):
    run(corpus)
    for views in board(corpus)["tasks"].values():
        for table in views.values():
            for row in table["scores"]:
                assert (row["place"] is None) == (row["system"] == "pass-b")


def test_without_predictions_it_says_what_to_do(tmp_path, capsys):
    root = copy_tiny(tmp_path)
    compile_to(root, root / "build")
    assert run(root) == 2
    assert "run retold predict first" in capsys.readouterr().err


def test_without_a_build_it_says_what_to_do(tmp_path, capsys):
    assert run(copy_tiny(tmp_path)) == 2
    assert "retold build" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "system.json").unlink(), "No such file"),
        (lambda folder: (folder / "system.json").write_text("{", encoding="utf-8"), "system.json"),
        (lambda folder: edit(folder / "system.json", lambda d: d.update(kind="god")), "is not one of"),
        (lambda folder: edit(folder / "system.json", lambda d: d.update(name="other")), "the folder's"),
    ],
)
def test_a_broken_system_is_refused(corpus, capsys, change, message):
    folder = corpus / "build" / "predictions" / "all-apart"
    change(folder)
    assert run(corpus) == 2
    err = capsys.readouterr().err
    assert message in err
    assert str(folder) in err


def test_broken_predictions_are_refused_with_their_file(corpus, capsys):
    path = corpus / "build" / "predictions" / "all-apart" / "utterances.raw.jsonl"
    path.write_text('{"article": "nowhere", "quotes": []}\n', encoding="utf-8")
    assert run(corpus) == 2
    assert f"{path}: line 1: no article 'nowhere'" in capsys.readouterr().err


def test_what_is_written_is_read_again(tmp_path):
    system = System("my-tool", "submission", "it guesses", conventions={"quotes": "parc"}, note="x")
    write_system(tmp_path, system)
    assert list(read_systems(tmp_path, Schemas(REPOSITORY / "schema"))) == [system]


def test_a_folder_without_a_record_is_no_system(tmp_path):
    (tmp_path / "predictions" / "x").mkdir(parents=True)
    with pytest.raises(SubmissionError, match=r"system\.json"):
        list(read_systems(tmp_path, Schemas(REPOSITORY / "schema")))


# --- places -----------------------------------------------------------------------------------------


class Named:
    """Stands for an entry: a name is all that places are made from."""

    def __init__(self, name: str) -> None:
        self.name = name


def places(names: str, *told: str) -> dict[str, int]:
    entries: list[Entry] = [Named(name) for name in names]  # type: ignore[misc]
    return _places(entries, {frozenset(pair) for pair in told})


def test_all_told_apart_are_ranked():
    assert places("abc", "ab", "ac", "bc") == {"a": 1, "b": 2, "c": 3}


def test_nobody_told_apart_shares_the_first_place():
    assert places("abc") == {"a": 1, "b": 1, "c": 1}


def test_neighbours_that_cannot_be_told_share_a_place_all_along_the_chain():
    assert places("abc", "ac") == {"a": 1, "b": 1, "c": 1}


def test_a_place_ends_where_all_above_are_told_from_all_below():
    assert places("abcd", "ac", "ad", "bc", "bd") == {"a": 1, "b": 1, "c": 3, "d": 3}


def test_no_two_systems_with_different_places_are_indistinguishable():
    board_ = json.loads((REPOSITORY / "build" / "leaderboard.json").read_text("utf-8"))
    compared = 0
    for views in board_["tasks"].values():
        for table in views.values():
            told = {tuple(pair) for pair in table["told_apart"]}
            ranked = [row for row in table["scores"] if row["place"] is not None]
            for one in ranked:
                for other in ranked:
                    if one["place"] < other["place"]:
                        compared += 1
                        assert tuple(sorted((one["system"], other["system"]))) in told
                        assert one["value"] > other["value"]
    assert compared > 10


# --- predict ----------------------------------------------------------------------------------------


def test_predict_writes_one_file_where_it_is_told(tmp_path, capsys):
    out = tmp_path / "p.jsonl"
    assert main(["predict", "always-neutral", "--root", str(REPOSITORY), "--out", str(out)]) == 0
    assert main(["score", "claim-relations", str(out), "--root", str(REPOSITORY)]) == 0
    assert main(["predict", "always-neutral", "--root", str(REPOSITORY), "--out", "-"]) == 0
    assert capsys.readouterr().out.endswith(out.read_text("utf-8"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["crystal-ball"], "no system 'crystal-ball'; there are: spacy-ner"),
        (["pass-z"], "no system 'pass-z'; there are:"),
        (["always-neutral", "--task", "quotes"], "does not do quotes, only: claim-relations"),
        (["pass-c", "--out", "x.jsonl"], "add --task"),
    ],
)
def test_predict_says_what_there_is(capsys, arguments, message):
    assert main(["predict", *arguments, "--root", str(REPOSITORY)]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("view", ["raw", "clean"])
@pytest.mark.parametrize(
    ("system", "task"),
    [
        ("always-checkable", "checkability"),
        ("always-neutral", "claim-relations"),
        ("all-apart", "utterances"),
        ("alias-list", "linking"),
        ("story-prior", "topics"),
        ("pass-c", "quotes"),
        ("pass-c", "claim-relations"),
    ],
)
def test_committed_predictions_of_extra_free_systems_are_what_they_give(tmp_path, system, task, view):
    out = tmp_path / "out.jsonl"
    arguments = ["predict", system, "--task", task, "--view", view, "--out", str(out)]
    assert main([*arguments, "--root", str(REPOSITORY)]) == 0
    committed = REPOSITORY / "build" / "predictions" / system / f"{task}.{view}.jsonl"
    assert out.read_bytes() == committed.read_bytes(), f"run: retold predict {system}"


def test_system_records_may_be_written_by_hand(tmp_path):
    record = json.loads((REPOSITORY / "build/predictions/zero-shot-model/system.json").read_text("utf-8"))
    folder = tmp_path / "predictions" / "zero-shot-model"
    folder.mkdir(parents=True)
    write_json(folder / "system.json", record)
    assert [s.kind for s in read_systems(tmp_path, Schemas(REPOSITORY / "schema"))] == ["language model"]


def test_what_a_system_says_of_itself_stays_in_its_cell(corpus, capsys):
    path = corpus / "build" / "predictions" / "always-checkable" / "system.json"
    edit(
        path, lambda document: document.update(summary="a|b\nc\x1b[31m <b>d</b>", note="n\n# Title <script>")
    )
    assert run(corpus) == 0
    said = capsys.readouterr().out
    assert said == (corpus / "build" / "leaderboard.md").read_text("utf-8")
    (row,) = (line for line in said.splitlines() if line.startswith("| 1 | `always-checkable`"))
    assert row.endswith(r"| baseline; a\|b\nc\x1b[31m &lt;b>d&lt;/b> |")
    assert r"- `always-checkable`: n\n# Title &lt;script>" in said
