"""What git has of a corpus: the files of the last commit, what is not committed, tags."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retold.cli import UserError


def head(root: Path) -> str:
    """Return the id of the last commit.

    Raises:
        UserError: The corpus is in no git repository, or nothing is committed, or there is no git.
    """
    return _git(root, "rev-parse", "--verify", "HEAD").strip()


def uncommitted(root: Path) -> list[str]:
    """Return the files below ``root`` that differ from the last commit or are unknown to git."""
    lines = _git(root, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ".")
    return [line[3:] for line in lines.split("\0") if line]


def tagged_commit(root: Path, tag: str) -> str | None:
    """Return the commit that a tag names, ``None`` if there is no such tag."""
    names = _git(root, "tag", "--list", tag).split()
    return _git(root, "rev-parse", "--verify", f"refs/tags/{tag}^{{commit}}").strip() if names else None


def exported(root: Path) -> list[tuple[str, int]]:
    """Return path and size in bytes of each file that ``git archive HEAD`` exports, by path."""
    with (
        _started(root, "archive", "--format=tar", "HEAD") as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as archive,
    ):
        return sorted((member.name, member.size) for member in archive if member.isfile())


def _git(root: Path, *arguments: str) -> str:
    with _started(root, *arguments) as process:
        out, err = process.communicate()
    if process.returncode:
        reason = err.decode(errors="replace").strip().splitlines()[:1] or ["no reason given"]
        raise UserError(
            f"git {arguments[0]} fails in {root} ({reason[0]}): what is committed is what is published"
        )
    return out.decode(errors="surrogateescape")


@contextmanager
def _started(root: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    try:
        with subprocess.Popen(
            ["git", *arguments], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            yield process
    except FileNotFoundError as error:
        raise UserError("git is needed: what is committed is what is published") from error
