"""What a claim's proposition says that the words it rests on do not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from retold.audit.cases import Case, Place
from retold.audit.gold import Gold, SentenceView, Words, touches, words_of
from retold.records import Claim, Mention

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
NUMBER_WORDS = {
    "half": "0.5", "fifth": "0.2", "one": "1", "first": "1", "two": "2", "both": "2", "second": "2",
    "three": "3", "third": "3", "decade": "10", "billion": "000000000", "million": "000000",
}  # fmt: skip
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def numbers(gold: Gold) -> Iterator[Case]:
    """Each number and date of a proposition stands in the claim's spans, or a note says whence it is."""
    for view, claim in _claims(gold):
        inside = [m for m in view.article.mentions if touches(claim.spans, m.span)]
        allowed = set[str]().union(*(figures(span.text) for span in claim.spans), *map(_values, inside))
        extra = sorted(figures(claim.proposition) - allowed)
        if extra and claim.note is None:
            question = f"Not in the claim's spans: {', '.join(extra)}. Whence is it, and is it right?"
            yield _case("number-not-in-spans", claim, question)


def entities(gold: Gold) -> Iterator[Case]:
    """Each entity that a proposition names is mentioned near its claim, or a note says whence it is.

    Near are the sentences that the claim touches and the one before its own.
    """
    forms = _surface_forms(gold)
    views = {(v.article.id, v.number): v for v in gold.sentences}
    for view, claim in _claims(gold):
        near = [v for v in (views.get((view.article.id, view.number - 1)), view) if v is not None]
        near += [v for v in gold.sentences if v.article is view.article and claim in v.claims]
        known = _known(gold, (m for v in near for m in v.mentions))
        missing = sorted(
            " or ".join(sorted(meant))
            for meant in _named(words_of(claim.proposition), forms)
            if not meant & known
        )
        if missing and claim.note is None:
            question = f"Named in the proposition, not near the claim: {', '.join(missing)}. Is it right?"
            yield _case("entity-not-near", claim, question)


def figures(text: str) -> set[str]:
    """Return the numbers of a text: digits without separators, number words as digits, months by name."""
    found = {match.group().replace(",", "") for match in _NUMBER.finditer(text)}
    for word in words_of(text):
        if word in NUMBER_WORDS:
            found.add(NUMBER_WORDS[word])
        elif word in MONTHS and word != "may":
            found.add(word)
    return found


def _values(mention: Mention) -> set[str]:
    """Return the numbers that the value of a mention gives: of a date its year, month and day."""
    value = mention.value or ""
    date = _DATE.fullmatch(value)
    if date:
        year, month, day = date.groups()
        parts = {year}
        if month:
            parts.add(MONTHS[int(month) - 1])
        if day:
            parts.add(str(int(day)))
        return parts
    amounts = {match.group() for match in _NUMBER.finditer(value)}
    shares = {f"{float(amount) * 100:g}" for amount in amounts if amount.startswith("0.")}
    rounded = {amount.removesuffix("0" * 9) for amount in amounts} | {
        a.removesuffix("0" * 6) for a in amounts
    }
    return amounts | shares | rounded


def _claims(gold: Gold) -> Iterator[tuple[SentenceView, Claim]]:
    """Yield each claim with its own sentence."""
    for view in gold.sentences:
        for claim in view.claims:
            if claim.sentence == view.sentence.id:
                yield view, claim


def _case(rule: str, claim: Claim, question: str) -> Case:
    spans = " … ".join(span.text for span in claim.spans)
    return Case(rule, claim.proposition, (Place(claim.id, spans, claim.proposition),), question)


def _surface_forms(gold: Gold) -> dict[Words, frozenset[str]]:
    """Return the entities that each wording of a name or adjective can mean."""
    forms: dict[Words, set[str]] = defaultdict(set)
    for entity in gold.registry.entities.values():
        if not entity.members:  # the name of a group only lists its members
            forms[words_of(entity.name)].add(entity.id)
    for article in gold.articles:
        for mention in article.mentions:
            if mention.entity and mention.form in ("name", "adjective"):
                forms[words_of(mention.span.text)].update(filter(None, (mention.entity, mention.metonym_of)))
    return {words: frozenset(meant) for words, meant in forms.items()}


def _named(words: Words, forms: dict[Words, frozenset[str]]) -> Iterator[frozenset[str]]:
    """Yield what each name in ``words`` can mean; of names that begin together the longest."""
    longest = max(map(len, forms), default=0)
    at = 0
    while at < len(words):
        size = next((n for n in range(longest, 0, -1) if words[at : at + n] in forms), 0)
        if size:
            yield forms[words[at : at + size]]
        at += size or 1


def _known(gold: Gold, mentions: Iterable[Mention]) -> set[str]:
    """Return the entities mentioned, members of groups and what metonyms stand for included."""
    known = {entity for m in mentions for entity in (m.entity, m.metonym_of) if entity}
    return known.union(*(gold.registry.entities[entity].members for entity in known))
