"""Tokens of a text, and BIO tags over them.

A token is, in this order of preference:

* an abbreviation of single letters with their dots (``U.S.``, ``e.g.``);
* a clitic after a word: ``’s``, ``’re``, ``’ve``, ``’ll``, ``’d``, ``’m`` (either apostrophe), because a
  name ends before it (``Ukraine`` + ``’s``) and a pronoun too (``we`` + ``’re``);
* a run of letters, digits and combining accents, with apostrophes between them (``O’Brien``, ``isn’t``);
* any other character that is not white space, alone.

Inside a hashtag a word is cut before each capital that begins a word: ``#UkraineNATO`` gives ``#``,
``Ukraine``, ``NATO``. So text whose spaces were lost is cut where its words meet (``2025.Trump``), and
every annotated span is a whole number of tokens. Character offsets stay the truth; tokens follow them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from retold.records import Mention

OUTSIDE = "O"
TAGGED_FORMS = frozenset({"name", "adjective", "value"})

# Speed matters here: what comes often stands first, ignoring case is left to the clitics, and no branch that
# has matched is tried again.
_RUN = r"(?:[^\W_]+|[\u0300-\u036f]+)+"
_CLITIC = r"(?i:s|re|ve|ll|d|m)(?!\w)"
_TOKEN = re.compile(
    r"[^\W\d_]\.(?:[^\W\d_]\.)+"
    rf"|{_RUN}(?:['’](?!{_CLITIC}){_RUN})*+"
    rf"|['’](?<=[\w.].){_CLITIC}"
    rf"|\#{_RUN}"
    r"|\S"
)


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the ``(start, end)`` offsets of the tokens of ``text[start:end]``, in text order.

    Offsets are code points into the whole ``text``, half-open. Every character of the stretch that is
    not white space is in exactly one token.
    """
    stop = len(text) if end is None else end
    tokens = [match.span() for match in _TOKEN.finditer(text, start, stop)]
    if text.find("#", start, stop) < 0:
        return tokens
    return list(chain.from_iterable(_cut(text, *token) for token in tokens))


def bio_tags(tokens: Sequence[tuple[int, int]], mentions: Iterable[Mention]) -> list[str]:
    """Return one BIO tag a token (``B-GPE``, ``I-GPE``, ``O``) for names, adjectives and values.

    Of nested mentions the outermost is tagged; of two on the same words, or that share a token, the first.
    A mention that begins before the first token given begins with ``B-`` here all the same: tags of a
    sentence are valid by themselves, so a mention that crosses sentences is cut into one piece a sentence.
    """
    return encode_tags(tokens, ((m.span.start, m.span.end, m.type) for m in outermost(mentions)))


def encode_tags(tokens: Sequence[tuple[int, int]], spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """Return one BIO tag a token for spans ``(start, end, type)``, in text order, none overlapping.

    A token that two spans share is the first one's.
    """
    tags = [OUTSIDE] * len(tokens)
    starts = [start for start, _ in tokens]
    ends = [end for _, end in tokens]
    last = 0
    for start, end, label in spans:
        first, last = max(last, bisect_right(ends, start)), max(last, bisect_left(starts, end))
        if first < last:
            tags[first:last] = [f"B-{label}"] + [f"I-{label}"] * (last - first - 1)
    return tags


def decode_tags(tokens: Iterable[tuple[int, int]], tags: Iterable[str]) -> list[tuple[int, int, str]]:
    """Return the spans ``(start, end, type)`` that BIO tags mark, in text order."""
    spans: list[tuple[int, int, str]] = []
    for (start, end), tag in zip(tokens, tags, strict=True):
        prefix, _, label = tag.partition("-")
        if prefix == "B":
            spans.append((start, end, label))
        elif prefix == "I":
            spans[-1] = (spans[-1][0], end, label)
    return spans


def tag_names(entity_types: Iterable[str]) -> tuple[str, ...]:
    """Return the tags of a label set: ``O``, then ``B-`` and ``I-`` of each type, in its order."""
    return (OUTSIDE, *(f"{prefix}-{label}" for label in entity_types for prefix in "BI"))


def outermost(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Yield, in text order, the names, adjectives and values that lie in no other one."""
    tagged = (mention for mention in mentions if mention.form in TAGGED_FORMS)
    end = 0
    for mention in sorted(tagged, key=lambda m: (m.span.start, -m.span.end)):
        if mention.span.start >= end:
            yield mention
            end = mention.span.end


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut ``#WordNATOWord``: before a capital after no capital, or before one that a small one follows.

    A token that is no hashtag stays whole.
    """
    if end - start == 1 or text[start] != "#":
        yield start, end
        return
    yield start, start + 1
    begin = start + 1
    for at in range(start + 2, end):
        begins_word = not text[at - 1].isupper() or text[at + 1 : min(at + 2, end)].islower()
        if text[at].isupper() and begins_word:
            yield begin, at
            begin = at
    yield begin, end
