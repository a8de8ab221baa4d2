"""Run the tests under the lowest and the newest versions that are allowed, and compare what is compiled.

Called by `make test-matrix`. Each environment is made from a locked, hashed file of `requirements/` and kept
until that file changes. The bytes of a table depend on the version of pyarrow, its logical digest does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD_TOOLS = "build"  # the lock of what packages that come as source only are built with
VERSIONS = "import importlib.metadata as m; print(*(f'{n} {m.version(n)}' for n in ('pyarrow', 'datasets')))"
OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "PYTHONPATH": str(ROOT / "scripts")}


@dataclass(frozen=True)
class Environment:
    """A virtual environment with the packages of a lock, for one version of Python."""

    lock: str
    interpreter: str
    version: str

    @property
    def folder(self) -> Path:
        """Where it lies; that of the lowest versions has one Python, and so no number."""
        return ROOT / (f".venv-{self.lock}" if self.lock == "lowest" else f".venv-{self.lock}-{self.version}")

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.folder / "bin" / "python")

    def make(self) -> None:
        """Make it, unless it stands with these packages."""
        locks = [ROOT / "requirements" / f"{name}.txt" for name in (BUILD_TOOLS, self.lock)]
        state = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
        stamp = self.folder / ".installed"
        if stamp.is_file() and stamp.read_text() == state:
            return
        run(self.interpreter, "-m", "venv", "--clear", str(self.folder))
        pip = (self.python, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-build-isolation")
        for lock in locks:
            run(*pip, "-r", str(lock))
        stamp.write_text(state)

    def check(self, pytest: Sequence[str]) -> None:
        """Run the tests, and hold the compiled corpus against its sources."""
        run(self.python, "-m", "retold", "validate")
        run(self.python, "-m", "retold", "build", "--check")
        run(self.python, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", *pytest)

    def data_digest(self) -> str:
        """Compile the corpus anew and return the digest of its data."""
        with tempfile.TemporaryDirectory() as folder:
            run(self.python, "-m", "retold", "build", "--out", folder)
            return digest_of(Path(folder))

    def __str__(self) -> str:
        versions = subprocess.run(
            [self.python, "-c", VERSIONS], capture_output=True, text=True, check=True
        ).stdout.strip()
        return f"{self.lock}: Python {self.version}, {versions}"


def digest_of(compiled: Path) -> str:
    """Return the digest of the data that a compiled folder's manifest gives."""
    manifest: dict[str, Any] = json.loads((compiled / "manifest.json").read_text(encoding="utf-8"))
    return str(manifest["data_digest"])


def verdict(digests: dict[str, str]) -> str:
    """Return a line that says whether all environments compiled the same data.

    Raises:
        SystemExit: They did not; the message gives the digest of each.
    """
    if len(set(digests.values())) == 1:
        return f"data digest {next(iter(digests.values()))}: the same in {len(digests)} builds"
    told = "\n".join(f"  {digest} {name}" for name, digest in digests.items())
    raise SystemExit(f"the data digests differ:\n{told}")


def run(*command: str) -> None:
    """Run a command in the repository, and say it; stop with its code if it fails."""
    print(f"$ {shlex.join(command)}", flush=True)
    code = subprocess.run(command, cwd=ROOT, env=os.environ | OFFLINE, check=False).returncode
    if code:
        raise SystemExit(code)


def environments(lowest: str, newest: Iterable[str]) -> list[Environment]:
    """Return the environments of the matrix.

    Raises:
        SystemExit: An interpreter is missing, or that for the lowest versions is not of the lowest Python.
    """
    found = [Environment(lock, python, version_of(python)) for lock, python in pairs(lowest, newest)]
    if found[0].version != "3.11":
        raise SystemExit(
            f"{lowest} is Python {found[0].version}: the lowest versions are those of 3.11, and have no "
            "wheels for newer ones. Name one with make test-matrix LOWEST_PYTHON=..."
        )
    return found


def pairs(lowest: str, newest: Iterable[str]) -> list[tuple[str, str]]:
    """Return each lock with its interpreter."""
    return [("lowest", lowest), *(("newest", python) for python in newest)]


def version_of(interpreter: str) -> str:
    """Return the version of an interpreter, such as 3.11."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"{interpreter} cannot be run: name others with PYTHONS or LOWEST_PYTHON") from error
    return done.stdout.strip()


def main(arguments: Sequence[str]) -> None:
    """Make the environments, run the tests in each, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lowest", required=True, metavar="PYTHON", help="for the lowest versions")
    parser.add_argument(
        "--newest", required=True, nargs="+", metavar="PYTHON", help="for the newest versions"
    )
    parser.add_argument("--pytest", default="-n 2", help="arguments of pytest")
    args = parser.parse_args(arguments)
    digests = {"committed": digest_of(ROOT / "build")}
    for environment in environments(args.lowest, args.newest):
        environment.make()
        print(f"== {environment}", flush=True)
        environment.check(shlex.split(args.pytest))
        digests[str(environment)] = environment.data_digest()
    print("\n".join(f"== passed: {name}" for name in digests if name != "committed"))
    print(verdict(digests))


if __name__ == "__main__":
    main(sys.argv[1:])
