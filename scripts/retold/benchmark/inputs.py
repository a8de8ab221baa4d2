"""What a tool is given for a task: texts and, where the task says so, items to judge, never a label."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from retold.benchmark.gold import BODY_KINDS, Gold
from retold.records import Article, Block, Sentence, Span

Json = dict[str, Any]
NAME = "name"


def inputs(task: str, gold: Gold) -> Iterator[Json]:
    """Yield one record a line: an article, or for ``claim-relations`` a pair of claims.

    ``fold`` numbers the articles for tools that learn from those of the other folds.

    Raises:
        KeyError: There is no such task.
    """
    if task == "claim-relations":
        yield from _pairs(gold)
        return
    extra = EXTRA[task]
    for article in gold.articles.values():
        base = {"article": article.id, "article_sha256": article.sha256, "fold": gold.folds.get(article.id)}
        base["text"] = article.text
        yield base | extra(article, gold)


def _nothing(_article: Article, _gold: Gold) -> Json:
    return {}


def _names(article: Article, _gold: Gold) -> Json:
    return {"mentions": [_flat(mention.span) for mention in article.mentions if mention.form == NAME]}


def _sentences(article: Article, _gold: Gold) -> Json:
    judged = {label.sentence for label in article.sentence_labels}
    found = [sentence for block in article.blocks for sentence in block.sentences]
    return {"sentences": [_unit("sentence", sentence) for sentence in found if sentence.id in judged]}


def _quotes(article: Article, gold: Gold) -> Json:
    return {
        "quotes": [
            {
                "quote": quote.id,
                "content": [_flat(span) for span in quote.content],
                "source": [_flat(span) for span in quote.source],
                "speaker": gold.entities[quote.speaker].name if quote.speaker else None,
            }
            for quote in article.quotes
        ]
    }


def _blocks(article: Article, _gold: Gold) -> Json:
    return {"blocks": [_block(article, block) for block in article.blocks if block.kind in BODY_KINDS]}


def _pairs(gold: Gold) -> Iterator[Json]:
    for pair in gold.pairs:
        yield {"a": pair.a, "b": pair.b} | _side("a", pair.a, gold) | _side("b", pair.b, gold)


def _side(side: str, claim_id: str, gold: Gold) -> Json:
    article, claim = gold.claims[claim_id]
    return {
        f"article_{side}": article.id,
        f"proposition_{side}": claim.proposition,
        f"text_{side}": " … ".join(span.text for span in claim.spans),
    }


def _flat(span: Span) -> Json:
    return {"start": span.start, "end": span.end, "text": span.text}


def _unit(name: str, sentence: Sentence) -> Json:
    return {name: sentence.id, **_flat(sentence.span)}


def _block(article: Article, block: Block) -> Json:
    text = article.text[block.start : block.end]
    return {"block": block.id, "start": block.start, "end": block.end, "text": text}


EXTRA: Mapping[str, Callable[[Article, Gold], Json]] = {
    "quotes": _nothing,
    "entities": _nothing,
    "coreference": _nothing,
    "linking": _names,
    "checkability": _sentences,
    "claims": _nothing,
    "utterances": _quotes,
    "topics": _blocks,
}
