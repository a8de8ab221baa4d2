"""Baseline ``marks-dependencies``: quotes by quotation marks and dependency rules (see ``quoting``).

Only running text is read: a line that does not end with a punctuation mark is taken for a heading. The
speaker is the fullest name in the article of whom the head of the source refers to (see ``naming``), and
open if the head is no name and no pronoun.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retold.baselines.naming import Mention, fullest, mentions, names
from retold.baselines.parsing import Line, parsed_lines, pipeline
from retold.baselines.pieces import head, is_running, spans
from retold.baselines.quoting import Quote, quotes_of
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's quotes."""
    nlp = pipeline()
    for record in inputs(task, gold):
        text = record["text"]
        lines = parsed_lines(text, nlp)
        named = mentioned(lines)
        found = [quote for line in running(lines) for quote in quotes_of(text, line)]
        yield head(record) | {"quotes": [_record(text, quote, named) for quote in found]}


def running(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that are no headings."""
    return [line for line in lines if is_running(line.doc.text)]


def mentioned(lines: Sequence[Line]) -> list[Mention]:
    """Return the names and pronouns of one article, with the names that it has for them."""
    found = names(lines)
    return mentions(lines, found, fullest(found))


def speaker(quote: Quote, named: Sequence[Mention]) -> str | None:
    """Return the fullest name of who the head of a quote's source refers to, ``None`` if that is open."""
    if quote.holder is None:
        return None
    at = quote.holder
    return next((mention.who for mention in named if mention.start <= at < mention.end), None)


def _record(text: str, quote: Quote, named: Sequence[Mention]) -> Json:
    return {
        "content": spans(text, quote.content),
        "source": spans(text, quote.source),
        "cue": spans(text, quote.cue),
        "type": quote.type,
        "speaker": speaker(quote, named),
    }
