"""``retold agreement``: how far passes agree, and where they differ."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from retold.agreement.comparison import Json, as_json, as_text, compare_all
from retold.agreement.differences import Difference, differences
from retold.agreement.examples import guideline_files, read_examples
from retold.agreement.listing import lines
from retold.agreement.passes import Pass, files_digest, layouts, pass_files, read_pass
from retold.cli import UserError, corpus_layout
from retold.cli.corpus import form_check
from retold.cli.terminal import print_lines
from retold.documents import json_text, write_json
from retold.layout import Layout
from retold.manifest import read_manifest
from retold.measures.assignment import MissingExtraError
from retold.schemas import Schemas, find_schema_folder

AGREEMENT = "agreement.json"

EXAMPLE = """\
The passes are gold (the adjudicated files) and the folders of annotations/_passes/. With no option, each two
of them are compared, build/agreement.json is written and the figures are printed.
F1 is over the items of both passes, matched one to one by their words; labels are compared on matched items
only (kappa, alpha, accuracy); an n stands beside each figure. Figures without examples leave out what stands
as an example in annotations/_guidelines/.
exit codes: 0 done (with --check: the file is up to date), 1 the file is out of date, 2 usage or crash
example: retold agreement --between a b
example: retold agreement --differences a gold --article shuts-the-door"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--between", nargs=2, metavar=("A", "B"), help="print these two only; write nothing")
    what.add_argument(
        "--check", action="store_true", help=f"write nothing; say whether build/{AGREEMENT} is up to date"
    )
    what.add_argument(
        "--differences", nargs=2, metavar=("A", "B"), help="list every difference between two passes"
    )
    parser.add_argument("--article", metavar="ID", help="with --differences: of this article only")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(args: argparse.Namespace) -> int:
    """Compare, then print or write."""
    layout = corpus_layout(args)
    if args.article is not None and args.differences is None:
        raise UserError("--article goes with --differences.")
    try:
        if args.differences is not None:
            return _list(layout, args)
        if args.between is not None:
            _print(_compare(layout, _read(layout, args.between)), args.format)
            return 0
        document = _document(layout)
    except MissingExtraError as error:
        raise UserError(str(error)) from error
    path = layout.build / AGREEMENT
    if args.check:
        return _check(path, document)
    write_json(path, document)
    _print(document["comparisons"], args.format)
    return 0


def _document(layout: Layout) -> Json:
    """Return what ``agreement.json`` holds.

    Raises:
        UserError: There is no second pass, or no compiled corpus.
    """
    manifest = read_manifest(layout.build)
    if manifest is None:
        raise UserError("build/ holds no compiled corpus, whose digest is recorded: run retold build first.")
    names = list(layouts(layout))
    if len(names) == 1:
        raise UserError("annotations/_passes/ holds no pass: there is nothing to compare the gold with.")
    passes = _read(layout, names)
    files = [*guideline_files(layout), *(path for name in names for path in pass_files(layout, name))]
    return {
        "data_digest": manifest["data_digest"],
        "passes_digest": files_digest(layout, files),
        "passes": {
            own.name: {"articles": len(own.articles), "registries": sorted(own.own)} for own in passes
        },
        "comparisons": _compare(layout, passes),
    }


def _compare(layout: Layout, passes: Sequence[Pass]) -> list[Json]:
    broader = {
        code: topic.broader for code, topic in Schemas(find_schema_folder(layout.root)).mediatopics().items()
    }
    articles = {name: article for own in passes for name, article in own.articles.items()}
    examples = read_examples(layout, articles)
    return [as_json(comparison) for comparison in compare_all(passes, broader, examples)]


def _check(path: Path, document: Json) -> int:
    """Say whether the file is what the sources give."""
    old = path.read_text(encoding="utf-8") if path.is_file() else None
    if old == json_text(document):
        return 0
    print(f"build/{AGREEMENT} is {'missing' if old is None else 'out of date'}. Run retold agreement.")
    return 1


def _print(comparisons: Iterable[Json], style: str) -> None:
    if style == "json":
        print(json_text(comparisons), end="")
        return
    for comparison in comparisons:
        print_lines(as_text(comparison))
        print()


def _list(layout: Layout, args: argparse.Namespace) -> int:
    a, b = _read(layout, args.differences)
    if args.article is not None and not (args.article in a.articles and args.article in b.articles):
        known = sorted(a.articles.keys() & b.articles.keys())
        raise UserError(f"no article {args.article!r} in both passes. They share: {', '.join(known)}.")
    found = [d for d in differences(a, b) if args.article in (None, d.article)]
    if args.format == "json":
        print(json_text([_entry(d) for d in found]), end="")
        return 0
    print_lines(lines((d for d in found if not d.is_wording()), a.articles, (a.name, b.name)))
    wording = sum(d.is_wording() for d in found)
    print(f"{len(found) - wording} differences between {a.name} and {b.name}.")
    if wording:
        print(f"{wording} more claims differ in the wording of the proposition alone (see --format json).")
    return 0


def _entry(difference: Difference) -> Json:
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
