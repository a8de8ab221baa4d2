"""An article with its annotation between the lines, as plain text for people.

Ids are shown without the article's id: ``q02`` stands for ``shuts-the-door-q02``. A quote, mention, mark or
repair stands under the sentence in which it begins, a claim under its own sentence.
"""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from retold.records import (
    Article,
    ArticleTopic,
    Block,
    Claim,
    Mention,
    OtherMark,
    Quote,
    Registry,
    Repair,
    SentenceLabel,
    Span,
)

WIDTH = 100
MARGIN = 10  # columns of a label, after the indent of its sentence
ITEM_ID = re.compile(r"(?P<article>.+)-(?P<kind>[bsqmcr])[0-9]+")


def item_article(item: str) -> str | None:
    """Return the article that an item id such as ``shuts-the-door-q02`` names; ``None`` for other ids."""
    match = ITEM_ID.fullmatch(item)
    return match["article"] if match else None


def show_article(article: Article, registry: Registry) -> Iterator[str]:
    """Yield the lines of the whole article: metadata, topics, then block after block."""
    yield from _head(article, registry)
    topics, below = _topic_lines(article, registry), _lines_below(article)
    for block in article.blocks:
        yield ""
        yield from _block(article, block, topics, below)


def show_item(article: Article, registry: Registry, item: str) -> Iterator[str]:
    """Yield the lines of one item and of the sentences it stands in.

    A block or sentence is shown with all that it holds, a quote, mention, claim or repair alone.

    Raises:
        KeyError: The article has no such item.
    """
    kept = _reduced(article, item)
    blocks, below = _around(article, kept, item), _lines_below(kept)
    topics = _topic_lines(kept, registry)
    return (line for block in blocks for line in _block(kept, block, topics, below))


def _head(article: Article, registry: Registry) -> Iterator[str]:
    metadata = article.metadata
    yield _clean(f"{article.id}: {metadata.title or '(no title)'}")
    for field in ("publisher", "author", "date", "url", "rights"):
        value = getattr(metadata, field)
        yield from _entry(2, field, value or f"unknown: {metadata.notes.get(field, 'no reason given')}")
    for flag in metadata.flags:
        yield from _entry(2, "flag", _joined([flag.flag, _quoted(flag.words), *_notes(flag.note)]))
    for rank, topics in (("main", article.main_topics), ("secondary", article.secondary_topics)):
        for topic in topics:
            yield from _entry(2, rank, _topic(article, registry, topic))


def _topic(article: Article, registry: Registry, topic: ArticleTopic) -> str:
    evidence = " ".join(_short(article, sentence) for sentence in topic.evidence)
    return _joined([_label(registry, topic.topic), f"shown by {evidence}", *_notes(topic.note)])


def _topic_lines(article: Article, registry: Registry) -> dict[str, list[str]]:
    """Return the lines of topics of each block, by its id."""
    lines: dict[str, list[str]] = defaultdict(list)
    for entry in article.block_topics:
        labels = [_label(registry, code) for code in entry.topics] or ["none"]
        lines[entry.block] += _entry(2, "topics", _joined([", ".join(labels), *_notes(entry.note)]))
    return lines


def _block(
    article: Article, block: Block, topics: Mapping[str, list[str]], below: Mapping[str, list[str]]
) -> Iterator[str]:
    yield f"{_short(article, block.id)} {block.kind}"
    yield from topics.get(block.id, ())
    for sentence in block.sentences:
        yield from _entry(2, _short(article, sentence.id), sentence.span.text)
        yield from below.get(sentence.id, ())


def _lines_below(article: Article) -> dict[str, list[str]]:
    """Return the lines of annotation of each sentence, by its id, in the order of the layers."""
    lines: dict[str, list[str]] = defaultdict(list)
    mentions: dict[str, list[str]] = defaultdict(list)
    at = _sentence_finder(article)
    for mention in article.mentions:
        mentions[at(mention.span)].append(_mention(article, mention))
    for sentence, label, text in (
        *((entry.sentence, "label", _sentence_label(entry)) for entry in article.sentence_labels),
        *(
            (at(quote.content[0]), _short(article, quote.id), _quote(article, quote))
            for quote in article.quotes
        ),
        *((at(mark.span), "mark", _mark(mark)) for mark in article.other_marks),
        *((sentence, "mentions", " · ".join(found)) for sentence, found in mentions.items()),
        *((claim.sentence, _short(article, claim.id), _claim(article, claim)) for claim in article.claims),
        *((at(fix.span), _short(article, fix.id), _repair(fix)) for fix in article.repairs),
    ):
        lines[sentence] += _entry(4, label, text)
    return lines


def _sentence_finder(article: Article) -> Callable[[Span], str]:
    """Return a function that gives the id of the sentence in which, or behind which, a span's words begin."""
    sentences = [sentence for block in article.blocks for sentence in block.sentences]
    starts = [sentence.span.start for sentence in sentences]

    def at(span: Span) -> str:
        begin = span.start + len(span.text) - len(span.text.lstrip())
        return sentences[max(bisect_right(starts, begin) - 1, 0)].id if sentences else ""

    return at


