"""The largest and the oddest articles: what each command makes of them, in seconds and MB.

    .venv/bin/python tests/benchmarks/hostile.py [--megabytes 50] [--limit 3600]

Every command is a process of its own, with a limit on its process time. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "scripts")]

from corpora import copy_tiny  # noqa: E402 (the path comes first)
from faults import plain_corpus  # noqa: E402
from giants import write_giant  # noqa: E402

GIANT = "forget-about-nato"  # 5,651 characters and 120 mentions: 50 MB of it hold a million mentions
LENGTH = 5651
COMMANDS = {
    GIANT: (["validate"], ["anchor", "--check"], ["show", GIANT], ["stats"], ["build"], ["build", "--check"]),
    "one": (["validate"], ["anchor", "--check"], ["show", "one"], ["stats"], ["build"]),
}
DEEP = "annotations/dam-stays-shut/quotes.json"


def main() -> None:
    """Make the articles one after another and run every command on each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=50)
    parser.add_argument("--limit", type=int, default=3600, help="process time of a command, in seconds")
    arguments = parser.parse_args()
    size = round(arguments.megabytes * 1e6)
    print("| case | command | size, MB | exit code | seconds | peak MB |\n|---|---|---|---|---|---|")
    for name, article, write in (
        ("one article, all layers", GIANT, lambda root: write_giant(root, max(size // LENGTH, 1))),
        ("one line without a space", "one", lambda root: plain_corpus(root, {"one": "x" * size})),
        ("one line of words", "one", lambda root: plain_corpus(root, {"one": "word " * (size // 5)})),
        (
            "a hundredth of it in sentences of four characters",
            "one",
            lambda root: _sentences(root, size // 100),
        ),
        ("a document of opening brackets", "one", lambda root: _deep(root, b"[" * size)),
        ("a document of 20,000 unknown keys", "one", _many_keys),
    ):
        with tempfile.TemporaryDirectory(prefix="retold-hostile-") as folder:
            root = Path(folder) / "corpus"
            _measure(name, article, root, write, arguments.limit)


def _sentences(root: Path, size: int) -> None:
    plain_corpus(root, {"one": "No. " * (size // 4)})


def _deep(root: Path, content: bytes) -> None:
    shutil.move(copy_tiny(root.parent), root)
    (root / DEEP).write_bytes(content)


def _many_keys(root: Path) -> None:
    _deep(root, b"")
    (root / DEEP).write_bytes(b"{" + b", ".join(b'"k%d": 1' % number for number in range(20_000)) + b"}")


def _measure(name: str, article: str, root: Path, write: Callable[[Path], object], limit: int) -> None:
    _in_child(lambda: write(root))  # or its memory would count as that of the commands
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) / 1e6
    for command in COMMANDS[article] if (root / f"raw/{article}.txt").exists() else (["validate"],):
        code, seconds, peak = _run([*command, "--root", str(root)], limit)
        shown = " ".join(command)
        print(f"| {name} | {shown} | {size:.1f} | {code} | {seconds:.1f} | {peak:,.0f} |", flush=True)


def _in_child(work: Callable[[], object]) -> None:
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise SystemExit("the corpus could not be written")


def _run(arguments: list[str], limit: int) -> tuple[int, float, float]:
    """Return exit code (negative: the signal), process time and largest memory in MB of one command."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        environment = {**os.environ, "PYTHONPATH": str(TESTS.parent / "scripts")}
        os.execve(sys.executable, [sys.executable, "-m", "retold", *arguments], environment)
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
