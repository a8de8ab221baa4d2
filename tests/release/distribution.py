"""Build wheel and sdist twice, compare their bytes, and try both as those who install them would.

Called by `make dist`. Built is what is committed, in two folders that differ in all that bytes should not
depend on; the wheel that the sdist gives must be the same, too.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
TARGETS = ("sdist", "wheel")
OLD = 1_000_000_000  # a time of change in 2001
ONE: Mapping[str, str] = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
OTHER: Mapping[str, str] = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "2"}
# What the sdist is tried with: the corpus in it is whole, and so is what reads, checks and describes it.
SDIST_TESTS = ("tests/test_load.py", "tests/test_build.py", "tests/test_documents.py", "tests/test_wheel.py")
TRY_DATA = """
import sys, retold
assert retold.__file__.startswith(sys.prefix), retold.__file__
assert retold.load("quotes", "test").num_rows == retold.table("quotes", "test").num_rows > 0
print("retold.load and retold.table work")
"""


def build(root: Path, out: Path, environment: Mapping[str, str] = ONE, umask: int = 0o022) -> dict[str, Path]:
    """Build wheel and sdist of a project, and return the file of each.

    SOURCE_DATE_EPOCH, which is meant to change the bytes, is left out.

    Raises:
        SystemExit: The build fails; the message is hatchling's.
    """
    fixed = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    targets = [word for target in TARGETS for word in ("-t", target)]
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", *targets, "-d", str(out)],
        cwd=root,
        env=fixed | environment,
        umask=umask,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"hatchling build fails:\n{done.stderr}")
    return {"sdist": next(out.glob("*.tar.gz")), "wheel": next(out.glob("*.whl"))}


def disguise(root: Path) -> None:
    """Make a copy of a project look as if it were cloned by somebody else at another time."""
    for path in root.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)
        else:
            path.chmod(0o700 if path.stat().st_mode & 0o100 else 0o600)
        os.utime(path, (OLD, OLD))


def unpack(sdist: Path, out: Path) -> Path:
    """Unpack a sdist and return the folder of its project."""
    with tarfile.open(sdist) as archive:
        archive.extractall(out, filter="data")
    return next(out.iterdir())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def export(out: Path, umask: int) -> Path:
    """Write the last commit into a new folder, and return it."""
    out.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x"], cwd=out, input=archive, umask=umask, check=True)
    return out


def build_twice(folder: Path) -> dict[str, Path]:
    """Build what is committed in two ways and from the sdist, and return the files.

    Raises:
        SystemExit: Something is not committed, or the bytes differ.
    """
    if subprocess.run(["git", "diff", "--quiet", "HEAD"], cwd=ROOT, check=False).returncode:
        raise SystemExit("there are changes that are not committed: what is committed is what is released")
    files = build(export(folder / "one", 0o022), folder / "dist")
    other = export(folder / "another" / "and-longer", 0o077)
    disguise(other)
    again = build(other, folder / "dist-again", OTHER, 0o077)
    unpacked = unpack(files["sdist"], folder / "unpacked")
    third = build(unpacked, folder / "dist-of-sdist")
    for target, path in files.items():
        if not digest(path) == digest(again[target]) == digest(third[target]):
            raise SystemExit(f"{path.name} is not reproducible: see {folder}")
    return files


def try_wheel(wheel: Path, python: str, folder: Path) -> None:
    """Install a wheel where nothing is but what it needs, and use it from an empty folder."""
    pip = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall"]
    subprocess.run([*pip, str(wheel)], check=True)
    folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"HF_HOME": str(folder.parent / "home"), "HF_HUB_OFFLINE": "1"}
    retold = str(Path(python).parent / "retold")
    for command in (
        [python, "-m", "pip", "check"],
        [retold, "--help"],
        [python, "-c", TRY_DATA],
        [retold, "validate", "--root", str(ROOT)],
        [retold, "predict", "always-checkable", "--out", "p.jsonl"],
        [retold, "score", "checkability", "p.jsonl"],
    ):
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")


def try_sdist(project: Path) -> None:
    """Run what a packager would in an unpacked sdist."""
    environment = os.environ | {"PYTHONPATH": str(project / "scripts"), "HF_HUB_OFFLINE": "1"}
    python = sys.executable
    for command in (
        [python, "-m", "retold", "validate"],
        [python, "-m", "retold", "build", "--check"],
        [python, "-m", "pytest", "--quiet", "-n", "2", "-p", "no:cacheprovider", *SDIST_TESTS],
    ):
        if code := subprocess.run(command, cwd=project, env=environment, check=False).returncode:
            raise SystemExit(code)


def main(arguments: Sequence[str]) -> None:
    """Build, compare, try, and leave the files in dist/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--core", required=True, metavar="PYTHON", help="of an environment with the core only"
    )
    args = parser.parse_args(arguments)
    python = str(Path(args.core).absolute())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = build_twice(folder)
        try_wheel(files["wheel"], python, folder / "empty")
        try_sdist(folder / "unpacked" / next((folder / "unpacked").iterdir()).name)
        shutil.rmtree(DIST, ignore_errors=True)
        shutil.copytree(folder / "dist", DIST)
    print("Each built twice, and from the sdist, with the same bytes; installed and tried:")
    for path in sorted(DIST.iterdir()):
        print(f"{digest(path)}  dist/{path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
