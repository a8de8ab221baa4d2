"""Putting many files in place as one: staged beside the target, listed in a journal, then moved.

Until the journal stands, nothing of the target has changed, and what is staged is thrown away, but for
pieces that the next attempt can use. Once it stands, the change is decided: whoever finds it finishes the
moves. This holds for a process killed at any moment; it does not promise the order of writes over a loss of
power (what is built can be rebuilt).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from retold.layout import is_inside

if sys.platform != "win32":
    import fcntl

JOURNAL = "journal.json"


class JournalError(Exception):
    """The target cannot be written now; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change: ``path`` (relative to the target's parent) is replaced by ``staged`` or removed.

    ``staged`` is relative to the staging folder; ``None`` removes ``path``.
    """

    path: str
    staged: str | None


def staging_folder(target: Path) -> Path:
    """Return the folder beside ``target`` where its next state is prepared."""
    return target.parent / f".{target.name}.new"


def is_pending(target: Path) -> bool:
    """Return whether a decided change to ``target`` waits to be finished."""
    return (staging_folder(target) / JOURNAL).is_file()


@contextmanager
def exclusive(target: Path, kept: str | None = None) -> Iterator[Path]:
    """Hold ``target`` for one process, clear up after a dead one, and give a staging folder.

    The staging folder is empty but for the folder ``kept`` in it, which an attempt that failed may have
    left. It is removed at the end unless a journal stands in it, or the attempt fails and ``kept`` is there.

    Raises:
        JournalError: Another process holds the target, or a journal cannot be finished.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.parent):
        recover(target, kept)
        staging = staging_folder(target)
        staging.mkdir(exist_ok=True)
        try:
            yield staging
        except BaseException:
            if not is_pending(target):
                _throw_away(staging, kept)
            raise
        if not is_pending(target):
            shutil.rmtree(staging, ignore_errors=True)


def recover(target: Path, kept: str | None = None) -> None:
    """Finish the change that a journal describes, or throw away what was staged without one, but ``kept``."""
    staging = staging_folder(target)
    if is_pending(target):
        _finish(target, _read(staging / JOURNAL, target.parent))
    elif staging.is_dir():
        _throw_away(staging, kept)


def _throw_away(staging: Path, kept: str | None) -> None:
    """Remove a staging folder, or what is in it beside the folder ``kept``."""
    if kept is None or not (staging / kept).is_dir():
        shutil.rmtree(staging, ignore_errors=True)
        return
    for path in staging.iterdir():
        if path.name != kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def commit(target: Path, steps: Sequence[Step]) -> None:
    """Decide the change and carry it out, step by step in the given order.

    Raises:
        JournalError: A folder is a link out of the one that holds the target; nothing has changed.
    """
    staging = staging_folder(target)
    for step in steps:
        if not is_inside((target.parent / step.path).parent, target.parent):
            raise JournalError(f"{target.parent / step.path} leads out of {target.parent}: remove the link")
    draft = staging / f"{JOURNAL}.draft"
    draft.write_text(json.dumps([[step.path, step.staged] for step in steps]), encoding="utf-8")
    draft.replace(staging / JOURNAL)
    _finish(target, steps)


def _finish(target: Path, steps: Iterable[Step]) -> None:
    staging = staging_folder(target)
    for step in steps:
        _apply(step, staging, target.parent)
    (staging / JOURNAL).unlink()
    shutil.rmtree(staging)


def _apply(step: Step, staging: Path, parent: Path) -> None:
    """Carry out one step; a step done before is left as it is."""
    destination = parent / step.path
    if step.staged is None:
        destination.unlink(missing_ok=True)
        if destination.parent.is_dir() and not any(destination.parent.iterdir()):
            destination.parent.rmdir()
    elif (staging / step.staged).exists():
        destination.parent.mkdir(parents=True, exist_ok=True)
        os.replace(staging / step.staged, destination)  # noqa: PTH105 (tests kill the process here)


def _read(journal: Path, parent: Path) -> list[Step]:
    """Read a journal; its paths must stay inside the folder that holds the target."""
    try:
        steps = [Step(path, staged) for path, staged in json.loads(journal.read_text(encoding="utf-8"))]
        inside = all(
            is_inside(folder / name, folder)
            for step in steps
            for folder, name in ((parent, step.path), (journal.parent, step.staged or ""))
        )
    except (ValueError, TypeError, RecursionError):
        inside = False
    if not inside:
        raise JournalError(
            f"{journal} is not a journal of this program: remove {journal.parent} and build again"
        )
    return steps


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    if sys.platform == "win32":
        yield  # no lock there: a second build at the same time fails on the staging folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise JournalError(f"another build is writing below {folder}: wait for it to end") from None
    finally:
        os.close(descriptor)
