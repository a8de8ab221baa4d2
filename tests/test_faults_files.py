"""Files that are missing, closed, links, pipes, or lead out of the corpus: said, and never followed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora import copy_tiny, edit, snapshot
from faults import Ended, as_nobody, forked, plain_corpus, retold
from retold.loading import table

ARTICLE = "dam-stays-shut"
KINDS = [
    f"raw/{ARTICLE}.txt", f"raw/{ARTICLE}.json", "raw/SHA256SUMS", "annotations/splits.json",
    f"annotations/{ARTICLE}/segments.json", f"annotations/{ARTICLE}/quotes.json",
    f"annotations/{ARTICLE}/repairs.json", "annotations/_registry/entities.json",
    "annotations/_registry/claims.json",
]  # fmt: skip
UNUSED = {"show": ("SHA256SUMS", "splits"), "stats": ("SHA256SUMS",), "export": ("SHA256SUMS",)}
SECRET = "a secret outside of the corpus"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_tiny(tmp_path)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder beside the corpus with a text, layers and a secret in it."""
    folder = tmp_path / "outside"
    shutil.copytree(tmp_path / "tiny" / "annotations" / ARTICLE, folder / ARTICLE)
    (folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    return folder


def verbs(root: Path) -> Iterator[tuple[str, Ended]]:
    """Run every verb that reads the corpus' sources."""
    yield "show", retold("show", ARTICLE, "--root", root)
    yield "stats", retold("stats", "--root", root)
    yield "export", retold("export", "brat", "--out", root.parent / "brat", "--force", "--root", root)
    yield "build", retold("build", "--root", root)


def assert_all_refuse(root: Path, file: str, says: str) -> None:
    """``validate`` and ``build`` find it at its place; what needs the file names it in one line."""
    found = retold("validate", "--root", root)
    assert found.code == 1, file
    assert f"{file}: error [L1 {says}]" in found.out
    before = snapshot(root)
    for verb, ended in verbs(root):
        if verb == "build":
            assert ended.code == 1
            assert f"{file}: error [L1 {says}]" in ended.out
        elif any(name in file for name in UNUSED[verb]):
            assert ended.code == 0, (verb, ended)
        else:
            assert ended.is_refusal(), (verb, ended)
            assert file in ended.err
            assert ended.out == ""
    assert snapshot(root) == before


@pytest.mark.parametrize("file", KINDS)
def test_missing_files(root: Path, file: str) -> None:
    (root / file).unlink()
    says = "missing-text" if file.endswith(".txt") else "missing-file"
    found = retold("validate", "--root", root)
    assert found.code == 1
    assert f"{file}: error [L1 {says}]" in found.out
    for verb, ended in verbs(root):
        unused = any(name in file for name in UNUSED.get(verb, ())) or (verb, "splits" in file) == (
            "export",
            True,
        )
        assert ended.code == (1 if verb == "build" else 0 if unused else 2), (verb, ended)
        assert ended.code != 2 or ended.is_refusal()


def test_any_files_missing(root: Path) -> None:
    """Whatever is gone, all of an article or half of it: findings, no crash."""
    pairs = [(a, b) for number, a in enumerate(KINDS) for b in KINDS[:number]]
    contents = {file: (root / file).read_bytes() for file in KINDS}
    for pair in pairs:
        for file in pair:
            (root / file).unlink()
        ended = retold("validate", "--root", root)
        assert ended.code == 1, (pair, ended)
        assert all(f"{file}: error [L1 missing-" in ended.out for file in pair)
        for file in pair:
            (root / file).write_bytes(contents[file])


def test_an_empty_folder_of_an_article_is_one_without_its_files(root: Path) -> None:
    (root / "annotations/half-begun").mkdir()
    ended = retold("validate", "--root", root)
    assert "raw/half-begun.txt: error [L1 missing-text]" in ended.out
    assert ended.out.count("annotations/half-begun/") == 6
    assert retold("stats", "--root", root).is_refusal()


@pytest.mark.parametrize("file", [KINDS[0], KINDS[2], KINDS[5], KINDS[7]])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipes_are_not_waited_for(root: Path, file: str) -> None:
    (root / file).unlink()
    os.mkfifo(root / file)
    found = retold("validate", "--root", root)
    assert f"{file}: error [L1 unreadable-file] the file cannot be read: it is no regular file." in found.out
    assert retold("anchor", "--check", "--root", root).code == (1 if file in (KINDS[0], KINDS[5]) else 0)
    (root / file).unlink()
    (root / file).symlink_to("/dev/zero")
    assert f"{file}: error [L1 link-not-followed]" in retold("validate", "--root", root).out


# --- files of another user


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A copy of the built corpus that any user may enter."""
    with tempfile.TemporaryDirectory(prefix="retold-faults-") as name:
        Path(name).chmod(0o755)
        corpus = copy_tiny(Path(name))
        assert retold("build", "--root", corpus).code == 0
        for path in (corpus, *corpus.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield corpus


@pytest.mark.parametrize("file", [KINDS[0], KINDS[3], KINDS[5], KINDS[7], f"annotations/{ARTICLE}", "raw"])
def test_closed_files(reachable: Path, tmp_path: Path, file: str) -> None:
    (reachable / file).chmod(0)
    before = snapshot(reachable)
    find = f"{file}: error [L1 unreadable-file] the file cannot be read: Permission denied."
    writable = reachable.parent / "out"
    writable.mkdir()
    writable.chmod(0o777)
    for command in (["validate"], ["build", "--out", writable / "build"]):
        ended = forked(tmp_path, as_nobody, *command, "--root", reachable)
        assert ended.code == 1, ended
        assert find in ended.out
    for command in (["show", ARTICLE], ["stats"], ["export", "brat", "--out", tmp_path / "brat"]):
        ended = forked(tmp_path, as_nobody, *command, "--root", reachable)
        assert ended.is_refusal() or (command[0] == "show" and "splits" in file), ended
    (reachable / file).chmod(0o755)
    assert snapshot(reachable) == before


@pytest.mark.parametrize("file", ["predictions.jsonl", "build/articles/test.parquet", "build/manifest.json"])
def test_scores_of_closed_files(reachable: Path, tmp_path: Path, file: str) -> None:
    predictions = reachable / "predictions.jsonl"
    predictions.write_text(json.dumps({"article": ARTICLE, "mentions": []}) + "\n", encoding="utf-8")
    predictions.chmod(0o644)
    assert retold("score", "entities", predictions, "--root", reachable).code == 0  # imports what it needs
    assert forked(tmp_path, as_nobody, "score", "entities", predictions, "--root", reachable).code == 0
    (reachable / file).chmod(0)
    ended = forked(tmp_path, as_nobody, "score", "entities", predictions, "--root", reachable)
    assert ended.is_refusal(), ended
    assert str(reachable) in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    "command",
    [
        ["anchor"],
        ["new-article", "{text}", "--id", "new"],
        ["predict", "always-checkable"],
        ["predict", "always-checkable", "--task", "checkability", "--out", "{root}/out.jsonl"],
        ["stats", "--plots"],
        ["export", "brat", "--out", "{root}/brat"],
        ["site"],
        ["import", "brat", "{brat}", "--force"],
    ],
    ids=lambda command: "-".join(command[:3]),
)
def test_verbs_that_write_where_they_may_not(reachable: Path, tmp_path: Path, command: list[str]) -> None:
    text, brat = reachable.parent / "new.txt", reachable.parent / "brat"
    text.write_text("A title\n", encoding="utf-8")
    retold("export", "brat", "--out", brat, "--root", reachable)
    (brat / f"{ARTICLE}.ann").write_text("", encoding="utf-8")
    edit(reachable / KINDS[5], lambda document: document["quotes"][0]["content"][0].update(start=0))
    if command[0] == "site":
        assert retold("site", "--out", reachable.parent / "site", "--root", reachable).code == 0
    before = snapshot(reachable)
    filled = [word.format(text=text, root=reachable, brat=brat) for word in command]
    for path in (*reachable.rglob("*"), *brat.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for folder in (reachable, brat):
        folder.chmod(0o555)
    ended = forked(tmp_path, as_nobody, *filled, "--root", reachable)
    assert ended.is_refusal(), ended
    assert "Permission denied" in ended.err
    assert snapshot(reachable) == before


def test_output_to_a_full_device(root: Path, tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full")

    def to_full() -> None:
        import sys  # noqa: PLC0415 (in the child)

        sys.stdout = full.open("w", encoding="utf-8")

    ended = forked(tmp_path, to_full, "stats", "--root", root)
    assert ended.is_refusal(), ended
    assert "No space left on device" in ended.err


# --- links


@pytest.mark.parametrize("file", KINDS)
def test_links_out_of_the_corpus(root: Path, outside: Path, file: str) -> None:
    (root / file).rename(outside / "original")
    (root / file).symlink_to(outside / "original")
    assert_all_refuse(root, file, "link-not-followed")
    (root / file).unlink()
    (root / file).symlink_to(
        "../../outside/secret.txt" if "/" not in file[12:] else "../../../outside/secret.txt"
    )
    ended = retold("validate", "--root", root)
    assert SECRET not in ended.out
    assert ended.code == 1


def test_links_inside_the_corpus_are_followed(root: Path) -> None:
    (root / "kept").mkdir()
    for number, file in enumerate(KINDS):
        (root / file).rename(root / "kept" / str(number))
        (root / file).symlink_to(os.path.relpath(root / "kept" / str(number), (root / file).parent))
    assert retold("validate", "--root", root).code == 0
    assert [ended.code for _, ended in verbs(root)] == [0, 0, 0, 0]
    assert table("articles", root=root).num_rows == 3
    edit(root / KINDS[5], lambda document: document["quotes"][0]["content"][0].update(start=0))
    assert retold("anchor", "--root", root).code == 0
    assert (root / KINDS[5]).is_symlink(), "what the link leads to is what was changed"
    assert retold("validate", "--root", root).code == 0


@pytest.mark.parametrize("target", ["outside", "inside", "circle"])
def test_a_folder_that_is_a_link(root: Path, outside: Path, target: str) -> None:
    folder = root / "annotations" / ARTICLE
    folder.rename(root / "kept")
    places = {"outside": outside / ARTICLE, "inside": root / "kept", "circle": root / "annotations"}
    folder.symlink_to(places[target])
    ended = retold("validate", "--root", root)
    assert ended.code == 1
    assert f"annotations/{ARTICLE}: error [L1 link-not-followed]" in ended.out
    assert retold("show", ARTICLE, "--root", root).is_refusal()
    assert retold("build", "--root", root).code == 1
    before = snapshot(outside)
    assert retold("anchor", "--root", root).code in (0, 1)
    assert snapshot(outside) == before


@pytest.mark.parametrize("folder", ["raw", "annotations", "build"])
def test_the_folders_of_a_corpus_are_no_links(root: Path, tmp_path: Path, folder: str) -> None:
    retold("build", "--root", root)
    (root / folder).rename(tmp_path / "moved")
    (root / folder).symlink_to(tmp_path / "moved")
    before = snapshot(tmp_path)
    for command in (["validate"], ["build"], ["anchor"], ["stats"], ["new-article", __file__, "--id", "new"]):
        ended = retold(*command, "--root", root)
        assert ended.is_refusal()
        assert f"{root / folder} is a link" in ended.err
    assert snapshot(tmp_path) == before


def test_links_that_lead_nowhere_or_in_a_circle(root: Path) -> None:
    for name, target in (("nowhere", "gone"), ("itself", "itself"), ("a", "b"), ("b", "a")):
        (root / "annotations" / name).symlink_to(target)
        (root / "raw" / f"{name}.txt").symlink_to(f"{target}.txt")
    ended = retold("validate", "--root", root)
    assert ended.code == 1
    for name in ("nowhere", "itself", "a", "b"):
        assert f"annotations/{name}: error [L1 unknown-file]" in ended.out
        assert f"raw/{name}.txt: error [L1 unreadable-file]" in ended.out


def test_files_that_are_written_replace_links(root: Path, outside: Path) -> None:
    """What is derived is not written through a link to somebody's own file."""
    assert retold("build", "--root", root).code == 0
    secret = outside / "secret.txt"
    (root / "build/plots").mkdir()
    assert retold("stats", "--plots", "--root", root).code == 0
    for path in (root / "build/plots").iterdir():
        path.unlink()
        path.symlink_to(secret)
    (root / "build/quotes/test.parquet").unlink()
    (root / "build/quotes/test.parquet").symlink_to(secret)
    assert retold("stats", "--plots", "--root", root).code == 0
    assert retold("build", "--root", root).code == 0
    assert secret.read_text(encoding="utf-8") == SECRET
    assert not any(path.is_symlink() for path in (root / "build").rglob("*"))


# --- names that lead out


OUT = [
    "../x",
    "..",
    "../../../etc/passwd",
    "/etc/passwd",
    "a/../../x",
    ".",
    "",
    "a\0b",
    "a/b",
    "x\n",
    "~",
    "con ",
]


@pytest.mark.parametrize("name", OUT)
def test_ids_that_are_paths(root: Path, tmp_path: Path, name: str) -> None:
    retold("build", "--root", root)
    before = snapshot(tmp_path)
    text = tmp_path / "new.txt"
    text.write_text("A title\n", encoding="utf-8")
    assert retold("new-article", text, f"--id={name}", "--root", root).is_refusal()
    ended = retold("show", name or "''", "--root", root)
    assert ended.is_refusal()
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text(json.dumps({"article": name, "mentions": []}) + "\n", encoding="utf-8")
    ended = retold("score", "entities", predictions, "--root", root)
    assert ended.is_refusal()
    assert "line 1" in ended.err
    text.unlink()
    predictions.unlink()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "..", "a\0b", "other"])
