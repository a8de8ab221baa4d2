"""``retold import``: a corpus from the files of another tool."""

from __future__ import annotations

import argparse
from pathlib import Path

from retold.cli import UserError, corpus_layout
from retold.cli.terminal import print_lines, progress_bar
from retold.exchange.formats import FORMATS, ExchangeError
from retold.exchange.importing import Result, import_corpus
from retold.exchange.jsonl import JSONL, SUMMARY, write_folders
from retold.exchange.mapping import read_mapping
from retold.findings import read_issues
from retold.journal import JournalError
from retold.layout import Layout, LineLayout, layout_of
from retold.measures.assignment import MissingExtraError
from retold.reporting import REPORTERS, severities
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate

TWO_WAY = [name for name, entry in FORMATS.items() if entry.two_way]
EXAMPLE = f"""\
PATH is what retold export wrote, corrected there; or, with --mapping, a project of any other origin, whose
types the mapping explains (schema/mapping.schema.json). Written are raw texts, metadata, layers and
registries, all or nothing; then the corpus is validated. A new or empty --root becomes a corpus.
{JSONL}: {SUMMARY}. PATH is such a corpus, with its folder shards/; --root must be new or empty.
exit codes: 0 clean or warnings only, 1 errors found, 2 nothing written
example: retold import brat brat --force
example: retold import brat their-project --mapping mapping.json --root new-corpus"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    names = [*TWO_WAY, JSONL]
    parser.add_argument("format", choices=names, metavar="FORMAT", help=f"one of: {', '.join(names)}")
    parser.add_argument("path", type=Path, metavar="PATH", help="the folder, or the file, to read")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="how to read types that are not ours")
    parser.add_argument("--force", action="store_true", help="replace files of articles that are there")


def run(args: argparse.Namespace) -> int:
    """Write the files, say what was left out, and validate."""
    try:
        layout = _from_lines(args) if args.format == JSONL else _from_format(args)
        schemas, issues = Schemas(find_schema_folder(layout.root)), read_issues()
        report = validate(layout, schemas, issues, progress=progress_bar("validate"))
    except (ExchangeError, MissingExtraError, JournalError) as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from error
    for line in REPORTERS["text"](report, issues):
        print(line)
    return 1 if severities(report, issues)["error"] else 0


def _from_format(args: argparse.Namespace) -> Layout:
    layout = _layout(args)
    mapping = read_mapping(args.mapping, layout.root) if args.mapping else None
    _say(import_corpus(layout, args.format, args.path, mapping, force=args.force))
    return layout


def _from_lines(args: argparse.Namespace) -> Layout:
    if args.root is None or args.force or args.mapping:
        raise UserError(f"{JSONL} becomes a corpus of its own: name a new or empty folder with --root alone")
    source = layout_of(args.path.resolve())
    if not isinstance(source, LineLayout):
        raise UserError(f"{args.path} is no corpus in JSON Lines: that has a folder shards/ and no raw/")
    written = write_folders(source, args.root, Schemas(find_schema_folder(source.root)))
    print(f"{written['articles']} articles read, {written['files']} files written")
    return Layout(args.root.resolve())


def _layout(args: argparse.Namespace) -> Layout:
    """Return the corpus; a root that does not exist, or is empty, is a corpus to be."""
    root: Path | None = args.root
    if root is not None and (not root.exists() or (root.is_dir() and not any(root.iterdir()))):
        return Layout(root.resolve())
    return corpus_layout(args)


def _say(result: Result) -> None:
    print_lines(result.notices)
    print(f"{len(result.articles)} articles read, {len(result.files)} files written")
