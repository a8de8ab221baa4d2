"""The tokens of a batch's sentences, and their BIO tags."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retold.tables.batch import Batch
from retold.tables.columnar import Integers, ranges, starts_of
from retold.tables.stretches import Spans, integers, words
from retold.tokens import OUTSIDE, outermost, tokenize


def token_spans(batch: Batch, sentences: Spans) -> tuple[Spans, Integers]:
    """Return the tokens of the sentences, and how many each sentence has."""
    offsets: list[int] = []
    found: list[str] = []
    sizes: list[int] = []
    edges = zip(sentences.article.tolist(), sentences.start.tolist(), sentences.end.tolist(), strict=True)
    for number, start, end in edges:
        text = batch.articles[number].text
        tokens = tokenize(text, start, end)
        sizes.append(len(tokens))
        for token in tokens:
            offsets += token
        found += [text[first:last] for first, last in tokens]
    article = np.repeat(sentences.article, sizes)
    starts_ends = integers(offsets).reshape(-1, 2)
    return Spans(article, starts_ends[:, 0], starts_ends[:, 1], words(found, batch.texts)), integers(sizes)


def tag_codes(batch: Batch, tokens: Spans, sizes: Integers, codes: Mapping[str, int]) -> Integers:
    """Return the code of each token's BIO tag: of names, adjectives and values, the outermost.

    ``sizes`` are the numbers of tokens a sentence. A mention that crosses sentences is tagged in each of them
    by itself, and a token that two mentions share is the first one's, as ``tokens.bio_tags`` has it.
    """
    mentions = batch.layer(lambda article: list(outermost(article.mentions)))
    spans, edges = batch.spans(mentions), starts_of(sizes)
    first, last = batch.places.touched(spans)
    mention, sentence = ranges(first, last - first + 1)
    begin = np.maximum(np.searchsorted(tokens.ends, spans.starts, "right")[mention], edges[sentence])
    end = np.minimum(np.searchsorted(tokens.starts, spans.ends)[mention], edges[sentence + 1])
    begin = np.maximum(begin, np.maximum.accumulate(np.append(0, end))[:-1])
    lengths = np.maximum(end - begin, 0)
    piece, token = ranges(begin, lengths)
    opening, inner = (
        np.array([codes[f"{prefix}-{item.type}"] for item in mentions.items], np.int64)[mention]
        for prefix in "BI"
    )
    tags = np.full(len(tokens.start), codes[OUTSIDE], np.int64)
    tags[token] = inner[piece]
    tags[begin[lengths > 0]] = opening[lengths > 0]
    return tags
