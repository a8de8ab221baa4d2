"""How tests make things go wrong: in a forked child, at a chosen change of a file, as another user."""

from __future__ import annotations

import importlib
import io
import json
import os
import signal
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpora import REPOSITORY
from retold.cli import VERBS, main
from retold.layout import CORPUS_LAYERS, REGISTRIES, Layout
from retold.scaffold import scaffold

NOBODY = 65534
CHANGES = {
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.truncate",
    "os.link",
    "os.symlink",
    "os.chmod",
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code (negative: the signal that killed it) and what it printed."""

    code: int
    out: str
    err: str

    def is_refusal(self) -> bool:
        """Whether it said in one line what is wrong and ended with 2, and it is no fault of the program."""
        one_line = self.err.count("\n") == 1 and self.err.startswith("retold: ")
        return self.code == 2 and one_line and "internal error" not in self.err


def retold(*arguments: object) -> Ended:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    return Ended(code, out.getvalue(), err.getvalue())


def forked(folder: Path, prepare: Callable[[], object], *arguments: object) -> Ended:
    """Run a command in a forked child after ``prepare``, which may limit, hook or kill that child."""
    if prepare is as_nobody and not _is_open_to_all(REPOSITORY):
        pytest.skip("the code lies where another user may not read it")
    files = [folder / name for name in ("forked.out", "forked.err")]
    for file in files:
        file.write_bytes(b"")
        file.chmod(0o666)
    for module, _ in VERBS.values():  # another user may not be let to where Python lies
        importlib.import_module(f"retold.cli.{module}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside the threads of the test runner
        child = os.fork()
    if child == 0:
        _run_child(files, prepare, arguments)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return Ended(code, *(file.read_text(encoding="utf-8") for file in files))


def _run_child(files: list[Path], prepare: Callable[[], object], arguments: tuple[object, ...]) -> None:
    code = 70
    try:
        out, err = (file.open("w", encoding="utf-8") for file in files)
        with out, err, redirect_stdout(out), redirect_stderr(err):
            try:
                prepare()
                code = main([str(argument) for argument in arguments])
            except BaseException:
                traceback.print_exc()
    finally:
        os._exit(code)


def kill_at(number: int) -> Callable[[], None]:
    """Return what makes a process kill itself just before its ``number``-th change of a file or folder."""
    return lambda: _at(number, _is_change, lambda: os.kill(os.getpid(), signal.SIGKILL))


def change_at(number: int, read: Path, change: Callable[[], object]) -> Callable[[], None]:
    """Return what calls ``change`` just before a file is opened for the ``number``-th time."""

    def opens(event: str, arguments: tuple[Any, ...]) -> bool:
        return event == "open" and str(arguments[0]) == str(read)

    return lambda: _at(number, opens, change)


def _at(number: int, counts: Callable[[str, tuple[Any, ...]], bool], act: Callable[[], object]) -> None:
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if counts(event, arguments):
            seen += 1
            if seen == number:
                act()

    sys.addaudithook(hook)


def _is_change(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "open":
        return isinstance(arguments[2], int) and bool(arguments[2] & WRITES)
    return event in CHANGES


def _is_open_to_all(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.resolve().parents))


def as_nobody() -> None:
    """Give up the rights of root, if this process has them."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def mounted(folder: Path, size: str) -> None:
    """Mount an empty file system of a size at a folder; skip the test where that is not permitted."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting is not permitted here")


def plain_corpus(root: Path, texts: dict[str, str]) -> Path:
    """Write a valid corpus of texts of any form that have no quotation marks: nothing is said in them."""
    layout = Layout(root)
    layout.raw.mkdir(parents=True)
    (layout.annotations / "_registry").mkdir(parents=True)
    sums = ""
    for article, text in texts.items():
        raw = text.encode("utf-8")
        documents = scaffold(article, raw, f"{article}.txt", "en")
        _label(documents)
        layout.text(article).write_bytes(raw)
        write(layout.metadata(article), documents["metadata"])
        layout.layer(article, "segments").parent.mkdir()
        for layer in CORPUS_LAYERS:
            write(layout.layer(article, layer), documents[layer])
        sums += f"{documents['segments']['article_sha256']}  {article}.txt\n"
    layout.checksums.write_text(sums, encoding="utf-8")
    lists: Json = {"entities": [], "utterances": [], "claims": [], "near_misses": []}
    lists["topics"] = [{"code": "medtop:20000639", "label": "diplomacy", "broader": "medtop:20000638"}]
    for name in REGISTRIES:
        keys = ("claims", "near_misses") if name == "claims" else (name,)
        schema = {"$schema": f"../../schema/registry-{name}.schema.json"}
        write(layout.registry(name), {**schema, **{key: lists[key] for key in keys}})
    splits: Json = {"splits": {"test": list(texts)}, "folds": [list(texts)]}
    write(layout.splits, {"$schema": "../schema/splits.schema.json", **splits})
    return root


def _label(documents: dict[str, Json]) -> None:
    sentences = []
    for block in documents["segments"]["blocks"]:
        block["kind"] = "paragraph"
        sentences += [sentence["id"] for sentence in block["sentences"]]
        entry = {"block": block["id"], "topics": []}
        documents["topics"]["block_topics"].append(entry)
    documents["claims"]["sentences"] = [
        {"sentence": sentence, "checkability": "none", "reason": "opinion", "note": "No one reads it."}
        for sentence in sentences
    ]
    main_topic = {"topic": "medtop:20000639", "evidence": sentences[:1]}
    documents["topics"]["article_topics"]["main"] = [main_topic]


def write(path: Path, document: Json) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def start(*arguments: object, env: dict[str, str] | None = None, **options: Any) -> subprocess.Popen[bytes]:
    """Start the command line in a process, and a group of processes, of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "retold", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), **(env or {})},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )
