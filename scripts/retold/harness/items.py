"""The questions that a harness asks, made from a corpus: one ``Item`` each.

Of checkability, types of quotes, speakers and relations of claims each item is a question with choices.
``quotes`` and ``entities`` ask about a whole article and are answered with JSON. Interview turns are out, as
they are of the benchmark's headlines; so are wide quotes, and pairs that are near misses.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from retold.benchmark.gold import TURN, Gold
from retold.benchmark.options import CORE
from retold.benchmark.outcome import said
from retold.benchmark.prompting import fill, load
from retold.benchmark.tasks.claim_relations import AVERAGED, CONTRADICTS, HEADLINE_ORIGINS, NEUTRAL
from retold.benchmark.tasks.quotes import TYPES
from retold.benchmark.units import Units
from retold.harness.passages import Passages, spans_of
from retold.records import Article, Quote, Span
from retold.tokens import TAGGED_FORMS

LABELS = ("checkable", "vague", "none")
RELATIONS = (*(label for label in AVERAGED if label != NEUTRAL), CONTRADICTS, NEUTRAL)
NOBODY = "nobody named"
NAMES = 5  # that a speaker is chosen from
SPEAKING = frozenset(("PERSON", "ORG", "GPE", "NORP"))


@dataclass(frozen=True, slots=True)
class Item:
    """A question.

    Attributes:
        id: The item of the corpus that it is about.
        article: Where that stands.
        prompt: The whole question.
        answer: The right choice; or the gold, in words, as the prompt asks for it.
        choices: What to choose from; empty where the answer is written out.
    """

    id: str
    article: str
    prompt: str
    answer: str
    choices: tuple[str, ...] = ()


def items(task: str, gold: Gold) -> list[Item]:
    """Return the items of a task, in text order.

    Raises:
        KeyError: There is no such task.
    """
    return list(QUESTIONS[task](gold))


def examples(task: str, story: Gold) -> list[Item]:
    """Return the items of the invented story, in an order in which the first few have different answers.

    Of its articles one is annotated whole, and the other has only claims.
    """
    whole = [article.id for article in story.articles.values() if article.mentions]
    groups: dict[str, list[Item]] = {}
    for item in items(task, story if task == "claim_relation" else story.only(whole)):
        groups.setdefault(item.answer, []).append(item)
    rounds = [(number, item) for group in groups.values() for number, item in enumerate(group)]
    return [item for _, item in sorted(rounds, key=lambda pair: pair[0])]


def _checkability(gold: Gold) -> Iterator[Item]:
    prompt = load("checkability-sentence")
    for article in gold.articles.values():
        labels = {label.sentence: label.checkability for label in article.sentence_labels}
        for block in article.blocks:
            for sentence in block.sentences if block.kind != TURN else ():
                if sentence.id in labels:
                    passage = article.text[block.start : block.end]
                    fields = {"passage": passage, "sentence": sentence.span.text}
                    answer = labels[sentence.id]
                    yield Item(sentence.id, article.id, fill(prompt, fields), answer, LABELS)


def _quote_type(gold: Gold) -> Iterator[Item]:
    prompt = load("quote-type")
    for article, passages, quote in _quotes(gold):
        fields = {"sentence": passages.sentences(spans_of(quote)), "quote": said(quote.content)}
        yield Item(quote.id, article.id, fill(prompt, fields), quote.type, TYPES)


def _speaker(gold: Gold) -> Iterator[Item]:
    prompt = load("speaker")
    for article, passages, quote in _quotes(gold):
        if sum(other.content == quote.content for other in article.quotes) > 1:
            continue  # two sources of the same words: the question would have two answers
        passage = passages.around(spans_of(quote))
        names = (*sorted(gold.entities[name].name for name in _near(gold, article, quote, passage)), NOBODY)
        listed = "\n".join(f"- {name}" for name in names)
        fields = {"names": listed, "passage": passage.text, "quote": said(quote.content)}
        answer = gold.entities[quote.speaker].name if quote.speaker else NOBODY
        yield Item(quote.id, article.id, fill(prompt, fields), answer, names)


def _near(gold: Gold, article: Article, quote: Quote, passage: Span) -> list[str]:
    """Return the speaker, if known, and others: first those whom the passage mentions, then the frequent."""
    mentions = [m for m in article.mentions if m.entity and gold.entities[m.entity].type in SPEAKING]
    count = Counter(str(mention.entity) for mention in mentions)
    here = {str(m.entity) for m in mentions if passage.start <= m.span.start < passage.end}
    ranked = sorted(count, key=lambda name: (name not in here, -count[name], name))
    known = [quote.speaker] if quote.speaker else []
    return [*known, *(name for name in ranked if name not in known)][:NAMES]


def _claim_relation(gold: Gold) -> Iterator[Item]:
    prompt, units = load("claim-relations"), Units(gold)
    for pair in gold.pairs:
        sides = [gold.claims[claim] for claim in (pair.a, pair.b)]
        told = all(units.at(article.id, claim.spans[0].start) is not None for article, claim in sides)
        if told and pair.origin in HEADLINE_ORIGINS:
            (article, a), (_, b) = sides
            fields = {"proposition_a": a.proposition, "proposition_b": b.proposition}
            yield Item(f"{a.id} {b.id}", article.id, fill(prompt, fields), pair.relation, RELATIONS)


def _all_quotes(gold: Gold) -> Iterator[Item]:
    for article in gold.articles.values():
        quotes = [quote for quote in article.quotes if quote.scope == CORE]
        yield _whole("quotes", article, {"quotes": [_told(quote, gold) for quote in quotes]})


def _told(quote: Quote, gold: Gold) -> dict[str, object]:
    roles = {"content": quote.content, "source": quote.source, "cue": quote.cue}
    return {
        **{role: [span.text for span in spans] for role, spans in roles.items()},
        "type": quote.type,
        "speaker": gold.entities[quote.speaker].name if quote.speaker else None,
    }


def _all_entities(gold: Gold) -> Iterator[Item]:
    for article in gold.articles.values():
        named = [mention for mention in article.mentions if mention.form in TAGGED_FORMS]
        listed = [{"text": mention.span.text, "type": mention.type} for mention in named]
        yield _whole("entities", article, {"mentions": listed})


def _whole(task: str, article: Article, answer: object) -> Item:
    prompt = fill(load(task), {"text": article.text})
    return Item(article.id, article.id, prompt, json.dumps(answer, ensure_ascii=False))


def _quotes(gold: Gold) -> Iterator[tuple[Article, Passages, Quote]]:
    for article in gold.articles.values():
        passages = Passages(article)
        for quote in article.quotes:
            if quote.scope == CORE and passages.block(quote.content[0].start).kind != TURN:
                yield article, passages, quote


QUESTIONS: Mapping[str, Callable[[Gold], Iterator[Item]]] = {
    "checkability": _checkability,
    "quote_type": _quote_type,
    "speaker": _speaker,
    "claim_relation": _claim_relation,
    "quotes": _all_quotes,
    "entities": _all_entities,
}
