"""``retold validate``: check the corpus."""

from __future__ import annotations

import argparse
from pathlib import Path

from retold.cli import UserError, relative_path
from retold.cli.opened import opened_corpus
from retold.cli.terminal import progress_bar
from retold.findings import LEVELS, read_issues
from retold.garbage import uncollected
from retold.layout import Layout
from retold.locations import LocationError
from retold.reporting import REPORTERS, severities
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate

EXAMPLE = """\
levels: L1 file, L2 schema, L3 anchoring, L4 references, L5 corpus
exit codes: 0 clean or warnings only, 1 errors, 2 usage or crash
example: retold validate --level L3 annotations/shuts-the-door/quotes.json"""

TAKES_URL = True


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="report on these files and folders only"
    )
    parser.add_argument("--format", choices=sorted(REPORTERS), default="text", help="default: text")
    parser.add_argument("--level", choices=LEVELS, default=LEVELS[-1], help="last level to check")


def run(args: argparse.Namespace) -> int:
    """Validate and print the report."""
    with opened_corpus(args) as layout:
        return _validate(args, layout)


def _validate(args: argparse.Namespace, layout: Layout) -> int:
    only = [_relative(path, args, layout) for path in args.paths]
    try:
        schemas, issues = Schemas(find_schema_folder(layout.root)), read_issues()
        with uncollected():
            report = validate(layout, schemas, issues, args.level, progress_bar("validate"))
    except LocationError as error:
        raise UserError(str(error)) from error
    except OSError as error:
        raise UserError(f"cannot read the schemas: {error}") from error
    if only:
        report = report.only(only)
    for line in REPORTERS[args.format](report, issues):
        print(line)
    return 1 if severities(report, issues)["error"] else 0


def _relative(path: Path, args: argparse.Namespace, layout: Layout) -> str:
    """Return a path as findings name it; of a corpus at a URL, it is given so."""
    return path.as_posix() if isinstance(args.root, str) else relative_path(path, layout)
