"""``retold build`` under faults: killed anywhere, no space, no rights, sources that change, two at once.

All of it from outside: what a user finds on disk afterwards, and what the next build makes of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import retold as package
from corpora import copy_tiny, edit, run_python, snapshot
from faults import Ended, as_nobody, change_at, forked, kill_at, mounted, plain_corpus, retold, start

EVERY = int(os.environ.get("RETOLD_EVERY_STAGE", "11"))  # 1 tries all; it takes two minutes
LAST = 500  # no build of the tiny corpus makes so many changes
QUOTES = "annotations/dam-stays-shut/quotes.json"


@dataclass(frozen=True, slots=True)
class Changed:
    """A built corpus whose sources then changed: its root, its files now, its files after a new build."""

    root: Path
    old: dict[str, bytes]
    new: dict[str, bytes]

    def fresh(self, folder: Path) -> Path:
        """Return a copy to break."""
        shutil.rmtree(folder, ignore_errors=True)
        return shutil.copytree(self.root, folder)


def put_all_in_one_split(document: dict[str, Any]) -> None:
    document["splits"] = {"test": [article for ids in document["splits"].values() for article in ids]}


def make_changed(folder: Path) -> Changed:
    """Build the tiny corpus, then change it so that tables change, come and go."""
    root = copy_tiny(folder)
    assert retold("build", "--root", root).code == 0
    edit(root / "annotations/splits.json", put_all_in_one_split)
    edit(root / QUOTES, lambda document: document["quotes"][0].update(note="Read again."))
    old = snapshot(root)
    other = shutil.copytree(root, folder / "other")
    assert retold("build", "--root", other).code == 0
    return Changed(root, old, snapshot(other))


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    return make_changed(tmp_path_factory.mktemp("changed"))


def visible(root: Path) -> dict[str, bytes]:
    """Return the files that no program keeps to itself."""
    return {name: content for name, content in snapshot(root).items() if not name.startswith(".")}


def strays(root: Path) -> list[str]:
    """Return the entries of the root, and of what holds it, that a build must not leave there."""
    return [path.name for path in (*root.iterdir(), *root.parent.iterdir()) if path.name.startswith(".")]


def is_half(root: Path) -> bool:
    try:
        return package.table("quotes", root=root).num_rows == 0
    except FileNotFoundError as error:
        return "was cut short: run `retold build`" in str(error)


def assert_old_or_new(root: Path, changed: Changed) -> str:
    """Whoever loads the corpus gets all of one build, or is told that the next is half in place."""
    if is_half(root):
        assert retold("build", "--check", "--root", root).is_refusal()
        return "half"
    found = visible(root)
    assert found in (changed.old, changed.new)
    return "old" if found == changed.old else "new"


def assert_next_build_is_right(root: Path, changed: Changed) -> None:
    assert retold("build", "--root", root).code == 0
    assert snapshot(root) == changed.new
    assert strays(root) == []
    assert not [path for path in root.rglob("*") if path.is_dir() and not any(path.iterdir())]


# --- killed


def test_killed_before_any_of_its_changes_of_files(changed: Changed, tmp_path: Path) -> None:
    """The first ones, the last ones, and every ``EVERY``-th: the build is whole, and the next one right."""
    seen = set()
    number, step = 1, 1
    while True:
        root = changed.fresh(tmp_path / "corpus")
        ended = forked(tmp_path, kill_at(number), "build", "--root", root)
        if ended.code == 0:
            assert snapshot(root) == changed.new
            if step == 1 or EVERY == 1:
                break
            number, step = number - step + 1, 1  # the last ones, one by one
            continue
        assert ended.code == -signal.SIGKILL, ended.err
        seen.add(assert_old_or_new(root, changed))
        assert_next_build_is_right(root, changed)
        number += step
        step = EVERY if number > 3 and step == 1 and number < EVERY else step
        assert number < LAST
    assert {"old", "half"} <= seen


def test_killed_while_the_next_one_clears_up(changed: Changed, tmp_path: Path) -> None:
    """A build that finishes or undoes another is killed too, again and again; one after them is right."""
    root = changed.fresh(tmp_path / "corpus")
    chance = random.Random(1)
    for _ in range(6):
        ended = forked(tmp_path, kill_at(chance.randint(1, 120)), "build", "--root", root)
        assert ended.code in (0, -signal.SIGKILL), ended.err
        assert_old_or_new(root, changed)
    assert_next_build_is_right(root, changed)


@pytest.mark.parametrize("seed", range(2))
def test_killed_from_outside_with_workers(changed: Changed, tmp_path: Path, seed: int) -> None:
    root = changed.fresh(tmp_path / "corpus")
    began = time.monotonic()
    process = start("build", "--root", root, "--jobs", "2")
    while not any(root.glob(".build.new/*")) and process.poll() is None:
        time.sleep(0.005)
    time.sleep(random.Random(seed).random() * (time.monotonic() - began))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert_old_or_new(root, changed)
    assert_next_build_is_right(root, changed)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
def test_workers_do_not_outlive_a_killed_build(changed: Changed, tmp_path: Path) -> None:
    """Else they hold their memory, and go on writing where the next build has begun."""
    root = changed.fresh(tmp_path / "corpus")
    process = start("build", "--root", root, "--jobs", "2")
    while not any(root.glob(".build.new/**/*.parquet")) and process.poll() is None:
        time.sleep(0.002)  # until the workers work
    process.kill()
    assert process.wait() == -signal.SIGKILL
    try:
        deadline = time.monotonic() + 4
        while members(process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert members(process.pid) == []
    finally:
        for member in members(process.pid):
            os.kill(member, signal.SIGKILL)
        process.communicate()


def members(group: int) -> list[int]:
    """Return the living processes of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it has just ended
            continue
        if int(its_group) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


