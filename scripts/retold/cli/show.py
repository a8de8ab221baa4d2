"""``retold show``: an article with its annotation between the lines."""

from __future__ import annotations

import argparse

from retold.cli import UserError, corpus_layout
from retold.cli.corpus import article_files, form_check, registry_files
from retold.display import item_article, show_article, show_item
from retold.layout import Layout
from retold.reader import read_article, read_registry

EXAMPLE = """\
example: retold show shuts-the-door | less
example: retold show shuts-the-door-q02"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "id", metavar="ID", help="an article, or a block, sentence, quote, mention, claim or repair"
    )


def run(args: argparse.Namespace) -> int:
    """Print the lines."""
    layout = corpus_layout(args)
    name = _article(layout, args.id)
    form_check(layout)([*article_files(layout, name), *registry_files(layout)])
    article, registry = read_article(layout, name), read_registry(layout)
    try:
        lines = show_article(article, registry) if name == args.id else show_item(article, registry, args.id)
    except KeyError:
        raise UserError(f"{name} has no item {args.id}.") from None
    for line in lines:
        print(line)
    return 0


def _article(layout: Layout, wanted: str) -> str:
    """Return the article that an id, or an item id, is of."""
    articles = [folder.name for folder in layout.article_folders()]
    for name in (wanted, item_article(wanted)):
        if name in articles:
            return name
    raise UserError(f"no article or item {wanted!r}. The articles are: {', '.join(articles) or 'none'}.")
