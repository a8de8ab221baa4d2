"""``retold new-article``: add an article."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from pathlib import Path

from retold.cli import UserError, corpus_layout
from retold.scaffold import Json, ScaffoldError, scaffold, write_article
from retold.schemas import Schemas, find_schema_folder

EXAMPLE = """\
The text is kept byte for byte. Blocks, kinds and sentences are proposals: correct them by hand.
example: retold new-article story.txt --id talks-collapse"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument("file", type=Path, metavar="FILE", help="the article as plain text, UTF-8")
    parser.add_argument("--id", required=True, metavar="ID", help="lower-case words joined by hyphens")
    parser.add_argument("--language", default="en", metavar="TAG", help="BCP 47 tag (default: en)")


def run(args: argparse.Namespace) -> int:
    """Write the files of the article and say what is left to do."""
    layout = corpus_layout(args)
    try:
        raw = args.file.read_bytes()
        received_as = os.fsencode(args.file.name).decode("utf-8", "replace")
        documents = scaffold(args.id, raw, received_as, args.language)
        _check(Schemas(find_schema_folder(layout.root)), documents)
        files = write_article(layout, args.id, raw, documents)
    except ScaffoldError as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from None
    for path in files:
        print(path.relative_to(layout.root))
    kinds = Counter(block["kind"] for block in documents["segments"]["blocks"])
    print(f"\nProposed blocks, to be corrected: {', '.join(f'{n} {kind}' for kind, n in kinds.items())}.")
    print(
        f"To do: fill in raw/{args.id}.json; add {args.id} to a split and a fold in annotations/splits.json; "
        "annotate; run retold validate."
    )
    return 0


def _check(schemas: Schemas, documents: dict[str, Json]) -> None:
    """Refuse what the schemas refuse, before anything is written: a bad id or language."""
    for kind, document in documents.items():
        for error in schemas.errors(kind, document):
            place = ".".join(map(str, error.path))
            raise ScaffoldError(f"{place}: {error.message}")
