"""The wheel carries the compiled corpus, is the same from every clone and from the sdist, and works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from corpora import REPOSITORY, copy_tiny, run_python
from release.distribution import OTHER, build, disguise, unpack
from retold.cli import main

CODE = ("scripts", "schema", "pyproject.toml", "hatch_build.py")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this code and the tiny corpus, compiled."""
    root = copy_tiny(tmp_path_factory.mktemp("project"))
    for name in CODE:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / name)
    assert main(["build", "--root", str(root)]) == 0
    (root / "build" / "site").mkdir()
    (root / "build" / "site" / "index.html").write_text("<p>", encoding="utf-8")
    return root


def hatch(target: str, project: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def wheel_of(project: Path, out: Path) -> Path:
    done = hatch("wheel", project, out)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def test_wheel_holds_tables_and_schemas_and_nothing_else_of_build(project: Path, tmp_path: Path) -> None:
    names = zipfile.ZipFile(wheel_of(project, tmp_path)).namelist()
    data = {name.removeprefix("retold/_data/") for name in names if name.startswith("retold/_data/build/")}
    manifest = json.loads((project / "build" / "manifest.json").read_text(encoding="utf-8"))
    tables = {
        f"build/{file['path']}"
        for config in manifest["configs"].values()
        for split in config["splits"].values()
        for file in split["files"]
    }
    assert data == {"build/manifest.json", *tables}
    assert "retold/_data/schema/quotes.schema.json" in names
    assert "retold/_data/schema/vocab/checkability.json" in names
    assert "retold/_data/schema/predictions/quotes.schema.json" in names
    assert "retold/benchmark/prompts/quotes.md" in names
    assert "retold/site/assets/index.html" in names
    assert "retold/py.typed" in names


def test_every_clone_and_the_sdist_give_the_same_bytes(project: Path, tmp_path: Path) -> None:
    files = build(project, tmp_path / "one")
    other = tmp_path / "another" / "and-longer"
    shutil.copytree(project, other)
    disguise(other)
    again = build(other, tmp_path / "two", OTHER, umask=0o077)
    of_sdist = build(unpack(files["sdist"], tmp_path / "unpacked"), tmp_path / "three")
    for target, path in files.items():
        assert again[target].read_bytes() == path.read_bytes(), target
        assert of_sdist[target].read_bytes() == path.read_bytes(), target


@pytest.fixture(scope="module")
def site(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the wheel is installed into."""
    folder = tmp_path_factory.mktemp("installed")
    wheel = wheel_of(project, folder / "dist")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    target = folder / "site"
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True, capture_output=True)
    return target


def test_installed_package_loads_its_data_from_anywhere(site: Path, tmp_path: Path) -> None:
    code = """
import retold, sys
data = retold.load("quotes", "test")
print(data.num_rows, data[0]["speaker_name"], retold.__file__.startswith(sys.argv[1]))
assert retold.table("quotes", "test").num_rows == data.num_rows
from retold.schemas import find_schema_folder
from pathlib import Path
assert find_schema_folder(Path("/")).is_relative_to(sys.argv[1])
"""
    done = run_python(code, site, home=tmp_path / "home", env={"PYTHONPATH": str(site)}, cwd=tmp_path)
    assert done.stdout.strip() == "4 AL True", done.stderr


def test_installed_command_validates_a_corpus_and_scores_from_anywhere(
    site: Path, project: Path, tmp_path: Path
) -> None:
    code = """
import sys
from retold.cli import main
assert main(["validate", "--root", sys.argv[1]]) == 0
assert main(["predict", "always-checkable", "--out", "p.jsonl"]) == 0
raise SystemExit(main(["score", "checkability", "p.jsonl"]))
"""
    env = {"PYTHONPATH": str(site)}
    done = run_python(code, project, home=tmp_path / "home", env=env, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\ncheckability: checkable, F1" in done.stdout
    script = [sys.executable, str(site / "bin" / "retold"), "--help"]
    done = subprocess.run(
        script, cwd=tmp_path, env=os.environ | env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: retold ")


@pytest.mark.parametrize("missing", ["build", "build/manifest.json", "build/quotes/test.parquet"])
def test_no_wheel_without_tables(project: Path, tmp_path: Path, missing: str) -> None:
    root = tmp_path / "tiny"
    shutil.copytree(project, root)
    path = root / missing
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    done = hatch("wheel", root, tmp_path / "dist")
    assert done.returncode != 0
    assert "run `retold build`" in done.stderr


def test_editable_install_needs_and_copies_no_tables(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "tiny"
    shutil.copytree(project, root)
    shutil.rmtree(root / "build")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel:editable", "-d", str(tmp_path / "dist")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names = zipfile.ZipFile(next((tmp_path / "dist").glob("*.whl"))).namelist()
    assert not any("_data" in name for name in names)
