"""`retold hub`: what it prints can be run, what it lists is what is committed, and when it refuses."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corpora import copy_tiny, edit
from retold.cli import main
from retold.cli.hub import commands, listing

PROJECT = '[project]\nname = "dam"\nversion = "1.2.0"\n# TO FILL IN: authors\n'
AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *AUTHOR, *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "x")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A corpus that is ready to publish."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    made = copy_tiny(tmp_path)
    (made / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (made / ".gitignore").write_text("secret.txt\n", encoding="utf-8")
    (made / "secret.txt").write_text("not to be published", encoding="utf-8")
    assert main(["build", "--root", str(made)]) == 0
    git(made, "init", "--quiet")
    commit(made)
    capsys.readouterr()
    return made


def hub(root: Path, *arguments: str) -> int:
    return main(["hub", "--root", str(root), *arguments])


def test_prints_what_is_committed_and_how_to_upload_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub(root, "--repo", "ada/dam", "--files") == 0
    told = capsys.readouterr().out
    assert "version 1.2.0; would be uploaded to ada/dam" in told
    assert "Nothing has been uploaded." in told
    listed = {
        name: int(size.replace(",", ""))
        for size, name in re.findall(r"^ +([\d,]+) bytes  (\S+)$", told, re.MULTILINE)
    }
    assert listed == {name: (root / name).stat().st_size for name in git(root, "ls-files").splitlines()}
    assert "secret.txt" not in told
    total = sum(listed.values())
    assert f"{total:,} bytes  in all  ({len(listed)} files)" in told
    assert "pyproject.toml:4" in told
    assert "OWNER" not in told


def test_folders_are_added_up() -> None:
    lines = list(listing([("a/b", 1000), ("a/c/d", 1), ("e", 5), ("f/g", 0)], every=False))
    assert [line.split() for line in lines] == [
        ["1,001", "bytes", "a/", "(2", "files)"],
        ["5", "bytes", "e"],
        ["0", "bytes", "f/", "(1", "file)"],
        ["1,006", "bytes", "in", "all", "(4", "files)"],
    ]


def test_without_a_name_there_is_a_placeholder(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hub(root) == 0
    told = capsys.readouterr().out
    assert "hf upload OWNER/dam " in told
    assert "OWNER, by --repo or in the commands" in told


def test_the_export_holds_exactly_what_is_listed(root: Path, tmp_path: Path) -> None:
    """The commands that touch no network are run as they are printed."""
    local = [line for line in commands("ada/dam", "1.2.0", tagged=False) if not line.startswith("hf ")]
    script = "\n".join(["set -e", *local, 'echo "$export"'])
    done = subprocess.run(["bash", "-c", script], cwd=root, capture_output=True, text=True, check=True)
    export = Path(done.stdout.strip())
    files = {p.relative_to(export).as_posix() for p in export.rglob("*") if p.is_file()}
    assert files == set(git(root, "ls-files").splitlines())
    assert git(root, "tag").split() == ["v1.2.0"]


@pytest.mark.parametrize(
    "line", [c for c in commands("ada/dam", "1.2.0", tagged=True) if c.startswith("hf ")]
)
def test_commands_of_the_hub_exist_with_their_options(line: str, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "hf"
    if not program.exists():
        pytest.skip("hf is not installed beside this Python")
    words = shlex.split(line)[1:]
    verb = words[
        : next(
            n for n, word in enumerate(words) if "/" in word or word.startswith("-") or n == len(words) - 1
        )
    ]
    verb = words if line == "hf auth login" else verb
    done = subprocess.run(
        [program, *verb, "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1", "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert f"Usage: hf {' '.join(verb)}" in done.stdout
    for option in (word for word in words if word.startswith("--")):
        assert option in done.stdout


def test_tags_follow_the_version() -> None:
    assert commands("a/b", "1.2.0", tagged=True)[-1] == "hf repos tag create a/b v1.2.0 --repo-type dataset"
    assert "git tag v1.2.0" in commands("a/b", "1.2.0", tagged=False)
    assert not [line for line in commands("a/b", None, tagged=False) if "tag" in line]


# --- refusals ---------------------------------------------------------------------------------------


def correct_a_label(root: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        document["quotes"][0]["note"] = "Read again."

    edit(root / "annotations" / "dam-stays-shut" / "quotes.json", change)


def test_a_build_that_is_out_of_date_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    correct_a_label(root)
    commit(root)
    assert hub(root) == 1
    told = capsys.readouterr().out
    assert "build/quotes/" in told
    assert "Not ready to publish: run retold build, commit, and try again." in told
    assert "hf upload" not in told


def test_what_is_not_committed_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "new file.txt").write_text("x", encoding="utf-8")
    (root / "README.md").write_text((root / "README.md").read_text("utf-8") + "\nMore.\n", encoding="utf-8")
    assert hub(root) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["README.md: not committed", "new file.txt: not committed"]


def test_a_corpus_with_errors_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "annotations" / "dam-stays-shut" / "quotes.json").write_text("{", encoding="utf-8")
    commit(root)
    assert hub(root) == 1
    assert "correct the errors first" in capsys.readouterr().out


def test_a_version_that_is_taken_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(root, "tag", "v1.2.0")
    assert hub(root) == 0
    assert "git tag v1.2.0" not in capsys.readouterr().out
    (root / "more.txt").write_text("x", encoding="utf-8")
    commit(root)
    assert hub(root) == 1
    assert "the tag v1.2.0 is another commit: raise the version in pyproject.toml" in capsys.readouterr().out


def test_many_faults_are_cut(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(30):
        (root / f"n{number}").write_text("x", encoding="utf-8")
    assert hub(root) == 1
    assert "… and 10 more" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["dam", "a/b/c", "a/", "/b", "a b/c", "a/b;rm", "a/..", "a--b/c", "a/b.git", "é/b"]
)
def test_a_name_that_the_hub_does_not_take_is_refused(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hub(root, "--repo", name) == 2
    assert "is no name on the Hub" in capsys.readouterr().err


def test_no_card_no_commit_and_no_repository_are_refused(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = copy_tiny(tmp_path / "bare")
    assert hub(bare) == 2
    assert "what is committed is what is published" in capsys.readouterr().err
    git(bare, "init", "--quiet")
    assert hub(bare) == 2
    assert "what is committed" in capsys.readouterr().err
    (root / "README.md").unlink()
    assert hub(root) == 2
    assert "README.md" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hub(bare) == 2
    assert capsys.readouterr().err.startswith("retold: git is needed")


def test_make_hub_uploads_nothing() -> None:
    makefile = (Path(__file__).parent.parent / "Makefile").read_text(encoding="utf-8")
    target = re.search(r"^hub:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert target
    assert target[1] == "\t$(RUN)/retold hub --files\n"
