"""Corpora and builds at URLs: the same as on this machine, whole or not there, faults in one line."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import fsspec
import pytest

from corpora import TINY, edit, snapshot
from retold.cli import main
from retold.exchange.jsonl import write_lines
from retold.layout import Layout
from retold.loading import table
from retold.locations import Lines, LocationError
from retold.remote import mirror_corpus, put_build

CORPUS = "memory://corpora/tiny"
BUILT = "memory://built"


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    write_lines(Layout(TINY), tmp_path / "lines")
    return tmp_path / "lines"


def upload(system: fsspec.AbstractFileSystem, folder: Path) -> None:
    for name, data in snapshot(folder).items():
        system.pipe_file(f"/corpora/tiny/{name}", data)


def stored(system: fsspec.AbstractFileSystem) -> dict[str, bytes]:
    return {name.removeprefix("/built/"): system.cat_file(name) for name in system.find("/built")}


def run(*arguments: object) -> int:
    return main([*map(str, arguments)])


@pytest.mark.parametrize("form", ["folders", "lines"])
def test_a_corpus_and_its_build_at_urls(
    form: str,
    lines: Path,
    tmp_path: Path,
    memory: fsspec.AbstractFileSystem,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = lines if form == "lines" else TINY
    upload(memory, root)
    assert run("validate", "--root", CORPUS) == 0
    assert "3 articles: 0 errors" in capsys.readouterr().out
    assert run("build", "--root", CORPUS, "--out", BUILT, "--jobs", 1) == 0
    assert f"{BUILT}: 10 configs" in capsys.readouterr().out
    assert run("build", "--root", root, "--out", tmp_path / "built") == 0
    assert stored(memory) == snapshot(tmp_path / "built")
    assert run("build", "--root", CORPUS, "--out", BUILT, "--check") == 0
    memory.rm_file("/built/quotes/train.parquet")
    assert run("build", "--root", CORPUS, "--out", BUILT, "--check") == 1
    assert "quotes/train.parquet: missing" in capsys.readouterr().out


def test_workers_read_from_urls_themselves(lines: Path, tmp_path: Path) -> None:
    assert run("build", "--root", lines.as_uri(), "--out", (tmp_path / "a").as_uri(), "--jobs", 2) == 0
    assert run("build", "--root", lines, "--out", tmp_path / "b") == 0
    assert snapshot(tmp_path / "a") == snapshot(tmp_path / "b")


def test_shards_of_articles_are_not_copied(
    lines: Path, tmp_path: Path, memory: fsspec.AbstractFileSystem
) -> None:
    upload(memory, lines)
    memory.pipe_file("/corpora/tiny/build/manifest.json", b"{}")
    mirror_corpus(CORPUS, tmp_path / "mirror")
    names = set(snapshot(tmp_path / "mirror"))
    assert names == {name for name in snapshot(lines) if name.startswith("shards/registry/")}


def test_findings_name_files_as_on_this_machine(
    lines: Path, memory: fsspec.AbstractFileSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lines / "shards" / "test-00000-of-00001.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"fold":2', b'"fold":-2'))
    upload(memory, lines)
    assert run("validate", "--root", CORPUS, path.relative_to(lines)) == 1
    assert "shards/test-00000-of-00001.jsonl:1:" in capsys.readouterr().out
    assert run("build", "--root", CORPUS, "--out", BUILT, "--jobs", 1) == 1
    assert memory.find("/built") == []


def fewer_splits(document: dict[str, dict[str, list[str]]]) -> None:
    document["splits"] = {"test": sorted(chain(*document["splits"].values()))}


def test_an_upload_cut_short_leaves_no_manifest_of_missing_files(
    tmp_path: Path, memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, built = tmp_path / "tiny", tmp_path / "built"
    shutil.copytree(TINY, root)
    assert run("build", "--root", root, "--out", BUILT) == 0
    before = set(stored(memory))
    edit(root / "annotations" / "splits.json", fewer_splits)
    assert run("build", "--root", root, "--out", built) == 0
    manifest = json.loads((built / "manifest.json").read_bytes())
    put_file, files = type(memory).put_file, len(snapshot(built))
    for stop in range(files + 1):
        left = iter(range(stop))

        def fail(self: object, local: str, target: str, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise OSError("the line is down")
            put_file(memory, local, target)

        with monkeypatch.context() as patch:
            patch.setattr(type(memory), "put_file", fail)
            if stop == files:
                put_build(built, manifest, BUILT)
            else:
                with pytest.raises(LocationError, match="the line is down"):
                    put_build(built, manifest, BUILT)
        there = stored(memory)
        named = json.loads(there["manifest.json"])["configs"].values()
        paths = {f["path"] for entry in named for part in entry["splits"].values() for f in part["files"]}
        assert paths <= set(there)
    assert there == snapshot(built)
    assert before - set(there)


def test_what_is_not_a_build_is_left_alone(
    memory: fsspec.AbstractFileSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    memory.pipe_file("/built/letters.txt", b"dear")
    assert run("build", "--root", TINY, "--out", BUILT) == 2
    assert "holds other things than a build" in capsys.readouterr().err
    assert stored(memory) == {"letters.txt": b"dear"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["validate", "--root", "nonsense://x/y"], "nonsense://x/y cannot be used: Protocol not known"),
        (["build", "--root", str(TINY), "--out", "s3://x/y"], "s3://x/y cannot be used: Install s3fs"),
        (["validate", "--root", "memory://nothing"], "no corpus at memory://nothing"),
        (["validate", "--root", "file:///no/such/folder"], "no corpus at file:///no/such/folder"),
        (["build", "--root", CORPUS], "name a folder or a URL with --out"),
        (["stats", "--root", CORPUS], "only validate and build take a URL"),
    ],
)
def test_faults_in_one_line(
    arguments: list[str],
    said: str,
    memory: fsspec.AbstractFileSystem,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    upload(memory, TINY)
    monkeypatch.setitem(sys.modules, "s3fs", None)
    assert run(*arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_shard_that_breaks_off_says_where(memory: fsspec.AbstractFileSystem) -> None:
    with pytest.raises(LocationError, match=r"memory://gone/x\.jsonl cannot be read"):
        list(Lines("memory://gone/x.jsonl"))


def test_names_that_lead_out_of_the_folder_are_refused(
    tmp_path: Path, memory: fsspec.AbstractFileSystem
) -> None:
    memory.pipe_file("/corpora/tiny/raw/../../../x", b"")
    with pytest.raises(LocationError, match="leads out of it"):
        mirror_corpus(CORPUS, tmp_path / "mirror")
    assert not (tmp_path / "mirror").exists()


def test_tables_are_read_from_urls(tmp_path: Path, memory: fsspec.AbstractFileSystem) -> None:
    assert run("build", "--root", TINY, "--out", BUILT) == 0
    assert run("build", "--root", TINY, "--out", tmp_path / "built") == 0
    for view in ("raw", "clean"):
        for config in ("quotes", "articles", "claim_pairs"):
            assert table(config, view=view, root=BUILT) == table(config, view=view, root=tmp_path / "built")
    memory.mv("/built", "/corpus/build", recursive=True)
    assert table("quotes", root="memory://corpus") == table("quotes", root=tmp_path / "built")
    with pytest.raises(FileNotFoundError, match="no compiled corpus at memory://built"):
        table("quotes", root=BUILT)
    with pytest.raises(LocationError, match="nonsense://x cannot be used"):
        table("quotes", root="nonsense://x")
