"""CoNLL-2003's column format with its own four types (PER, ORG, LOC, MISC); all else as in ``conll``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retold.exchange import conll
from retold.exchange.formats import Report
from retold.records import Article, Registry


def export(articles: Sequence[Article], registry: Registry, out: Path) -> Report:
    """Write the names of all articles to ``out/corpus.conll``.

    Raises:
        ExchangeError: Words of an article lie in no sentence.
    """
    return conll.export(articles, registry, out, labels="conll4")
