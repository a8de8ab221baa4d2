"""What the benchmark's verbs share: which corpus, and predictions refused in one line."""

from __future__ import annotations

import argparse
from pathlib import Path

from retold.benchmark.predictions import PredictionError
from retold.benchmark.scoring import Scorer
from retold.cli import UserError
from retold.layout import find_root
from retold.measures.assignment import MissingExtraError

# What makes a score impossible through no fault of retold: said in one line.
REFUSED = (PredictionError, MissingExtraError, OSError, ValueError)


def corpus_root(args: argparse.Namespace) -> Path | None:
    """Return ``--root``, else the compiled corpus around the working folder; ``None``: the package's own."""
    given: Path | None = args.root
    if given is not None:
        return given.resolve()
    found = find_root(Path.cwd())
    return found if found is not None and (found / "build" / "manifest.json").is_file() else None


def make_scorer(args: argparse.Namespace) -> Scorer:
    """Return a scorer for the corpus that is meant.

    Raises:
        UserError: There is no compiled corpus.
    """
    try:
        return Scorer(corpus_root(args))
    except (OSError, ValueError) as error:
        raise UserError(str(error)) from error
