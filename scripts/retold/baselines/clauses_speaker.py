"""Baseline ``clauses-speaker``: a claim for each finite clause of a sentence that states something.

Clauses are told as in Del Corro and Gemulla, *ClausIE*, 2013, but simpler: main clauses, coordinated verbs,
finite adverbial clauses and what reporting verbs report are claims of their own; conditions and relative
clauses stay in the clause around them. Questions and orders claim nothing, nor does the reporting itself
(``he said``). The claimant is the speaker of the innermost quote around the clause's verb, by the rules of
``marks-dependencies``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from retold.baselines.marks_dependencies import mentioned, running, speaker
from retold.baselines.naming import Mention
from retold.baselines.parsing import Line, parsed_lines, pipeline, runs
from retold.baselines.pieces import MARKS, Extent, has_words, head, spans, trimmed
from retold.baselines.quoting import Quote, quotes_of
from retold.baselines.reporting import complements, is_reporting
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

ARTICLE = "article"
_FINITE = frozenset(("MD", "VBD", "VBP", "VBZ"))
_AUXILIARY = frozenset(("aux", "auxpass", "neg"))
_SUBJECT = frozenset(("csubj", "expl", "nsubj", "nsubjpass"))
_UNSTATED = frozenset(("if", "lest", "unless", "whether"))
_ENDS = ".,;:!–—-" + MARKS


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's claims."""
    nlp = pipeline()
    for record in inputs(task, gold):
        text = record["text"]
        lines = parsed_lines(text, nlp)
        named = mentioned(lines)
        claims = [claim for line in running(lines) for claim in _claims(text, line, named)]
        yield head(record) | {"claims": claims}


def _claims(text: str, line: Line, named: Sequence[Mention]) -> Iterator[Json]:
    quotes = quotes_of(text, line)
    for sentence in line.doc.sents:
        if not sentence.text.rstrip(f" {MARKS})").endswith("?"):
            verbs = _verbs(sentence)
            for verb in verbs:
                extents = _extents(text, line, _words(verb, verbs))
                if extents and not _only_reports(verb, verbs):
                    yield {
                        "spans": spans(text, extents),
                        "claimant": _claimant(line.at(verb), quotes, named),
                    }


def _verbs(sentence: Span) -> list[Token]:
    """Return the heads of the clauses of a sentence; what is reported counts wherever it stands."""
    reported = [word for word in sentence if word.dep_ == "ccomp" and is_reporting(word.head)]
    return sorted(
        {verb for top in (sentence.root, *reported) for verb in _clauses(top)}, key=lambda verb: verb.i
    )


def _clauses(verb: Token) -> Iterator[Token]:
    """Yield the head of a clause, if it is finite, and those of the clauses that are split from it."""
    if verb.pos_ in {"AUX", "VERB"} and (_is_finite(verb) or verb.dep_ == "conj"):
        yield verb
        for child in verb.children:
            if _is_split(child):
                yield from _clauses(child)


def _is_finite(verb: Token) -> bool:
    return verb.tag_ in _FINITE or any(
        child.dep_ in _AUXILIARY and child.tag_ in _FINITE for child in verb.children
    )


def _is_split(clause: Token) -> bool:
    if clause.dep_ == "ccomp":
        return is_reporting(clause.head)
    if clause.dep_ == "advcl":
        marks = {child.lower_ for child in clause.children if child.dep_ in {"mark", "advmod"}}
        return _is_finite(clause) and not marks & _UNSTATED
    return clause.dep_ in {"conj", "parataxis"}


def _only_reports(verb: Token, verbs: Sequence[Token]) -> bool:
    return is_reporting(verb) and any(clause in verbs for clause in complements(verb))


def _words(verb: Token, verbs: Sequence[Token]) -> list[Token]:
    """Return the words of a clause, those of clauses split from it left out, a shared subject taken in."""
    tops = [_top(other, verbs) for other in verbs if verb.is_ancestor(other)]
    split = {word for top in tops if top != verb for word in top.subtree}
    own = [word for word in verb.subtree if word not in split and not _joins(word, verbs)]
    return _shared(verb) + own


def _top(clause: Token, verbs: Sequence[Token]) -> Token:
    """Return what goes out with a clause: a participle that reports it goes too (``…, saying that …``)."""
    report = clause.head
    if clause.dep_ != "ccomp" or report in verbs:
        return clause
    return report.head if report.dep_ == "pcomp" else report


def _joins(word: Token, verbs: Sequence[Token]) -> bool:
    """Whether a word is a conjunction between two clauses that are told apart."""
    return word.dep_ == "cc" and any(other.head == word.head for other in verbs if other.dep_ == "conj")


def _shared(verb: Token) -> list[Token]:
    """Return subject and auxiliaries of the verb before it that a coordinated verb goes without."""
    if verb.dep_ != "conj" or any(child.dep_ in _SUBJECT for child in verb.children):
        return []
    taken = _SUBJECT if _is_finite(verb) else _SUBJECT | _AUXILIARY
    first = [
        word
        for child in verb.head.children
        if child.dep_ in taken and child.i < verb.head.i
        for word in child.subtree
    ]
    return _shared(verb.head) + first


def _extents(text: str, line: Line, words: Sequence[Token]) -> list[Extent]:
    kept = list(words)
    while kept and (kept[0].is_punct or kept[0].dep_ in {"cc", "mark"}):
        del kept[0]
    parts = [trimmed(text, line.extent(*run), _ENDS) for run in runs(kept)]
    return [part for part in parts if has_words(text, part)]


def _claimant(at: int, quotes: Sequence[Quote], named: Sequence[Mention]) -> str | None:
    around = [quote for quote in quotes if quote.holds(at)]
    return speaker(min(around, key=lambda quote: quote.length), named) if around else ARTICLE