def _sentence_label(entry: SentenceLabel) -> str:
    return _joined([entry.checkability, entry.reason, *_notes(entry.note)])


def _quote(article: Article, quote: Quote) -> str:
    source = f"{_quoted(quote.source) or 'source unexpressed'} = {quote.speaker or 'open'}"
    told = [f"tells {link.utterance} ({link.rendering})" for link in quote.utterances]
    return _joined(
        [
            f"{_quoted(quote.content)} by {source}",
            quote.cue and f"cue {_quoted(quote.cue)}",
            quote.cue_group != quote.cue and f"in {_quoted(quote.cue_group)}",
            f"{quote.type}, {quote.marking}, {quote.attitude}, {quote.polarity}, {quote.scope}",
            quote.verbatim and f"verbatim {_quoted(quote.verbatim)}",
            quote.parent and f"within {_short(article, quote.parent)}",
            *told,
            *_notes(quote.note),
        ]
    )


def _mark(mark: OtherMark) -> str:
    return _joined([f"{_quoted([mark.span])} {mark.function}", *_notes(mark.note)])


def _mention(article: Article, mention: Mention) -> str:
    types = "/".join([mention.type, *mention.also])
    meaning = (
        f"= {mention.entity}" if mention.entity else " ".join(filter(None, (mention.modifier, mention.value)))
    )
    metonym = f" for {mention.metonym_of}" if mention.metonym_of else ""
    form = "" if mention.form in {"name", "value"} else f" {mention.form}"
    note = "".join(f" ({text})" for text in _notes(mention.note))
    return f"{_short(article, mention.id)} “{mention.span.text}”{form} {types} {meaning}{metonym}{note}"


def _claim(article: Article, claim: Claim) -> str:
    return _joined(
        [
            claim.proposition,
            f"{claim.category}, {claim.polarity}, {claim.certainty}, by {claim.claimant or 'open'}",
            claim.quote and f"in {_short(article, claim.quote)}",
            claim.canonical and f"same as {claim.canonical}",
            f"words {_quoted(claim.spans)}",
            *_notes(claim.note),
        ]
    )


def _repair(repair: Repair) -> str:
    change = f"{repair.span.text!r} to {repair.replacement!r}"  # white space and nothing must be seen
    return _joined([repair.kind, change, *_notes(repair.note)])


def _reduced(article: Article, item: str) -> Article:
    """Return the article without the items beside ``item``, unless that is a block or sentence."""
    segments = {block.id for block in article.blocks}
    segments |= {sentence.id for block in article.blocks for sentence in block.sentences}
    if item in segments:
        return article
    kept = replace(
        article,
        quotes=tuple(quote for quote in article.quotes if quote.id == item),
        mentions=tuple(mention for mention in article.mentions if mention.id == item),
        claims=tuple(claim for claim in article.claims if claim.id == item),
        repairs=tuple(repair for repair in article.repairs if repair.id == item),
        other_marks=(),
        sentence_labels=(),
        block_topics=(),
    )
    if not (kept.quotes or kept.mentions or kept.claims or kept.repairs):
        raise KeyError(item)
    return kept


def _around(article: Article, kept: Article, item: str) -> Iterator[Block]:
    """Yield the blocks, cut down to the sentences, in which an item stands; ``kept`` holds no other items."""
    names, spans = {item}, []
    if kept is not article:
        names |= {claim.sentence for claim in kept.claims}
        names |= {_sentence_finder(article)(repair.span) for repair in kept.repairs}
        spans += [span for quote in kept.quotes for span in (*quote.content, *quote.cue, *quote.source)]
        spans += [mention.span for mention in kept.mentions]
        spans += [span for claim in kept.claims for span in claim.spans]
    for block in article.blocks:
        sentences = tuple(
            sentence
            for sentence in block.sentences
            if sentence.id in names or any(_overlap(sentence.span, span) for span in spans)
        )
        if block.id == item or sentences:
            yield block if block.id == item else replace(block, sentences=sentences)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _entry(indent: int, label: str, text: str) -> Iterator[str]:
    """Yield ``text`` behind its label, wrapped to the width, further lines under the first."""
    margin = " " * (indent + MARGIN)
    wrapped = textwrap.wrap(_clean(text), WIDTH - len(margin), break_long_words=False, break_on_hyphens=False)
    first, *rest = wrapped or [""]
    yield f"{' ' * indent}{label:<{MARGIN}}{first}".rstrip()
    yield from (f"{margin}{line}" for line in rest)


def _joined(parts: Sequence[object]) -> str:
    return " | ".join(str(part) for part in parts if part)


def _notes(note: str | None) -> list[str]:
    return [f"note: {note}"] if note else []


def _quoted(spans: Sequence[Span]) -> str:
    return f"“{' … '.join(span.text for span in spans)}”" if spans else ""


def _label(registry: Registry, code: str) -> str:
    return registry.topics[code].label if code in registry.topics else code


def _short(article: Article, item: str) -> str:
    return item.removeprefix(f"{article.id}-")


def _clean(text: str) -> str:
    """Return ``text`` without characters that could do something to a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
