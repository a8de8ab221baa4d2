"""``retold agreement``: how far passes agree, and where they differ."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

from retold.agreement.differences import Difference, differences
from retold.agreement.listing import lines
from retold.agreement.passes import Pass, layouts, pass_files, read_pass
from retold.cli import UserError, corpus_layout
from retold.cli.corpus import form_check
from retold.layout import Layout
from retold.measures.assignment import MissingExtraError

EXAMPLE = """\
example: retold agreement --differences a gold --article shuts-the-door"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "--differences", nargs=2, metavar=("A", "B"), help="list every difference between two passes"
    )
    parser.add_argument("--article", metavar="ID", help="with --differences: of this article only")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    layout = corpus_layout(args)
    try:
        return _list(layout, args)
    except MissingExtraError as error:
        raise UserError(str(error)) from error


def _list(layout: Layout, args: argparse.Namespace) -> int:
    a, b = _read(layout, args.differences)
    if args.article is not None and not (args.article in a.articles and args.article in b.articles):
        known = sorted(a.articles.keys() & b.articles.keys())
        raise UserError(f"no article {args.article!r} in both passes. They share: {', '.join(known)}.")
    found = [d for d in differences(a, b) if args.article in (None, d.article)]
    if args.format == "json":
        print(json.dumps([_json(d) for d in found], indent=2, ensure_ascii=False))
        return 0
    for line in lines((d for d in found if not d.is_wording()), a.articles, (a.name, b.name)):
        print(line)
    wording = sum(d.is_wording() for d in found)
    print(f"{len(found) - wording} differences between {a.name} and {b.name}.")
    if wording:
        print(f"{wording} more claims differ in the wording of the proposition alone (see --format json).")
    return 0


def _json(difference: Difference) -> dict[str, object]:
    kind = "only_a" if difference.b is None else "only_b" if difference.a is None else "differs"
    return {"kind": kind, **asdict(difference)}


def _read(layout: Layout, names: Sequence[str]) -> list[Pass]:
    """Read passes, after a look at their files.

    Raises:
        UserError: There is no such pass, or it cannot be read.
    """
    check = form_check(layout)
    known = layouts(layout)
    for name in names:
        if name not in known:
            raise UserError(f"no pass {name!r}. The passes are: {', '.join(known)}.")
        check(pass_files(layout, name))
    return [read_pass(layout, name) for name in names]
