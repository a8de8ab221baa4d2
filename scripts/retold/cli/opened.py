"""A corpus for verbs that take either form, here or at a URL."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from retold.cli import UserError, corpus_layout
from retold.cli.terminal import progress_bar
from retold.layout import Layout
from retold.locations import LocationError


@contextmanager
def opened_corpus(args: argparse.Namespace) -> Iterator[Layout]:
    """Give the layout of the corpus at ``--root``; what is at a URL is mirrored for as long.

    Raises:
        UserError: There is no corpus, or it cannot be read.
    """
    if not isinstance(args.root, str):
        yield corpus_layout(args, lines=True)
        return
    # Imported here, for the few who need it: what it builds on takes longer than a small validation.
    import tempfile  # noqa: PLC0415

    from retold.remote import mirror_corpus  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="retold-") as folder:
        try:
            layout = mirror_corpus(args.root, Path(folder).resolve(), progress_bar("fetch"))
        except LocationError as error:
            raise UserError(str(error)) from error
        yield layout
