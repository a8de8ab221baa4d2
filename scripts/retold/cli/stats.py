"""``retold stats``: figures of the corpus."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from retold.cli import corpus_layout
from retold.cli.corpus import article_files, form_check, registry_files
from retold.cli.terminal import progress_bar
from retold.documents import json_text
from retold.figures import LABELS, Figures, as_json, as_text, count_article, count_registries
from retold.layout import Layout
from retold.reader import read_article, read_registry, read_splits
from retold.schemas import Schemas, find_schema_folder

MOST_COLUMNS = 6  # articles; the text form of a larger corpus has a column for each split

EXAMPLE = """\
The text form has a column for each article, or for each split where there are many articles.
example: retold stats --format json"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(args: argparse.Namespace) -> int:
    """Count and print."""
    layout = corpus_layout(args)
    articles = [folder.name for folder in layout.article_folders()]
    check = form_check(layout)
    check([*registry_files(layout), layout.splits])
    schemas = Schemas(find_schema_folder(layout.root))
    vocabularies = {name: list(schemas.vocabulary(name)) for _, _, name in LABELS}
    progress = progress_bar("stats")
    counts = {}
    for done, article in enumerate(articles, start=1):
        check(article_files(layout, article))
        counts[article] = count_article(read_article(layout, article))
        progress(done, len(articles))
    figures = Figures(counts, count_registries(read_registry(layout)))
    if args.format == "json":
        print(json_text(as_json(figures, vocabularies)), end="")
        return 0
    columns = _columns(layout, articles)
    for heading, members in columns.items():
        print(f"{heading}: {members[0] if len(members) == 1 else f'{len(members)} articles'}")
    for line in as_text(figures, vocabularies, columns):
        print(line)
    return 0


def _columns(layout: Layout, articles: Sequence[str]) -> dict[str, Sequence[str]]:
    if len(articles) <= MOST_COLUMNS:
        return {f"[{number}]": [article] for number, article in enumerate(articles, start=1)}
    splits = read_splits(layout).splits
    return {name: [article for article in found if article in articles] for name, found in splits.items()}
