"""Variation n-grams (Dickinson and Meurers 2003): the same words, marked here and not there, or otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from retold.audit.cases import Case, Place
from retold.audit.gold import (
    BODY_KINDS,
    Gold,
    SentenceView,
    Words,
    describe_mention,
    describe_quote,
    overlap,
    words_of,
)
from retold.records import Mention, Quote, Span

COMPARED_FORMS = frozenset(("name", "adjective", "nominal", "value"))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Words that stand in a sentence; ``count`` says for the how-manieth time, from 1."""

    view: SentenceView
    span: Span
    count: int

    def place(self, gold: str) -> Place:
        """Return the place with what the gold says of it."""
        return Place(f"{self.view.sentence.id}#{self.count}", self.view.sentence.span.text, gold)


def unmarked_names(gold: Gold) -> Iterator[Case]:
    """A name in the registry, or one that some mention has, is marked wherever it stands."""
    known = {words_of(entity.name) for entity in gold.registry.entities.values() if not entity.members}
    known |= _wordings(gold, {"name"})
    question = "A known name is not marked here: should it be?"
    yield from _unmarked(gold, "unmarked-name", known, question)


def unmarked_words(gold: Gold) -> Iterator[Case]:
    """Words marked as adjective, nominal or value in one place are marked in the others."""
    known = _wordings(gold, COMPARED_FORMS - {"name"}) - _wordings(gold, {"name"})
    question = "These words are marked elsewhere and not here: should they be?"
    yield from _unmarked(gold, "unmarked-words", known, question)


def other_labels(gold: Gold) -> Iterator[Case]:
    """The same words have the same labels and entity everywhere; the rarer labels are the cases."""
    groups: dict[Words, list[tuple[SentenceView, Mention]]] = defaultdict(list)
    for view in gold.sentences:
        for mention in view.mentions:
            if mention.form in COMPARED_FORMS:
                groups[words_of(mention.span.text)].append((view, mention))
    for words, found in sorted(groups.items()):
        counts = Counter(describe_mention(mention) for _, mention in found)
        usual = counts.most_common(1)[0][0]
        for view, mention in found:
            own = describe_mention(mention)
            if own != usual and mention.note is None:
                place = Place(mention.id, view.sentence.span.text, own)
                question = f"Elsewhere these words are “{usual}”: is this one different?"
                yield Case("other-label", " ".join(words), (place,), question)


def unmarked_cues(gold: Gold) -> Iterator[Case]:
    """Words that are the cue of a quote in one place are the cue of one in the others."""
    examples: dict[Words, Quote] = {}
    for article in gold.articles:
        for quote in article.quotes:
            for span in quote.cue:
                examples.setdefault(words_of(span.text), quote)

    def is_cue(here: Occurrence) -> bool:
        quotes = here.view.article.quotes
        return any(overlap(here.span, cue) for quote in quotes for cue in (*quote.cue, *quote.cue_group))

    for words, occurrences in _occurrences(gold, examples.keys(), is_cue).items():
        for here in occurrences:
            if here.view.block.kind in BODY_KINDS:
                like = examples[words]
                question = f"A cue in {like.id} ({describe_quote(like)}): does no quote hang on it here?"
                yield Case("unmarked-cue", " ".join(words), (here.place("no cue"),), question)


def _wordings(gold: Gold, forms: Iterable[str]) -> set[Words]:
    wanted = frozenset(forms)
    return {words_of(m.span.text) for article in gold.articles for m in article.mentions if m.form in wanted}


def _unmarked(gold: Gold, rule: str, known: set[Words], question: str) -> Iterator[Case]:
    def is_marked(here: Occurrence) -> bool:
        return any(_accounts_for(mention, here.span) for mention in here.view.mentions)

    for words, occurrences in _occurrences(gold, known, is_marked).items():
        for here in occurrences:
            yield Case(rule, " ".join(words), (here.place("not marked"),), question)


def _accounts_for(mention: Mention, span: Span) -> bool:
    """Whether a mention has these words as its own, or as a part that is not marked again.

    What a name, an adjective or a value holds is not marked again; what a nominal holds is.
    """
    own = mention.span
    if mention.form in ("nominal", "pronoun"):
        return (own.start, own.end) == (span.start, span.end)
    return own.start <= span.start and span.end <= own.end


def _occurrences(
    gold: Gold, known: Iterable[Words], accounted: Callable[[Occurrence], bool]
) -> dict[Words, list[Occurrence]]:
    """Return where known wordings stand with nothing that accounts for them, by wording, in text order."""
    by_first: dict[str, list[Words]] = defaultdict(list)
    for words in sorted(known):
        if words:
            by_first[words[0]].append(words)
    found: dict[Words, list[Occurrence]] = defaultdict(list)
    for view in gold.sentences:
        seen: Counter[Words] = Counter()
        for at, word in enumerate(view.words):
            for words in by_first.get(word, ()):
                if view.words[at : at + len(words)] == words:
                    seen[words] += 1
                    start, end = view.tokens[at][0], view.tokens[at + len(words) - 1][1]
                    here = Occurrence(view, Span(start, end, view.article.text[start:end]), seen[words])
                    if not accounted(here):
                        found[words].append(here)
    return found