# --- no space


def assert_failed_and_old(ended: Ended, root: Path, changed: Changed) -> None:
    assert ended.is_refusal(), ended
    assert snapshot(root) == changed.old
    assert strays(root) == []


@pytest.mark.parametrize("limit", [0, 1000, 19_000, 100_000])
def test_a_file_that_may_not_grow(changed: Changed, tmp_path: Path, limit: int) -> None:
    root = changed.fresh(tmp_path / "corpus")

    def no_space() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    script = (
        "import resource, signal, sys\n"
        "from retold.cli import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "sys.exit(main(['build', '--root', sys.argv[1]]))\n"
    )
    if limit:  # what the child prints goes to files, too
        ended = forked(tmp_path, no_space, "build", "--root", root)
    else:
        done = run_python(script, root, limit, home=tmp_path)
        ended = Ended(done.returncode, done.stdout, done.stderr)
    assert_failed_and_old(ended, root, changed)
    assert_next_build_is_right(root, changed)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that holds the corpus and its build, and half of another build."""
    folder = tmp_path / "disk"
    mounted(folder, "1500k")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk(changed: Changed, small_disk: Path, tmp_path: Path) -> None:
    root = shutil.copytree(changed.root, small_disk / "corpus")
    ended = forked(tmp_path, lambda: None, "build", "--root", root)
    assert_failed_and_old(ended, root, changed)
    assert "o space left" in ended.err
    assert retold("validate", "--root", root).code == 0
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    assert_next_build_is_right(root, changed)


# --- no rights


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that any user may enter: the tests' own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="retold-faults-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_read_only_disk(changed: Changed, small_disk: Path, tmp_path: Path) -> None:
    root = shutil.copytree(changed.root, small_disk / "corpus")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    ended = forked(tmp_path, lambda: None, "build", "--root", root)
    assert_failed_and_old(ended, root, changed)
    assert "Read-only file system" in ended.err
    for command in (
        ["validate"],
        ["stats"],
        ["show", "dam-stays-shut"],
        ["build", "--out", tmp_path / "out"],
    ):
        assert retold(*command, "--root", root).code == 0


def lock(root: Path) -> None:
    """Leave every file readable, and nothing writable by others."""
    for path in (root, *root.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_folder_of_another_user(changed: Changed, reachable: Path, tmp_path: Path) -> None:
    root = changed.fresh(reachable / "corpus")
    lock(root)
    ended = forked(tmp_path, as_nobody, "build", "--root", root)
    assert_failed_and_old(ended, root, changed)
    assert "Permission denied" in ended.err
    assert str(root) in ended.err
    for command in (["validate"], ["stats"], ["show", "dam-stays-shut"]):
        assert forked(tmp_path, as_nobody, *command, "--root", root).code == 0


@pytest.mark.parametrize("kept", ["build", "build/quotes"])
def test_only_the_target_of_another_user(
    changed: Changed, reachable: Path, tmp_path: Path, kept: str
) -> None:
    """The folder beside it can be written, so the fault comes late: the old build stands or is finished."""
    root = changed.fresh(reachable / "corpus")
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534) if os.geteuid() == 0 else None
    folder = root / kept
    os.chown(folder, 0, 0) if os.geteuid() == 0 else None
    folder.chmod(0o555)
    ended = forked(tmp_path, as_nobody, "build", "--root", root)
    assert ended.is_refusal(), ended
    assert_old_or_new(root, changed)
    folder.chmod(0o777)
    assert_next_build_is_right(root, changed)


# --- sources that change


def swap(path: Path, content: bytes) -> Callable[[], None]:
    """Return what puts other content in the place of a file, at once."""

    def change() -> None:
        aside = path.with_name("aside")
        aside.write_bytes(content)
        aside.replace(path)

    return change


def changed_bytes(path: Path) -> bytes:
    document = json.loads(path.read_bytes())
    document["quotes"][0]["note"] = "Changed meanwhile."
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


SWAPS = [(number, broken) for number in (1, 2, 3) for broken in (False, True)]


@pytest.mark.parametrize(("number", "broken"), SWAPS)
def test_a_source_that_changes_meanwhile(tmp_path: Path, number: int, broken: bool) -> None:
    """Changed just before it is read for the n-th time: the build is refused, or is all of one state."""
    root = copy_tiny(tmp_path)
    path = root / QUOTES
    before, after = path.read_bytes(), b"{}\n" if broken else changed_bytes(path)
    ended = forked(tmp_path, change_at(number, path, swap(path, after)), "build", "--root", root)
    manifest = root / "build" / "manifest.json"
    if ended.code != 0:
        assert ended.code == 1 or ended.is_refusal(), ended
        assert not manifest.exists()
        assert strays(root) == []
        return
    recorded = json.loads(manifest.read_bytes())["inputs"][QUOTES]
    compiled = {hashlib.sha256(data).hexdigest(): data for data in (before, after)}[recorded]
    path.write_bytes(compiled)
    assert retold("build", "--check", "--root", root).code == 0, "the tables are not of what was recorded"


def test_a_source_that_changes_after_the_build_is_noticed(tmp_path: Path) -> None:
    root = copy_tiny(tmp_path)
    retold("build", "--root", root)
    swap(root / QUOTES, changed_bytes(root / QUOTES))()
    ended = retold("build", "--check", "--root", root)
    assert ended.code == 1
    assert f"inputs.{QUOTES}" in ended.out


# --- two at once


def test_two_builds_at_once(changed: Changed, tmp_path: Path) -> None:
    root = changed.fresh(tmp_path / "corpus")
    both = [start("build", "--root", root) for _ in range(2)]
    said = [process.communicate()[1].decode() for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 0], [0, 2]), said
    assert all("another build" in err for err, process in zip(said, both, strict=True) if process.returncode)
    assert snapshot(root) == changed.new
    assert strays(root) == []


# --- the compiled folder


def test_a_link_in_the_compiled_folder_is_not_followed(changed: Changed, tmp_path: Path) -> None:
    root, outside = changed.fresh(tmp_path / "corpus"), tmp_path / "outside"
    (root / "build/quotes").rename(outside)
    (root / "build/quotes").symlink_to(outside)
    before = snapshot(outside)
    ended = retold("build", "--root", root)
    assert ended.is_refusal(), ended
    assert "build/quotes" in ended.err
    assert snapshot(outside) == before


def test_a_compiled_folder_that_is_a_link_is_refused(changed: Changed, tmp_path: Path) -> None:
    root, outside = changed.fresh(tmp_path / "corpus"), tmp_path / "outside"
    (root / "build").rename(outside)
    (root / "build").symlink_to(outside)
    before = snapshot(tmp_path)
    assert retold("build", "--root", root).is_refusal()
    assert snapshot(tmp_path) == before


def test_what_stands_beside_the_compiled_folder_is_never_removed(changed: Changed, tmp_path: Path) -> None:
    """Names in a manifest may lead anywhere."""
    root = changed.fresh(tmp_path / "corpus")
    mine = root / "mine.parquet"
    mine.write_bytes(b"precious")

    def mislead(manifest: dict[str, Any]) -> None:
        manifest["configs"]["quotes"]["splits"]["test"]["files"][0]["path"] = "../mine.parquet"

    edit(root / "build/manifest.json", mislead)
    assert retold("build", "--root", root).code == 0
    assert mine.read_bytes() == b"precious"
    edit(root / "build/manifest.json", mislead)
    with pytest.raises(FileNotFoundError, match="no compiled corpus"):  # a manifest of nobody's
        package.table("quotes", root=root)


BROKEN_MANIFESTS = [
    b"[" * 100_000,
    b'{"configs": {"articles": 1}}',
    b'{"configs": {"articles": {}}}',
    b'{"configs": {}}',
]


def test_a_broken_manifest_is_no_hindrance(changed: Changed, tmp_path: Path) -> None:
    root = changed.fresh(tmp_path / "corpus")
    (tmp_path / "predictions").write_text('{"article": "dam-stays-shut", "mentions": []}\n', encoding="utf-8")
    for content in BROKEN_MANIFESTS:
        (root / "build/manifest.json").write_bytes(content)
        assert retold("score", "entities", tmp_path / "predictions", "--root", root).is_refusal()
        assert retold("build", "--check", "--root", root).code == 1
        assert retold("build", "--root", root).code == 0
        assert snapshot(root) == changed.new


# --- the same bytes


CLOCK = """
import time
real, real_ns = time.time, time.time_ns
YEARS = 20 * 365 * 86400
time.time = lambda: real() + YEARS
time.time_ns = lambda: real_ns() + YEARS * 10**9
"""


def locales() -> list[str]:
    """Return a locale that is neither C nor UTF-8, if there is one; else C."""
    try:
        names = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        names = []
    return [name for name in names if "8859" in name or name.endswith("iso88591")][:1] or ["C"]


def test_bytes_do_not_depend_on_anything_around(tmp_path: Path) -> None:
    """Everything that could leak in is changed at once."""
    one = copy_tiny(tmp_path)
    two = tmp_path / "some where" / "deep" / "tiny"
    for name, content in sorted(snapshot(one).items(), reverse=True):
        (two / name).parent.mkdir(parents=True, exist_ok=True)
        (two / name).write_bytes(content)
        os.utime(two / name, (1, 1))
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    scripts = os.fspath(Path(package.__file__).parents[1])
    odd = {
        "PYTHONPATH": f"{tmp_path / 'site'}{os.pathsep}{scripts}",
        "PYTHONHASHSEED": "42",
        "TZ": "Pacific/Chatham",
        "LC_ALL": locales()[0],
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONOPTIMIZE": "2",
        "COLUMNS": "7",
    }
    for root, env, cwd, umask in ((one, {}, one, 0o022), (two, odd, Path("/"), 0o077)):
        process = start("build", "--root", root, env=env, cwd=cwd, umask=umask)
        assert process.communicate()[1] == b""
        assert process.returncode == 0
    assert snapshot(one) == snapshot(two)
    shown = []
    for root, env in ((one, {}), (two, odd)):
        process = start("show", "dam-stays-shut", "--root", root, env=env)
        shown.append(process.communicate()[0])
        assert process.returncode == 0
    assert shown[0] == shown[1]
    assert "“".encode() in shown[0]


def test_a_corpus_in_a_folder_of_any_name(tmp_path: Path) -> None:
    """As is every folder with an accent under the locale C, with Python's UTF-8 mode off."""
    try:
        root = copy_tiny(tmp_path / os.fsdecode(b"d\xe9ep"))
    except OSError:
        pytest.skip("the file system wants names in UTF-8")
    assert retold("build", "--root", root).code == 0
    assert retold("build", "--check", "--root", root).code == 0
    lines = root.with_name("lines")
    assert retold("export", "jsonl", "--root", root, "--out", lines).code == 0
    assert retold("build", "--root", lines, "--jobs", "2").code == 0
    for view in ("raw", "clean"):
        tables = [package.table("quotes", view=view, root=folder / "build") for folder in (root, lines)]
        assert len(tables[0]) > 0
        assert tables[0].equals(tables[1])


def test_an_empty_corpus_is_refused(tmp_path: Path) -> None:
    root = plain_corpus(tmp_path / "corpus", {"one": "Hello.\n"})
    shutil.rmtree(root / "annotations/one")
    (root / "raw/one.txt").unlink()
    (root / "raw/one.json").unlink()
    assert retold("build", "--root", root).code == 1
    assert not (root / "build").exists()
