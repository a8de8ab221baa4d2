"""L1 of the whole: names that should be there, names that should not, checksums of the raw texts."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

from retold.findings import Finding, finding
from retold.layout import AUDIT, CORPUS_LAYERS, LAYERS, REGISTRIES, is_inside

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


def listing(root: Path) -> Iterator[tuple[str, Finding | None]]:
    """Yield what lies under ``raw`` and ``annotations``, hidden things left out, relative to the root.

    Each file comes with what keeps it from being read. Of folders, only those come that cannot be listed:
    a link to a folder is never followed, so that no walk is endless and no article there twice.

    Issues: link-not-followed, unreadable-file.
    """
    folders = ["raw", "annotations"]
    while folders:
        folder = folders.pop()
        try:
            if (root / folder).is_symlink():
                yield folder, _not_followed(root, folder)
                continue
            with os.scandir(root / folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:  # what is missing of it is said one by one
            continue
        except OSError as error:
            yield folder, finding("unreadable-file", folder, reason=error.strerror or str(error))
            continue
        for entry in found:
            path = f"{folder}/{entry.name}"
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            else:
                yield path, _kept_from_reading(root, path, entry)


def file_fault(root: Path, path: Path) -> Finding | None:
    """Return what keeps a file of the corpus from being read, though it is there; see ``listing``.

    Issues: link-not-followed, unreadable-file.
    """
    name = path.relative_to(root).as_posix()
    if not is_inside(path, root):
        return _not_followed(root, name)
    return None if path.is_file() or not path.exists() else _no_file(name)


def _kept_from_reading(root: Path, path: str, entry: os.DirEntry[str]) -> Finding | None:
    if not entry.is_symlink():
        return None if entry.is_file() else _no_file(path)
    place = root / path
    return _not_followed(root, path) if place.is_dir() else file_fault(root, place)


def _not_followed(root: Path, path: str) -> Finding:
    return finding("link-not-followed", path, target=os.path.realpath(root / path))


def _no_file(path: str) -> Finding:
    # a pipe would be waited for, a device never end
    return finding("unreadable-file", path, reason="it is no regular file")


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


def presence(files: Collection[str], folders: Collection[str]) -> Iterator[Finding]:
    """Check that no file is missing; ``folders`` are the names of the articles' folders, be they empty.

    Issues: missing-file, missing-text, missing-annotation.
    """
    shared = [f"annotations/_registry/{name}.json" for name in REGISTRIES]
    required = [CHECKSUMS, "annotations/splits.json", *shared]
    matches = [match for path in files if (match := ARTICLE_FILE.fullmatch(path))]
    annotated = {match["annotated"] for match in matches if match["annotated"]} | set(folders)
    texts = {match["raw"] for match in matches if match["raw"] and match.string.endswith(".txt")}
    required += [f"raw/{article}.json" for article in texts | annotated]
    required += [f"annotations/{article}/{layer}.json" for article in annotated for layer in CORPUS_LAYERS]
    yield from (finding("missing-file", path) for path in sorted(required) if path not in files)
    for article in sorted(texts - annotated):
        yield finding("missing-annotation", f"annotations/{article}", article=article)
    for article in sorted({*annotated, *(match["raw"] for match in matches if match["raw"])} - texts):
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
