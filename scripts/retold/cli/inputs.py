"""``retold inputs``: what a tool is given for a task."""

from __future__ import annotations

import argparse
import json

from retold.benchmark.inputs import inputs
from retold.benchmark.tasks import TASKS
from retold.cli import UserError
from retold.cli.benchmark_options import make_scorer
from retold.loading import VIEWS

EXAMPLE = """\
Printed are JSON Lines: an article with its text and, where the task gives them, the names to link, the
sentences or blocks to label, the quotes to group; for claim-relations a pair of claims. No label is among
them.
example: retold inputs linking > inputs.jsonl"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument("task", choices=list(TASKS), metavar="TASK", help=f"one of: {', '.join(TASKS)}")
    parser.add_argument("--view", choices=VIEWS, default=VIEWS[0], help="which text (default: raw)")


def run(args: argparse.Namespace) -> int:
    """Print the inputs."""
    try:
        gold = make_scorer(args).gold(args.view)
    except (OSError, ValueError) as error:
        raise UserError(str(error)) from error
    for record in inputs(args.task, gold):
        print(json.dumps(record, ensure_ascii=False))
    return 0
