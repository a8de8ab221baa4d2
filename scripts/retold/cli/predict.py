"""``retold predict``: run a baseline, or make predictions of an independent pass."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from retold.agreement.passes import GOLD, layouts, read_pass
from retold.baselines.systems import SYSTEMS, predict
from retold.benchmark.ceiling import PassSystem
from retold.benchmark.gold import Gold
from retold.benchmark.scoring import LEAVE_ONE_OUT, ZERO_SHOT, Scorer
from retold.benchmark.submissions import (
    BASELINE,
    CEILING,
    System,
    lines_text,
    prediction_file,
    write_system,
)
from retold.benchmark.tasks import TASKS
from retold.cli import UserError, corpus_layout
from retold.cli.benchmark_options import REFUSED, make_scorer
from retold.cli.terminal import progress_bar
from retold.documents import write_whole
from retold.layout import Layout
from retold.loading import VIEWS

Json = dict[str, Any]
PASS = "pass-"

EXAMPLE = f"""\
SYSTEM is a baseline ({", ".join(SYSTEMS)})
or {PASS}NAME, an independent pass of annotations/_passes/ as the ceiling. Written are
build/predictions/SYSTEM/<task>.<view>.jsonl for all its tasks and both views, and what it is; with --out one
file, for one task and view. Most baselines need the extra retold[baselines].
exit codes: 0 done, 2 usage or crash
example: retold predict always-checkable
example: retold predict spacy-ner --task entities --out mine.jsonl"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument("system", metavar="SYSTEM", help="a baseline, or a pass")
    parser.add_argument(
        "--task", choices=list(TASKS), metavar="TASK", help="this task only (default: all it can do)"
    )
    parser.add_argument("--view", choices=VIEWS, help="this text only (default: both; with --out: raw)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write one file there, - for standard output"
    )


def run(args: argparse.Namespace) -> int:
    """Predict and write."""
    layout = None
    if args.out is None or args.system.startswith(PASS):  # else the data that came with the package will do
        layout = corpus_layout(args)
        args.root = layout.root
    scorer = make_scorer(args)
    tasks = _tasks(args, layout)
    try:
        if args.out is not None:
            _write_one(args, scorer, layout, tasks)
        elif layout is not None:
            _write_all(args, scorer, layout, tasks)
    except REFUSED as error:
        raise UserError(str(error)) from error
    return 0


def _tasks(args: argparse.Namespace, layout: Layout | None) -> list[str]:
    passes = [PASS + name for name in layouts(layout) if name != GOLD] if layout is not None else []
    if args.system in passes:
        known = list(TASKS)
    elif args.system in SYSTEMS:
        known = list(SYSTEMS[args.system].tasks)
    else:
        raise UserError(f"no system {args.system!r}; there are: {', '.join([*SYSTEMS, *passes])}")
    if args.task is not None and args.task not in known:
        raise UserError(f"{args.system} does not do {args.task}, only: {', '.join(known)}")
    return known if args.task is None else [args.task]


def _write_one(args: argparse.Namespace, scorer: Scorer, layout: Layout | None, tasks: list[str]) -> None:
    if len(tasks) > 1:
        raise UserError(f"--out takes the predictions of one task: add --task ({', '.join(tasks)})")
    text = lines_text(_predicted(args.system, tasks[0], scorer.gold(args.view or VIEWS[0]), layout))
    if str(args.out) == "-":
        sys.stdout.write(text)
    else:
        write_whole(args.out.resolve() if args.out.is_file() else args.out, text)


def _write_all(args: argparse.Namespace, scorer: Scorer, layout: Layout, tasks: list[str]) -> None:
    views = VIEWS if args.view is None else (args.view,)
    jobs = [(task, view) for task in tasks for view in views]
    progress = progress_bar("predict")
    texts = {}
    for number, (task, view) in enumerate(jobs):
        progress(number, len(jobs))
        texts[task, view] = lines_text(_predicted(args.system, task, scorer.gold(view), layout))
    progress(len(jobs), len(jobs))
    write_system(layout.build, _system(args.system, scorer.gold()))  # only once nothing can fail any more
    for (task, view), text in texts.items():
        path = prediction_file(layout.build, args.system, task, view)
        write_whole(path, text)


def _predicted(system: str, task: str, gold: Gold, layout: Layout | None) -> Iterator[Json]:
    if layout is not None and system.startswith(PASS):
        own = read_pass(layout, system.removeprefix(PASS))
        return PassSystem(own, read_pass(layout, GOLD), gold).predict(task)
    return predict(system, task, gold)


def _system(name: str, gold: Gold) -> System:
    if name.startswith(PASS):
        return System(
            name,
            CEILING,
            "an independent pass of annotation under the guidelines, held out",
            data_digest=gold.digest,
            note="Annotated by the annotators' own kind under the same guidelines: it shows what can be "
            "reached by following them, not what people reach.",
        )
    found = SYSTEMS[name]
    return System(
        name,
        BASELINE,
        found.summary,
        protocol=LEAVE_ONE_OUT if found.trained else ZERO_SHOT,
        conventions={task: found.convention for task in found.tasks if found.convention},
        made_with=dict(_versions(found.packages)),
        data_digest=gold.digest if found.trained else None,
    )


def _versions(packages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for package in packages:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue
