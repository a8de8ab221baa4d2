"""CoNLL-2003's column format: a word a line, with its BIO tag in the last column.

One file ``corpus.conll`` with ``-DOCSTART-`` before each article and an empty line after each sentence.
Four columns with a space between, as in the shared task; the second and third hold the word's offsets,
``start`` and ``end`` (code points into the article's text, half-open), where CoNLL-2003 has part of speech
and chunk. The line of ``-DOCSTART-`` has the article's id and the SHA-256 of its text there. So the tags can
be laid back on the texts. Types are those of a label set: OntoNotes 5.0 (18) or CoNLL-2003 (4).

Tjong Kim Sang and De Meulder, *Introduction to the CoNLL-2003 Shared Task*, 2003; IOB2 after Ratnaparkhi.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from retold.benchmark.options import ONTONOTES18
from retold.benchmark.tasks.entities import LABEL_SETS
from retold.exchange.formats import ExchangeError, Report
from retold.exchange.losses import ARTICLE_ITEMS, REGISTRY_ITEMS, losses
from retold.exchange.words import sentence_words
from retold.records import Article, Mention, Registry
from retold.tokens import OUTSIDE, bio_tags, outermost

FILE = "corpus.conll"
DOCUMENT = "-DOCSTART-"


def export(articles: Sequence[Article], registry: Registry, out: Path, labels: str = ONTONOTES18) -> Report:
    """Write the names, adjectives and values of all articles to ``out/corpus.conll``.

    Raises:
        ExchangeError: There is no label set ``labels``; words of an article lie in no sentence.
    """
    if labels not in LABEL_SETS:
        raise ExchangeError(f"no label set {labels!r}; there are {', '.join(LABEL_SETS)}")
    lines = [line for article in articles for line in _lines(article, labels)]
    (out / FILE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    untagged = sum(len(article.mentions) - len(_tagged(article, labels)) for article in articles)
    linked = sum(mention.entity is not None for a in articles for mention in _tagged(a, labels))
    counted = {"entities/mentions": untagged, "entities/entity": linked}
    return Report((FILE,), losses(articles, registry, (*ARTICLE_ITEMS, *REGISTRY_ITEMS), counted))


def mentions_of(article: Article, labels: str) -> list[Mention]:
    """Return the mentions with a type in a label set, under the type that they have there."""
    types = LABEL_SETS[labels]
    if types is None:
        return list(article.mentions)
    return [replace(m, type=types[m.type]) for m in article.mentions if m.type in types]


def _tagged(article: Article, labels: str) -> list[Mention]:
    """Return the mentions that get a tag."""
    return list(outermost(mentions_of(article, labels)))


def _lines(article: Article, labels: str) -> Iterator[str]:
    yield f"{DOCUMENT} {article.id} {article.sha256} {OUTSIDE}"
    yield ""
    mentions = mentions_of(article, labels)
    for sentence in sentence_words(article):
        tags = bio_tags([(word.start, word.end) for word in sentence.words], mentions)
        for word, tag in zip(sentence.words, tags, strict=True):
            yield f"{word.text} {word.start} {word.end} {tag}"
        yield ""
