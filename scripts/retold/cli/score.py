"""``retold score``: score the predictions of a tool."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from retold.benchmark.conventions import of_task
from retold.benchmark.offsets import UNITS
from retold.benchmark.options import CORE, ONTONOTES18, RETOLD, SCOPES, Options
from retold.benchmark.report import as_json, as_markdown, as_text, difference_line, entry, mistake_lines
from retold.benchmark.scoring import PROTOCOLS, Score, Scorer, compare
from retold.benchmark.tasks import TASKS
from retold.benchmark.tasks.entities import LABEL_SETS
from retold.cli import UserError
from retold.cli.benchmark_options import REFUSED, make_scorer
from retold.cli.terminal import print_lines
from retold.documents import json_text
from retold.loading import VIEWS

EXAMPLE = """\
The file holds JSON Lines, one article a line (a pair of claims for claim-relations); schema/predictions/ says
what a line may hold, `retold inputs TASK` prints what a tool is given. Printed are the headline score with
its 95 % interval, three lines of detail, and a signature that says what the score depends on.
exit codes: 0 scored, 2 refused (nothing is scored that would give a wrong number)
example: retold score quotes predictions.jsonl
example: retold score quotes predictions.jsonl --errors"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument("task", choices=list(TASKS), metavar="TASK", help=f"one of: {', '.join(TASKS)}")
    parser.add_argument("predictions", type=Path, metavar="FILE", help="the predictions, JSON Lines")
    _add_choices(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--errors", action="store_true", help="list what is missed, spurious or wrong")
    what.add_argument(
        "--compare", type=Path, metavar="FILE", help="give the paired difference to other predictions"
    )
    what.add_argument(
        "--convention-report", action="store_true", help="say how far the score moves by convention alone"
    )
    parser.add_argument("--full", action="store_true", help="all figures, each with its interval")
    parser.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="default: text"
    )


def _add_choices(parser: argparse.ArgumentParser) -> None:
    """Add what the signature tells."""
    parser.add_argument("--view", choices=VIEWS, default=VIEWS[0], help="text that was read (default: raw)")
    parser.add_argument("--split", metavar="NAME", help="score the articles of one split only")
    parser.add_argument(
        "--protocol", choices=PROTOCOLS, default=PROTOCOLS[0], help=f"default: {PROTOCOLS[0]}"
    )
    parser.add_argument(
        "--offsets", choices=UNITS, default=UNITS[0], help="unit of the offsets (default: codepoints)"
    )
    parser.add_argument(
        "--scope", choices=SCOPES, default=CORE, help="quotes: with wide ones (default: core)"
    )
    parser.add_argument(
        "--convention",
        default=RETOLD,
        metavar="NAME",
        help="span convention of the predictions: quotes retold, parc, polnear; entities retold, ontonotes",
    )
    parser.add_argument(
        "--labels", choices=list(LABEL_SETS), default=ONTONOTES18, help=f"entities (default: {ONTONOTES18})"
    )


def run(args: argparse.Namespace) -> int:
    """Score and print."""
    scorer = make_scorer(args)
    try:
        if args.convention_report:
            _conventions(scorer, args)
            return 0
        score = _score(scorer, args, args.predictions)
        other = _score(scorer, args, args.compare) if args.compare else None
        difference = compare(scorer.resampler, score, other) if other else None
    except REFUSED as error:
        raise UserError(_said(error, args)) from error
    document = as_json(score, scorer.resampler, mistakes=args.errors)
    if other is not None and difference is not None:
        document["compared"] = {
            "with": as_json(other, scorer.resampler)["headline"],
            "difference": entry(score.outcome.headline, difference),
        }
    if args.format == "json":
        print(json_text(document), end="")
        return 0
    print_lines(as_markdown(document) if args.format == "markdown" else as_text(document))
    if args.errors:
        print_lines(["", *mistake_lines(score.outcome.mistakes)])
    if other is not None and difference is not None:
        compared = document["compared"]["with"]["value"]
        print_lines(["", f"{args.compare}: {compared}", difference_line(difference)])
    return 0


def _score(scorer: Scorer, args: argparse.Namespace, path: Path, convention: str | None = None) -> Score:
    try:
        return scorer.score(
            args.task,
            path,
            view=args.view,
            split=args.split,
            options=Options(args.scope, convention or args.convention, args.labels),
            offsets=args.offsets,
            protocol=args.protocol,
            full=args.full,
        )
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _conventions(scorer: Scorer, args: argparse.Namespace) -> None:
    """Print the headline under each convention that the task knows."""
    rows: list[dict[str, Any]] = []
    for convention in of_task(args.task):
        score = _score(scorer, args, args.predictions, convention)
        headline = score.outcome.headline
        rows.append({"convention": convention, **entry(headline, score.interval(headline))})
    if args.format == "json":
        print(json_text(rows), end="")
        return
    own = rows[0]["value"] or 0.0
    for row in rows:
        value = row["value"] or 0.0
        print(f"{row['convention']:<12}{value:.3f}  {value - own:+.3f}")
    if len(rows) == 1:
        print(f"{args.task} has one convention: nothing moves.")


def _said(error: Exception, args: argparse.Namespace) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or args.predictions}: {error.strerror}"
    return str(error)
