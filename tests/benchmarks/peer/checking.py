"""All checks, level by level: what is wrong on one level keeps the next ones from being asked."""

from __future__ import annotations

from pathlib import Path

from benchmarks.peer import layers, marks, repairs, shared, spans
from benchmarks.peer.files import Corpus, Error, Errors, Validate, read_corpus
from benchmarks.peer.references import References

WARNINGS = {"cue-group-in-content", "sentence-without-claim", "same-wikidata"}


def read_checked(root: Path, schema: Path, validate: Validate) -> tuple[Corpus | None, list[Error]]:
    """Read and check a corpus; ``None`` if it has errors. What is found may be warnings alone."""
    corpus, found = read_corpus(root, schema, validate)
    for level in (check_spans, check_references, check_rules):
        if corpus is None or any(code not in WARNINGS for code, _, _ in found):
            return None, found
        found += level(corpus)
    return (None if any(code not in WARNINGS for code, _, _ in found) else corpus), found


def check_spans(corpus: Corpus) -> Errors:
    for article in corpus.articles.values():
        yield from spans.check(article)


def check_references(corpus: Corpus) -> Errors:
    references = References(corpus)
    yield from references.check_registries()
    for article in corpus.articles.values():
        yield from references.check(article)


def check_rules(corpus: Corpus) -> Errors:
    entities, utterances = corpus.entries("entities"), corpus.entries("utterances")
    for article in corpus.articles.values():
        yield from layers.check(article, corpus, entities, utterances)
        yield from marks.check(article)
        yield from repairs.check(article)
    yield from shared.check(corpus)
