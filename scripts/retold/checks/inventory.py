"""L1 of the whole: names that should be there, names that should not, checksums of the raw texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from retold.findings import Finding, finding
from retold.layout import AUDIT, CORPUS_LAYERS, LAYERS, REGISTRIES

RESERVED = "article"
CHECKSUMS = "raw/SHA256SUMS"
CHECKSUM_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^/]+)")

_FOLDER = r"[a-z0-9]+(?:-[a-z0-9]+)*"


def _annotated(layers: Iterable[str]) -> str:
    return (
        rf"(?:{_FOLDER}/(?:{'|'.join(layers)})\.json|_registry/(?:{'|'.join(REGISTRIES)})\.json|README\.md)"
    )


ARTICLE_FILE = re.compile(rf"raw/(?P<raw>{_FOLDER})\.(?:txt|json)|annotations/(?P<annotated>{_FOLDER})/[^/]+")
_HUNTED = rf"{AUDIT}/(?:README\.md|(?:adjudication|decided|found|hunt|sealed|spacy)\.json)"
KNOWN = re.compile(
    rf"raw/(?:SHA256SUMS|README\.md|{_FOLDER}\.(?:txt|json))"
    rf"|annotations/(?:splits\.json|_guidelines/.+|{_annotated(CORPUS_LAYERS)}"
    rf"|_passes/(?:README\.md|{_HUNTED}|(?!{AUDIT}/){_FOLDER}/{_annotated(LAYERS)}))"
)


def articles(files: Iterable[str]) -> list[str]:
    """Return the ids of all articles that have a text, metadata or an annotation, sorted."""
    matches = (ARTICLE_FILE.fullmatch(path) for path in files)
    return sorted({match["raw"] or match["annotated"] for match in matches if match})


def names(files: Collection[str]) -> Iterator[Finding]:
    """Check the names of all files under ``raw`` and ``annotations`` (relative to the root).

    Issues: unknown-file, reserved-article-id.
    """
    for path in files:
        if not KNOWN.fullmatch(path):
            yield finding("unknown-file", path)
        elif path.startswith("raw/") and PurePosixPath(path).stem == RESERVED:
            yield finding("reserved-article-id", path)


def presence(files: Collection[str]) -> Iterator[Finding]:
    """Check that no file is missing.

    Issues: missing-file, missing-text, missing-annotation.
    """
    shared = [f"annotations/_registry/{name}.json" for name in REGISTRIES]
    required = [CHECKSUMS, "annotations/splits.json", *shared]
    matches = [match for path in files if (match := ARTICLE_FILE.fullmatch(path))]
    annotated = {match["annotated"] for match in matches if match["annotated"]}
    texts = {match["raw"] for match in matches if match["raw"] and match.string.endswith(".txt")}
    required += [f"raw/{article}.json" for article in texts]
    required += [f"annotations/{article}/{layer}.json" for article in annotated for layer in CORPUS_LAYERS]
    yield from (finding("missing-file", path) for path in sorted(required) if path not in files)
    for article in sorted(texts - annotated):
        yield finding("missing-annotation", f"annotations/{article}", article=article)
    for article in sorted({match["raw"] or match["annotated"] for match in matches} - texts):
        yield finding("missing-text", f"raw/{article}.txt", article=article)


def read_checksums(listed: str) -> dict[str, str]:
    """Return the SHA-256 that ``SHA256SUMS`` gives each file, by name; the first of two stands."""
    sums: dict[str, str] = {}
    for match in map(CHECKSUM_LINE.fullmatch, listed.splitlines()):
        if match is not None:
            sums.setdefault(match[2], match[1])
    return sums


def checksum(name: str, found: str, expected: str | None) -> Iterator[Finding]:
    """Compare the SHA-256 of a raw text with that of the list, if that has one.

    Issues: checksum-mismatch.
    """
    if expected is not None and found != expected:
        yield finding("checksum-mismatch", f"raw/{name}", expected=expected[:12], found=found[:12])


def checksum_names(listed: str, present: Collection[str]) -> Iterator[Finding]:
    """Compare the names in ``SHA256SUMS`` with those of the raw texts that are there.

    Issues: checksum-form, checksum-extra, checksum-missing.
    """
    seen: set[str] = set()
    for number, line in enumerate(listed.splitlines(), 1):
        match = CHECKSUM_LINE.fullmatch(line)
        if match is None:
            yield finding("checksum-form", CHECKSUMS, (), None, (number, 1), content=repr(line))
            continue
        name = match[2]
        if name in seen or name not in present:
            yield finding("checksum-extra", CHECKSUMS, (), None, (number, 1), name=name)
        seen.add(name)
    for name in sorted(set(present) - seen):
        yield finding("checksum-missing", CHECKSUMS, name=name)
