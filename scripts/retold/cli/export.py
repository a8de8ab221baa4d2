"""``retold export``: the corpus in the format of another tool."""

from __future__ import annotations

import argparse
from pathlib import Path

from retold.cli import UserError, corpus_layout, positive
from retold.cli.corpus import read_gold
from retold.exchange.formats import FORMATS, ExchangeError, Report
from retold.exchange.jsonl import JSONL, SUMMARY, write_lines
from retold.exchange.writing import export_corpus
from retold.layout import SHARD_ARTICLES, Layout
from retold.measures.assignment import MissingExtraError

EXAMPLE = f"""\
formats: {"; ".join(f"{name} ({entry.summary})" for name, entry in FORMATS.items())}; \
{JSONL} ({SUMMARY}; retold validate and retold build take it as it is)
Nothing is written unless all of it can be. What a format cannot hold is listed.
example: retold export brat --out brat"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "format", choices=[*FORMATS, JSONL], metavar="FORMAT", help="one of the formats below"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a new or empty folder to write into"
    )
    parser.add_argument("--force", action="store_true", help="write over files that are there")
    parser.add_argument(
        "--shard-articles",
        type=positive,
        default=SHARD_ARTICLES,
        metavar="N",
        help=f"{JSONL}: most articles in one file (default: {SHARD_ARTICLES})",
    )


def run(args: argparse.Namespace) -> int:
    """Write the files and say what is not in them."""
    layout = corpus_layout(args)
    if args.format == JSONL:
        return _write_lines(layout, args)
    articles, registry = read_gold(layout)
    try:
        report = export_corpus(layout, articles, registry, args.format, args.out, force=args.force)
    except (ExchangeError, MissingExtraError) as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from error
    _say(report, args.out)
    return 0


def _write_lines(layout: Layout, args: argparse.Namespace) -> int:
    if args.force:
        raise UserError(f"--force is not for {JSONL}: name a new or empty folder with --out")
    try:
        written = write_lines(layout, args.out, args.shard_articles)
    except ExchangeError as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from error
    counts = ", ".join(f"{number} {name}" for name, number in written.items())
    print(f"{args.out}: {counts}")
    left = [folder for folder in ("_passes", "_guidelines") if (layout.annotations / folder).is_dir()]
    if left:
        print(f"left out, as no part of an article: {', '.join(f'annotations/{name}' for name in left)}")
    return 0


def _say(report: Report, out: Path) -> None:
    print(f"{out}: {len(report.files)} files")
    for loss in report.losses:
        where = f"kept in {loss.kept} for retold import" if loss.kept else "left out"
        print(f"not in the format: {loss.field} ({loss.items}), {where}")
