"""spaCy's DocBin: the corpus as spaCy documents, in one file ``corpus.spacy``.

Tokens are those of ``retold.tokens``, so every annotated span is a whole number of them, and ``doc.text`` is
the article's text. White space that is not one space between two words is a token of its own, as in spaCy's
own tokenizer: a line end, and white space at the head of the text. Such a token belongs to the sentence
before it; at the head of the text, to the first sentence. ``doc.spans["sentences"]`` has the sentences
without it.

``doc.ents`` holds the outermost names, adjectives and values; ``doc.spans`` all spans, each with its label
and, as ``id_``, the id of what it belongs to; ``doc.cats`` the article's topics; ``doc.user_data`` the fields
of all items by their ids. Wikidata items are ``kb_id_``.

Honnibal et al., *spaCy*; spacy.io/api/docbin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retold.exchange.formats import ExchangeError, Report, missing
from retold.exchange.losses import losses
from retold.exchange.words import Word, sentence_words
from retold.records import Article, Registry, Span
from retold.tokens import outermost

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

FILE = "corpus.spacy"
ATTRIBUTES = ("ORTH", "SPACY", "SENT_START", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID")
QUOTE_PARTS = ("content", "cue", "cue_group", "source", "verbatim")
LEFT_OUT = (
    "repairs/repairs",
    "registry-utterances",
    "registry-claims",
    "registry-topics",
)

Labelled = tuple[Span, str, str, str]  # the span, its label, the id of its item, its Wikidata item or ""


def export(articles: Sequence[Article], registry: Registry, out: Path) -> Report:
    """Write all articles to ``out/corpus.spacy``; the same bytes each time with the same spaCy.

    Raises:
        MissingExtraError: spaCy is not installed.
        ExchangeError: A span is no whole number of words, or words lie in no sentence.
    """
    try:
        from spacy.tokens import DocBin  # noqa: PLC0415 (an extra, and slow)
        from spacy.vocab import Vocab  # noqa: PLC0415
    except ImportError as error:
        raise missing("spaCy") from error
    vocab = Vocab()
    docs = [document(article, registry, vocab) for article in articles]
    DocBin(attrs=list(ATTRIBUTES), docs=docs, store_user_data=True).to_disk(out / FILE)
    return Report((FILE,), losses(articles, registry, LEFT_OUT))


def document(article: Article, registry: Registry, vocab: Vocab) -> Doc:
    """Return one article as a spaCy document.

    Raises:
        ExchangeError: A span is no whole number of words, or words lie in no sentence.
    """
    from spacy.tokens import Doc, SpanGroup  # noqa: PLC0415

    sentences = [sentence.words for sentence in sentence_words(article)]
    pieces = [piece for words in sentences for piece in _sentence_pieces(words)]
    doc = Doc(
        vocab,
        words=[text for text, _, _ in pieces],
        spaces=[space for _, space, _ in pieces],
        sent_starts=[begins for _, _, begins in pieces],
        user_data=_user_data(article),
    )
    kb_ids = {entity.id: entity.wikidata or "" for entity in registry.entities.values()}
    mentions = {m.id: (m.span, m.type, m.id, kb_ids.get(m.entity or "", "")) for m in article.mentions}
    doc.set_ents([_span(doc, article, mentions[mention.id]) for mention in outermost(article.mentions)])
    for name, spans in {"mentions": list(mentions.values()), **_groups(article)}.items():
        doc.spans[name] = SpanGroup(doc, name=name, spans=[_span(doc, article, span) for span in spans])
    topics = {topic.topic for topic in (*article.main_topics, *article.secondary_topics)}
    doc.cats = {code: float(code in topics) for code in sorted({*registry.topics, *topics})}
    return doc


def _sentence_pieces(words: Sequence[Word]) -> Iterator[tuple[str, bool, bool]]:
    """Yield the tokens of a sentence: text, whether a space follows, whether the sentence begins there."""
    begins = True
    for word in words:
        if word.before:
            yield word.before, False, begins
            begins = False
        space = word.after.startswith(" ")
        yield word.text, space, begins
        if rest := word.after[space:]:
            yield rest, False, False
        begins = False


def _groups(article: Article) -> dict[str, list[Labelled]]:
    """Return the span groups of an article by their names."""
    checkability = {label.sentence: label.checkability for label in article.sentence_labels}
    quotes = article.quotes
    return {
        **{
            f"quote_{part}": [(span, q.type, q.id, "") for q in quotes for span in getattr(q, part)]
            for part in QUOTE_PARTS
        },
        "other_marks": [(mark.span, mark.function, "", "") for mark in article.other_marks],
        "claims": [(span, claim.category, claim.id, "") for claim in article.claims for span in claim.spans],
        "sentences": [
            (sentence.span, checkability.get(sentence.id, ""), sentence.id, "")
            for block in article.blocks
            for sentence in block.sentences
        ],
        "blocks": [
            (Span(block.start, block.end, article.text[block.start : block.end]), block.kind, block.id, "")
            for block in article.blocks
        ],
    }


def _span(doc: Doc, article: Article, labelled: Labelled) -> Any:  # noqa: ANN401 (a spaCy span)
    span, label, item, kb_id = labelled
    found = doc.char_span(span.start, span.end, label=label, kb_id=kb_id, span_id=item)
    if found is None:
        raise ExchangeError(
            f"{article.id}: {span.text!r} at {span.start}–{span.end} is no whole number of words"
        )
    return found


def _user_data(article: Article) -> dict[str, Any]:
    """Return the article's id and checksum, and the fields of its items that are no spans."""
    return {
        "article": article.id,
        "sha256": article.sha256,
        "metadata": asdict(article.metadata),
        "mentions": _fields(article.mentions, "span"),
        "quotes": _fields(article.quotes, *QUOTE_PARTS),
        "other_marks": [asdict(mark) for mark in article.other_marks],
        "claims": _fields(article.claims, "spans"),
        "sentence_labels": [asdict(label) for label in article.sentence_labels],
        "main_topics": [asdict(topic) for topic in article.main_topics],
        "secondary_topics": [asdict(topic) for topic in article.secondary_topics],
        "block_topics": [asdict(topics) for topics in article.block_topics],
    }


def _fields(items: Sequence[Any], *spans: str) -> dict[str, dict[str, Any]]:
    """Return the fields of items by their ids, without their spans."""
    return {
        item.id: {key: value for key, value in asdict(item).items() if key not in {"id", *spans}}
        for item in items
    }
