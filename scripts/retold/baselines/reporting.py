"""Reporting verbs, what depends on them, and who their subject is, in spaCy's dependency scheme.

After Krestel, Bergler and Witte, *Minding the Source*, 2008 (a list of reporting verbs), and Pareti et al.,
*Automatically Detecting and Attributing Indirect Quotations*, 2013 (clausal complements of such verbs). The
lists are general English, written down without a look at any annotated text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retold.baselines.parsing import runs

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SAYING = """
accuse acknowledge add admit affirm allege announce answer argue ask assert assure believe boast caution
claim clarify comment complain concede conclude confirm contend convince declare demand deny describe
disclose emphasise emphasize estimate exclaim explain express fear feel forecast hint imply indicate
inform insist joke lament maintain mention note observe opine point predict proclaim promise propose read
reassure recall recommend reiterate remark remind repeat reply report respond reveal say state stress
suggest suspect swear tell testify think tweet underline underscore urge vow warn wonder worry write
"""
# These take an infinitive as what is said, thought or wanted: ``promised to come``.
_WANTING = """
agree aim claim decide decline demand expect hope intend offer plan pledge prefer promise propose refuse
seek swear threaten urge vow want wish
"""
SAYING, WANTING = frozenset(_SAYING.split()), frozenset(_WANTING.split())
_SUBJECTS = frozenset(("nsubj", "csubj"))
_AFTER_NOUN = frozenset(("acl", "appos", "relcl"))
_INHERITING = frozenset(("advcl", "conj", "xcomp"))  # such a verb has the subject of the verb above it


@dataclass(frozen=True, slots=True)
class Report:
    """A cue with what depends on it; ``content`` and ``source`` in text order, ``source`` may be empty.

    ``holder`` is the head of the source: the word that decides who it is.
    """

    content: Sequence[Token]
    cue: Sequence[Token]
    source: Sequence[Token]
    holder: Token | None


def is_reporting(token: Token) -> bool:
    """Whether a token is a verb that reports."""
    return token.pos_ == "VERB" and token.lemma_.lower() in SAYING | WANTING


def reports(doc: Doc) -> Iterator[Report]:
    """Yield what is reported in a text as a clause: complements of verbs, and ``according to``."""
    for token in doc:
        if is_reporting(token):
            content = [part for clause in complements(token) for part in clause.subtree]
            if not content and token.dep_ == "parataxis":  # ``The deal, he said, is done.``
                content = _without(token.head, token)
            if content:
                yield of_verb(token, sorted(content, key=lambda part: part.i))
        elif token.lower_ == "according":
            yield from _according(token)


def complements(verb: Token) -> list[Token]:
    """Return the heads of the clauses that a reporting verb has as its object."""
    return [
        child
        for child in verb.children
        if child.dep_ == "ccomp"
        or (child.dep_ == "xcomp" and verb.lemma_.lower() in WANTING and child.tag_ == "VB")
    ]


def of_verb(verb: Token, content: Sequence[Token]) -> Report:
    """Return a report with a verb as its cue and the verb's subject as its source."""
    holder = subject(verb)
    return Report(content, [verb], noun_phrase(holder) if holder is not None else [], holder)


def subject(verb: Token) -> Token | None:
    """Return the head of a verb's subject, of its agent if it is passive; ``None`` if it has none."""
    for child in verb.children:
        if child.dep_ in _SUBJECTS:
            return verb.head if verb.dep_ == "relcl" and child.tag_ in {"WDT", "WP"} else child
    if any(child.dep_ == "nsubjpass" for child in verb.children):
        agents = (child for child in verb.children if child.dep_ == "agent")
        return next((noun for agent in agents for noun in agent.children if noun.dep_ == "pobj"), None)
    if verb.dep_ == "acl":  # ``a report saying that …``
        return verb.head
    return subject(verb.head) if verb.dep_ in _INHERITING and verb.head.pos_ in {"AUX", "VERB"} else None


def noun_phrase(noun: Token) -> list[Token]:
    """Return the unbroken phrase around a noun, without appositions and clauses behind it."""
    behind = {part for child in noun.children if child.dep_ in _AFTER_NOUN for part in child.subtree}
    kept = [part for part in noun.subtree if part not in behind]
    first, last = next(run for run in runs(kept) if run[0].i <= noun.i <= run[1].i)
    while last.i > noun.i and last.is_punct:
        last = last.nbor(-1)
    return list(noun.doc[first.i : last.i + 1])


def _according(token: Token) -> Iterator[Report]:
    """Yield the clause around ``according to X``."""
    for to in token.children:
        if to.lower_ == "to":
            for noun in to.children:
                if noun.dep_ == "pobj":
                    yield Report(_without(token.head, token), [token, to], noun_phrase(noun), noun)


def _without(clause: Token, part: Token) -> list[Token]:
    left_out = set(part.subtree)
    return [token for token in clause.subtree if token not in left_out]
