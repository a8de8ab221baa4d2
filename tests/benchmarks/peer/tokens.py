"""Tokens and their BIO tags."""

from __future__ import annotations

import re
from itertools import pairwise

from benchmarks.peer.files import Json

Offsets = tuple[int, int]

# The definition of a token, as retold.tokens has it.
RUN = r"(?:[^\W_]|[\u0300-\u036f])+"
CLITIC = r"['’](?:s|re|ve|ll|d|m)(?!\w)"
TOKEN = re.compile(
    rf"\#{RUN}|(?:[^\W\d_]\.){{2,}}|(?<=[\w.]){CLITIC}|{RUN}(?:(?!{CLITIC})['’]{RUN})*|\S", re.IGNORECASE
)


def tokenize(text: str, start: int, end: int) -> list[Offsets]:
    """Return the offsets of the tokens of a stretch of text."""
    tokens: list[Offsets] = []
    for match in TOKEN.finditer(text, start, end):
        words = match.group()
        if words[0] == "#" and len(words) > 1:
            inner = (place for place in range(2, len(words)) if begins_word(words, place))
            cuts = pairwise([0, 1, *inner, len(words)])
            tokens += ((match.start() + a, match.start() + b) for a, b in cuts)
        else:
            tokens.append(match.span())
    return tokens


def begins_word(words: str, place: int) -> bool:
    """Whether a capital begins a word of a hashtag: behind a small letter, or before one."""
    return words[place].isupper() and (
        not words[place - 1].isupper() or words[place + 1 : place + 2].islower()
    )


def tag(tokens: list[Offsets], mentions: list[Json]) -> list[str]:
    """Return the BIO tag of each token, by the outermost names, adjectives and values."""
    tags = ["O"] * len(tokens)
    end, first = 0, 0
    for mention in sorted(mentions, key=lambda m: (m["start"], -m["end"])):
        if mention["form"] not in ("name", "adjective", "value") or mention["start"] < end:
            continue
        end = mention["end"]
        own = [n for n in range(first, len(tokens)) if tokens[n][1] > mention["start"] and tokens[n][0] < end]
        for number in own:
            tags[number] = ("B-" if number == own[0] else "I-") + mention["type"]
            first = number + 1
    return tags
