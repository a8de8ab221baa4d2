"""A new article: its raw text, metadata to fill in, and empty layers with proposed segments.

Blocks, kinds and sentences are guesses from the form of the lines, made to be corrected by hand.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retold.checks.inventory import RESERVED
from retold.documents import write_json
from retold.layout import CORPUS_LAYERS, Layout

Json = dict[str, Any]

TO_FILL_IN = "To be filled in: not looked for yet."
UNKNOWN_FIELDS = ("title", "publisher", "author", "date", "url", "rights")
HEADING_LENGTH = 120  # characters; a longer line without a full stop is a paragraph that lost it

LINE = re.compile(r"[^\r\n]+")
# The first that fits; what none fits is a heading or a paragraph.
KINDS = (
    ("byline", re.compile(r"by [^.?!]{1,60}", re.IGNORECASE)),
    ("dateline", re.compile(r"[\w, /-]{0,40}[0-9]{4}(-[0-9]{2}-[0-9]{2})?")),
    (
        "boilerplate",
        re.compile(
            r"#.*|[-•] [^.]*|(advertisement|published|share|trending|table of contents)\b.{0,40}", re.I
        ),
    ),
    ("turn", re.compile(r"([A-Z]{1,4}|[^:]{1,60} \([A-Z]{1,4}\)): ?\S.*")),
)
FULL_SENTENCE = re.compile(r"(?<![A-Z])[.!][\"”’')\]]*(\s|$)|[,:]$")
# The second form of what follows: a space was lost.
SENTENCE_END = re.compile(r"(?<![.?!])[.?!]++[\"”’')\]]*+(?=\s+[^\sa-z]|(?<=[a-z0-9].)[A-Z][a-z])")
LONGEST_ABBREVIATION = 12  # characters
ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|(?:[A-Z]\.)+[A-Z]|Mrs?|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|St|Jr|Sr|vs|etc|Inc|Ltd|Co"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$",
    re.IGNORECASE,
)


class ScaffoldError(ValueError):
    """The article cannot be added; the message says why and what to do."""


def scaffold(article: str, raw: bytes, source_file: str, language: str) -> dict[str, Json]:
    """Return the documents of a new article, keyed by kind: ``metadata`` and each of the ``CORPUS_LAYERS``.

    Raises:
        ScaffoldError: ``raw`` is no text that can be annotated, or the id is not free.
    """
    if article == RESERVED:
        raise ScaffoldError(f"“{RESERVED}” is a reserved id. Choose another id.")
    text = _decode(raw)
    head = {"article": article, "article_sha256": hashlib.sha256(raw).hexdigest()}
    lists: dict[str, Json] = {
        "segments": {"blocks": propose_blocks(article, text)},
        "quotes": {"quotes": [], "other_marks": []},
        "entities": {"mentions": []},
        "claims": {"sentences": [], "claims": []},
        "topics": {"article_topics": {"main": [], "secondary": []}, "block_topics": []},
        "repairs": {"repairs": []},
    }
    layers = {
        layer: {"$schema": f"../../schema/{layer}.schema.json", **head, **lists[layer]}
        for layer in CORPUS_LAYERS
    }
    return {"metadata": _metadata(article, source_file, language), **layers}


def propose_blocks(article: str, text: str) -> list[Json]:
    """Propose a block a line, each with its kind and sentences; offsets in code points, in text order."""
    blocks: list[Json] = []
    number = 0
    for line in LINE.finditer(text):
        start, end = _strip(text, *line.span())
        if start == end:
            continue
        sentences = []
        for first, last in propose_sentences(text, start, end):
            number += 1
            span = {"text": text[first:last], "start": first, "end": last}
            sentences.append({"id": f"{article}-s{number:03}", **span})
        kind = propose_kind(text[start:end], first=not blocks)
        block = {"id": f"{article}-b{len(blocks) + 1:02}", "kind": kind, "start": start, "end": end}
        blocks.append({**block, "sentences": sentences})
    return blocks


def propose_kind(line: str, *, first: bool) -> str:
    """Guess the kind of a block from its line; ``first`` is the first line of the article."""
    for kind, pattern in KINDS:
        if pattern.fullmatch(line):
            return kind
    if len(line) > HEADING_LENGTH or FULL_SENTENCE.search(line):
        return "paragraph"
    return "title" if first else "heading"


def propose_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut ``text[start:end]`` into sentences; yield their offsets, without white space at the edges."""
    begin = start
    for match in SENTENCE_END.finditer(text, start, end):
        if not ABBREVIATION.search(text, max(begin, match.start() - LONGEST_ABBREVIATION), match.start() + 1):
            yield _strip(text, begin, match.end())
            begin = match.end()
    if text[begin:end].strip():
        yield _strip(text, begin, end)


