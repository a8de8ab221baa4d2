"""``retold stats``: figures of the corpus."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from retold.cli import UserError, corpus_layout
from retold.cli.corpus import article_files, form_check, registry_files
from retold.cli.terminal import print_lines, progress_bar
from retold.documents import json_text, write_whole
from retold.figures import LABELS, Figures, as_json, as_text, count_article, count_registries
from retold.layout import Layout
from retold.plots.drawing import draw
from retold.plots.facts import Facts, article_facts, together
from retold.plots.listing import as_text as tables
from retold.plots.quantities import figures
from retold.reader import read_article, read_registry, read_splits
from retold.schemas import Schemas, find_schema_folder

MOST_COLUMNS = 6  # articles; the text form of a larger corpus has a column for each split

PLOTS = "plots"  # in build/
DEFAULT = Path()
LINE = 100  # widest line of the tables

EXAMPLE = """\
The text form has a column for each article, or for each split where there are many articles.
exit codes: 0 done (with --check: the plots are up to date), 1 they are not, 2 usage or crash
example: retold stats --format json
example: retold stats --plots
example: retold stats --plots --check"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--plots",
        nargs="?",
        const=DEFAULT,
        type=Path,
        metavar="DIR",
        help="also write the plots there as SVG (without DIR: to build/plots/)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="with --plots: write and print nothing but which plots are not up to date",
    )


def run(args: argparse.Namespace) -> int:
    """Count and print."""
    layout = corpus_layout(args)
    if args.check and args.plots is None:
        raise UserError("--check goes with --plots.")
    articles = [folder.name for folder in layout.article_folders()]
    check = form_check(layout)
    check([*registry_files(layout), layout.splits])
    schemas = Schemas(find_schema_folder(layout.root))
    vocabularies = {name: list(schemas.vocabulary(name)) for _, _, name in LABELS}
    progress = progress_bar("stats")
    counts, facts = {}, {}
    for done, article in enumerate(articles, start=1):
        check(article_files(layout, article))
        record = read_article(layout, article)
        counts[article], facts[article] = count_article(record), article_facts(record)
        progress(done, len(articles))
    registry = read_registry(layout)
    columns = _columns(layout, articles)
    drawn = figures(_groups(columns, facts), registry)
    if args.plots is not None:
        folder = layout.build / PLOTS if args.plots == DEFAULT else args.plots
        pictures = {f"{figure.name}.svg": draw(figure) for figure in drawn}
        if args.check:
            return _check(folder, pictures)
        _write(folder, pictures)
    counted = Figures(counts, count_registries(registry))
    if args.format == "json":
        print(json_text(as_json(counted, vocabularies)), end="")
        return 0
    print_lines(
        f"{heading}: {members[0] if len(members) == 1 else f'{len(members)} articles'}"
        for heading, members in columns.items()
    )
    print_lines((*as_text(counted, vocabularies, columns), *tables(drawn, LINE)))
    return 0


def _groups(columns: Mapping[str, Sequence[str]], facts: Mapping[str, Facts]) -> dict[str, Facts]:
    """Return the facts of each column, by the name that plots show."""
    return {
        members[0] if len(members) == 1 else f"{heading} ({len(members)} articles)": together(
            facts[article] for article in members
        )
        for heading, members in columns.items()
    }


def _write(folder: Path, pictures: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pictures.items():
            write_whole(folder / name, text)
    except OSError as error:
        raise UserError(f"cannot write the plots: {error}") from error


def _check(folder: Path, pictures: Mapping[str, str]) -> int:
    """Say which pictures are not what the corpus gives."""
    found = {name: folder / name for name in pictures}
    outdated = [
        name
        for name, path in found.items()
        if not path.is_file() or path.read_bytes() != pictures[name].encode()
    ]
    for name in outdated:
        state = "out of date" if found[name].is_file() else "missing"
        print(f"{found[name]} is {state}. Run retold stats --plots.")
    return 1 if outdated else 0


def _columns(layout: Layout, articles: Sequence[str]) -> dict[str, Sequence[str]]:
    if len(articles) <= MOST_COLUMNS:
        return {f"[{number}]": [article] for number, article in enumerate(articles, start=1)}
    splits = read_splits(layout).splits
    return {name: [article for article in found if article in articles] for name, found in splits.items()}
