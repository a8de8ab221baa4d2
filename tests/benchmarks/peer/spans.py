"""L3: every span stands where it says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from benchmarks.peer.files import Article, Errors, Json

LISTS = {"content", "cue", "cue_group", "source", "verbatim", "spans", "words"}
FREE = "repairs"  # what is damaged may be white space, or nothing at all


def check(article: Article) -> Errors:
    for kind, document in article.documents.items():
        file = file_of(article, kind)
        if document.get("article_sha256", article.sha256) != article.sha256:
            yield "stale-checksum", file, "the file was made for another text"
        for item, span in spans(document):
            yield from check_span(article.text, kind, file, f"{item}: {span}", span)
        for name, stretches in lists(document):
            for one, other in pairwise(stretches):
                if other["start"] < one["end"]:
                    yield "spans-overlap", file, f"{other} begins before the one before it in {name} ends"
    yield from check_blocks(article)


def file_of(article: Article, kind: str) -> str:
    return f"raw/{article.id}.json" if kind == "metadata" else f"annotations/{article.id}/{kind}.json"


def spans(value: object, item: str | None = None, *, votes: bool = True) -> Iterator[tuple[str | None, Json]]:
    """Yield every span of a document (or all but those of votes), with the id of the item around it."""
    if isinstance(value, dict):
        item = value.get("id", item)
        if "text" in value and "start" in value and "end" in value:
            yield item, value
        for key, child in value.items():
            if isinstance(child, dict | list) and (votes or key != "votes"):
                yield from spans(child, item, votes=votes)
    elif isinstance(value, list):
        for child in value:
            yield from spans(child, item, votes=votes)


def lists(value: object) -> Iterator[tuple[str, list[Json]]]:
    """Yield every list of spans that must stand in order, with its name."""
    if isinstance(value, dict):
        for key, child in value.items():
            if key in LISTS:
                yield key, child
            elif isinstance(child, dict | list):
                yield from lists(child)
    elif isinstance(value, list):
        for child in value:
            yield from lists(child)


def check_span(text: str, kind: str, file: str, which: str, span: Json) -> Errors:
    start, end, own = span["start"], span["end"], span["text"]
    if not 0 <= start <= end <= len(text) or (start == end and kind != FREE):
        yield "span-bounds", file, f"{which} is no stretch of the text"
    elif text[start:end] != own:
        yield "span-text-mismatch", file, f"{which}, but the text has {text[start:end]!r}"
    elif kind != FREE and own != own.strip():
        yield "span-edge-space", file, f"{which} begins or ends with white space"
    elif "before" in span and not follows(text[:start], span["before"], exactly=not own):
        yield "before-mismatch", file, f"{which} does not stand behind these words"


def follows(left: str, before: str, *, exactly: bool) -> bool:
    """Whether a text ends with some words; white space behind them is free, but not for an insertion."""
    return left.endswith(before) if exactly else left.rstrip().endswith(before.rstrip())


def check_blocks(article: Article) -> Errors:
    file = file_of(article, "segments")
    for block in article.documents["segments"]["blocks"]:
        start, end = block["start"], block["end"]
        words = article.text[start:end]
        if not 0 <= start < end <= len(article.text) or words != words.strip():
            yield "block-bounds", file, f"{block['id']} is no stretch of the text"
        for sentence in block["sentences"]:
            if not start <= sentence["start"] < sentence["end"] <= end:
                yield "sentence-outside-block", file, f"{sentence['id']} is not inside {block['id']}"