def write_article(layout: Layout, article: str, raw: bytes, documents: dict[str, Json]) -> list[Path]:
    """Write a new article; return the files, new and changed.

    Everything is written aside first and then moved into place; what was moved is taken back if a move fails.

    Raises:
        ScaffoldError: Something of the article exists.
        OSError: A file cannot be written; nothing has changed then.
    """
    folder = layout.layer(article, "segments").parent
    for path in (layout.text(article), layout.metadata(article), folder):
        if path.exists():
            raise ScaffoldError(f"{path} exists. Choose another id; an id is never used again.")
    checksums = _checksums(layout, article, raw)
    with tempfile.TemporaryDirectory(prefix=".new-article-", dir=layout.root) as name:
        staged = Path(name)
        (staged / "layers").mkdir()
        (staged / "text").write_bytes(raw)
        (staged / "checksums").write_text(checksums, encoding="utf-8", newline="\n")
        write_json(staged / "metadata", documents["metadata"])
        for layer in CORPUS_LAYERS:
            write_json(staged / "layers" / f"{layer}.json", documents[layer])
        moves = [
            (staged / "layers", folder),
            (staged / "text", layout.text(article)),
            (staged / "metadata", layout.metadata(article)),
        ]
        _move_all(moves, last=(staged / "checksums", layout.checksums))
    layers = [layout.layer(article, layer) for layer in CORPUS_LAYERS]
    return [layout.text(article), layout.metadata(article), layout.checksums, *layers]


def _decode(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScaffoldError(
            f"the text is not UTF-8 (byte {error.start}, line {line}). Convert it first, as with iconv."
        ) from None
    if text.startswith("\ufeff"):
        raise ScaffoldError("the text begins with a byte order mark. Save it as UTF-8 without one.")
    if not text.strip():
        raise ScaffoldError("the text is empty.")
    return text


def _metadata(article: str, source_file: str, language: str) -> Json:
    document: Json = {"$schema": "../schema/metadata.schema.json", "id": article}
    for field in UNKNOWN_FIELDS:
        if field == "rights":
            document |= {"language": language, "source_file": source_file}
        document |= {field: None, f"{field}_note": TO_FILL_IN}
    return {**document, "flags": []}


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    kept = stretch.lstrip()
    first = start + len(stretch) - len(kept)
    return first, first + len(kept.rstrip())


def _checksums(layout: Layout, article: str, raw: bytes) -> str:
    lines = layout.checksums.read_text("utf-8").splitlines() if layout.checksums.exists() else []
    name = layout.text(article).name
    if any(line.endswith(f"  {name}") for line in lines):
        raise ScaffoldError(f"{layout.checksums} has an entry for {name}. Choose another id.")
    lines.append(f"{hashlib.sha256(raw).hexdigest()}  {name}")
    return "".join(f"{line}\n" for line in sorted(lines, key=lambda line: line.partition("  ")[2]))


def _move_all(moves: list[tuple[Path, Path]], last: tuple[Path, Path]) -> None:
    """Move new things into place, then replace one file; undo the first if anything fails."""
    done: list[Path] = []
    try:
        for source, target in moves:
            source.rename(target)
            done.append(target)
        last[0].replace(last[1])
    except BaseException:  # an interruption, too, leaves nothing half-written
        for target in done:
            shutil.rmtree(target) if target.is_dir() else target.unlink()
        raise
