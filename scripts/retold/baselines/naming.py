"""Names by spaCy, joined by alias rules, and pronouns that go to the last name that fits.

The rules are those of name matching in Bontcheva et al., *Shallow Methods for Named Entity Coreference
Resolution*, 2002; recency with agreement is the simplest of Hobbs's *Resolving Pronoun References*, 1978.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retold.baselines.parsing import Line

PERSON = "PERSON"
THINGS = frozenset(("EVENT", "FAC", "GPE", "LAW", "LOC", "ORG", "PRODUCT", "WORK_OF_ART"))
GROUPS = frozenset(("GPE", "NORP", "ORG"))
NAMES = THINGS | {PERSON, "NORP"}
_PRONOUNS: Mapping[frozenset[str], str] = {
    frozenset((PERSON,)): "he him his himself she her hers herself",
    THINGS: "it its itself",
    GROUPS: "they them their theirs themselves",
}
FITS = {word: types for types, words in _PRONOUNS.items() for word in words.split()}
_BEFORE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_BEHIND = re.compile(r"['’]s?\s*$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in the text, without determiner and possessive; ``type`` is spaCy's."""

    start: int
    end: int
    text: str
    type: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or pronoun with ``who``: the fullest name of what it refers to."""

    start: int
    end: int
    text: str
    who: str


def names(lines: Sequence[Line]) -> list[Name]:
    """Return the names of a text (no dates, numbers or amounts), in text order.

    A single word that spaCy takes for a name in one place, or for the end of a person's name, is one wherever
    it stands as a noun: spaCy takes many a surname for a common one.
    """
    found = [name for line in lines for name in _names(line)]
    taken = {place for name in found for place in range(name.start, name.end)}
    types = {word: type_ for name in reversed(found) for word, type_ in _words(name)}
    again = [
        Name(line.at(token), line.at(token) + len(token), token.text, types[token.text])
        for line in lines
        for token in line.doc
        if token.pos_ in {"NOUN", "PROPN"} and token.text in types and line.at(token) not in taken
    ]
    return sorted([*found, *again], key=lambda name: name.start)


def _words(name: Name) -> Iterator[tuple[str, str]]:
    words = name.text.split()
    if len(words) == 1 or name.type == PERSON:
        yield words[-1], name.type


def _names(line: Line) -> Iterator[Name]:
    for found in line.doc.ents:
        if found.label_ in NAMES:
            before = _BEFORE.match(found.text)
            start = before.end() if before else 0
            text = _BEHIND.sub("", found.text[start:]).rstrip()
            if text:
                at = line.start + found.start_char + start
                yield Name(at, at + len(text), text, found.label_)


def fullest(found: Sequence[Name]) -> dict[str, str]:
    """Return the fullest name for each spelling among the names.

    A spelling is joined with those that differ only in case and stops, a single word with the most frequent
    name of a person that ends with it, and capitals with the most frequent name whose initials they are.
    """
    counts = Counter(_key(name.text) for name in found)
    # The best last, so that it is what stays in a dictionary: the most frequent, of equals the one with fewer
    # words (the others are often headlines taken for names), of equals the first in the text.
    several = [key for key in reversed(counts) if " " in key]
    long = sorted(several, key=lambda key: (counts[key], -len(key.split())))
    persons = {_key(name.text) for name in found if name.type == PERSON}
    by_surname = {key.split()[-1]: key for key in long if key in persons}
    by_initials = {_initials(key): key for key in long}

    def joined(text: str) -> str:
        key = _key(text)
        initialled = by_initials.get(key, key) if text.isupper() else key
        return by_surname.get(key, initialled)

    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in found:
        spelled[_key(name.text)][name.text] += 1
    best = {key: min(texts, key=lambda text: (-texts[text], text)) for key, texts in spelled.items()}
    return {name.text: best[joined(name.text)] for name in found}


def _key(text: str) -> str:
    return " ".join(text.replace(".", "").casefold().split())


def _initials(key: str) -> str:
    return "".join(word[0] for word in key.split() if word not in {"of", "the", "and", "for"})


def mentions(lines: Sequence[Line], found: Sequence[Name], full: Mapping[str, str]) -> list[Mention]:
    """Return the names of a text and the pronouns of the third person that a name before them fits.

    Args:
        lines: The text, parsed.
        found: Its names, in text order.
        full: The fullest name of each spelling, from this text or from several.
    """
    persons = {full[name.text] for name in found if name.type == PERSON and " " in full[name.text]}
    known = [
        (Mention(name.start, name.end, name.text, full[name.text]), _type(name, full, persons))
        for name in found
    ]
    pronouns = [
        Mention(at, at + len(token), token.text, last)
        for line in lines
        for token in line.doc
        if token.lower_ in FITS and token.pos_ in {"PRON", "DET"}
        for at in [line.at(token)]
        for last in _last(at, known, FITS[token.lower_])
    ]
    return sorted([*(mention for mention, _ in known), *pronouns], key=lambda mention: mention.start)


def _type(name: Name, full: Mapping[str, str], persons: set[str]) -> str:
    """The type of a name; a surname that spaCy takes for a place is its bearer's all the same."""
    return PERSON if full[name.text] in persons else name.type


def _last(at: int, known: Sequence[tuple[Mention, str]], types: frozenset[str]) -> list[str]:
    """Return who the last name before a place refers to, of those with a fitting type; none or one."""
    before = [mention.who for mention, type_ in known if mention.end <= at and type_ in types]
    return before[-1:]