@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("annotations/splits.json", ("splits", "train", 0)),
        ("annotations/splits.json", ("folds", 0, 0)),
        (KINDS[5], ("article",)),
        (KINDS[5], ("$schema",)),
        (KINDS[1], ("id",)),
        (KINDS[1], ("$schema",)),
        (KINDS[7], ("$schema",)),
        (KINDS[7], ("entities", 0, "id")),
    ],
    ids=str,
)
def test_values_that_are_paths(root: Path, file: str, place: tuple[str | int, ...], name: str) -> None:
    def change(document: Any) -> None:
        for step in place[:-1]:
            document = document[step]
        document[place[-1]] = name

    edit(root / file, change)
    ended = retold("validate", "--root", root)
    assert ended.code == 1
    assert ": error [L" in ended.out.splitlines()[0]
    assert retold("build", "--root", root).code == 1
    assert not (root / "build").exists()


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "..", "sub/x", "x\0y"])
def test_imports_that_name_paths(root: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "export"
    assert retold("export", "label-studio", "--out", out, "--root", root).code == 0
    edit(out / "tasks.json", lambda tasks: tasks[0]["data"].update(article=name))
    before = snapshot(tmp_path)
    ended = retold("import", "label-studio", out, "--root", root, "--force")
    assert ended.is_refusal()
    assert "cannot be the id of an article" in ended.err
    assert snapshot(tmp_path) == before


def test_side_files_that_name_other_articles_write_nothing_of_them(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "export"
    assert retold("export", "brat", "--out", out, "--root", root).code == 0

    def more(document: dict[str, Any]) -> None:
        document["articles"]["../../x"] = document["articles"][ARTICLE]

    edit(out / "retold.json", more)
    before = set(snapshot(tmp_path))
    assert retold("import", "brat", out, "--root", root, "--force").code == 0
    assert set(snapshot(tmp_path)) == before


def test_imports_do_not_write_through_links(root: Path, outside: Path, tmp_path: Path) -> None:
    out = tmp_path / "export"
    assert retold("export", "brat", "--out", out, "--root", root).code == 0
    shutil.rmtree(root / "annotations" / ARTICLE)
    (root / "annotations" / ARTICLE).symlink_to(outside / ARTICLE)
    (outside / ARTICLE / "quotes.json").write_text("{}\n", encoding="utf-8")
    before = snapshot(tmp_path)
    ended = retold("import", "brat", out, "--root", root, "--force")
    assert ended.is_refusal(), ended
    assert snapshot(tmp_path) == before


def test_half_surrogates_of_an_import_are_refused(root: Path, tmp_path: Path) -> None:
    for form, file in (("brat", "retold.json"), ("label-studio", "tasks.json")):
        out = tmp_path / form
        assert retold("export", form, "--out", out, "--root", root).code == 0
        path = out / file
        content = path.read_text(encoding="utf-8")
        path.write_text(content.replace("Brandt", "\\ud800"), encoding="utf-8")
        before = snapshot(root)
        ended = retold("import", form, out, "--root", root, "--force")
        assert ended.is_refusal(), ended
        assert snapshot(root) == before


def test_names_of_files_that_are_no_utf8(root: Path, tmp_path: Path) -> None:
    odd = os.fsdecode(b"w\xff\n.txt")
    try:
        (root / "raw" / odd).write_bytes(b"x\n")
        (tmp_path / odd).write_bytes(b"A title\n")
    except OSError:
        pytest.skip("the file system wants names in UTF-8")
    for form in ("text", "json", "github"):
        ended = retold("validate", "--root", root, "--format", form)
        assert ended.code == 1
        assert "unknown-file" in ended.out
        ended.out.encode("utf-8")
    (root / "raw" / odd).unlink()
    assert retold("new-article", tmp_path / odd, "--id", "new", "--root", root).code == 0
    assert "w\ufffd\\n.txt" in (root / "raw/new.json").read_text(encoding="utf-8")
    assert retold("score", "entities", tmp_path / os.fsdecode(b"gone\xff\n"), "--root", root).is_refusal()


def test_the_reserved_id_is_taken(tmp_path: Path) -> None:
    root = plain_corpus(tmp_path / "corpus", {"one": "Hello.\n"})
    (tmp_path / "new.txt").write_text("A title\n", encoding="utf-8")
    ended = retold("new-article", tmp_path / "new.txt", "--id", "article", "--root", root)
    assert ended.is_refusal()
    assert "reserved" in ended.err


# --- derived files that are broken


@pytest.mark.parametrize(
    "content", [b"null", b"[]", b'"x"', b"{}", b"\xff", b"[" * 100_000, b'{"tasks": {"a": 1}}']
)
def test_a_broken_leaderboard(root: Path, content: bytes) -> None:
    retold("build", "--root", root)
    assert retold("predict", "always-checkable", "--root", root).code == 0
    assert retold("leaderboard", "--root", root).code == 0
    (root / "build/leaderboard.json").write_bytes(content)
    ended = retold("leaderboard", "--check", "--root", root)
    assert (ended.code, ended.out) == (1, "build/leaderboard.json is out of date. Run retold leaderboard.\n")
    ended = retold("site", "--check", "--root", root)
    assert ended.is_refusal()
    assert "leaderboard.json is broken: run retold leaderboard" in ended.err


def test_a_damaged_table_is_named(root: Path, tmp_path: Path) -> None:
    retold("build", "--root", root)
    path = root / "build/articles/test.parquet"
    whole = path.read_bytes()
    (tmp_path / "predictions").write_text(f'{{"article": "{ARTICLE}", "mentions": []}}\n', encoding="utf-8")
    for damage in (b"", whole[: len(whole) // 2], whole[:-20], b"\xef\xbb\xbf" + whole):
        path.write_bytes(damage)
        ended = retold("score", "entities", tmp_path / "predictions", "--root", root)
        assert ended.is_refusal(), ended
        assert f"{path} is damaged: run `retold build`" in ended.err


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"splits": {}}'])
def test_exports_need_splits_that_can_be_read(root: Path, tmp_path: Path, content: bytes) -> None:
    (root / "annotations/splits.json").write_bytes(content)
    ended = retold("export", "brat", "--out", tmp_path / "brat", "--root", root)
    assert ended.is_refusal()
    assert "annotations/splits.json" in ended.err


def test_a_deep_description_is_no_crash(root: Path) -> None:
    retold("build", "--root", root)
    (root / "build/croissant.json").write_bytes(b'{"a":' * 700 + b"1" + b"}" * 700)
    ended = retold("build", "--check", "--root", root)
    assert ended.code == 1
    assert "build/croissant.json" in ended.out
