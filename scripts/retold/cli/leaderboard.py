"""``retold leaderboard``: score the committed predictions of all systems."""

from __future__ import annotations

import argparse
from pathlib import Path

from retold.benchmark.leaderboard import as_markdown, make_leaderboard, stale_systems
from retold.cli import UserError, corpus_layout
from retold.cli.benchmark_options import REFUSED, make_scorer
from retold.cli.terminal import progress_bar
from retold.documents import json_text, write_whole

JSON_FILE, MARKDOWN_FILE = "leaderboard.json", "leaderboard.md"

EXAMPLE = """\
Scored is what lies in build/predictions/; written are build/leaderboard.json and build/leaderboard.md.
To add a system, put its predictions there: build/predictions/README.md says how.
exit codes: 0 done (with --check: all up to date), 1 out of date, 2 usage or crash
example: retold leaderboard --check"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "--check", action="store_true", help="write nothing; say whether the files are up to date"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(args: argparse.Namespace) -> int:
    """Score, then write and print, or compare."""
    layout = corpus_layout(args)
    args.root = layout.root
    scorer = make_scorer(args)
    try:
        document = make_leaderboard(layout.build, scorer, progress_bar("score"))
    except REFUSED as error:
        raise UserError(str(error)) from error
    if not document["systems"]:
        raise UserError(f"{layout.build / 'predictions'} holds no predictions: run retold predict first")
    files = {JSON_FILE: json_text(document), MARKDOWN_FILE: "\n".join(as_markdown(document)) + "\n"}
    stale = stale_systems(document)
    if args.check:
        return _check(layout.build, files, stale)
    for name, text in files.items():
        write_whole(layout.build / name, text)
    print(files[JSON_FILE if args.format == "json" else MARKDOWN_FILE], end="")
    for name in stale:
        print(f"\n{_of_other_labels(name)}")
    return 0


def _check(build: Path, files: dict[str, str], stale: list[str]) -> int:
    """Say what is not what the sources give."""
    old = {name: (build / name).read_bytes() if (build / name).is_file() else None for name in files}
    outdated = [name for name, text in files.items() if old[name] != text.encode()]
    for name in outdated:
        state = "missing" if old[name] is None else "out of date"
        print(f"build/{name} is {state}. Run retold leaderboard.")
    for name in stale:
        print(_of_other_labels(name))
    return 1 if outdated or stale else 0


def _of_other_labels(name: str) -> str:
    return f"build/predictions/{name} was made from other labels. Run retold predict {name}."
