"""Shards: what one process is told to compile, and what it gives back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from retold.checks.facts import Facts
from retold.layout import SHARD_ARTICLES, Layout
from retold.locations import sha256_of
from retold.manifest import Counts
from retold.parquet import Written
from retold.records import Splits
from retold.sink import Part
from retold.tables.claim_pairs import SPLIT_ORDER

LINE_BYTES = 100_000  # of an article in the line form, about: only for how much work there is

RESULT = "shard.json"


@dataclass(frozen=True, slots=True)
class Share:
    """What all shards of a build have in common.

    ``layout`` is the corpus, ``schema`` the folder of its schemas, ``registries`` the SHA-256 of each
    registry file by path, ``passes`` the names of the independent passes, ``key`` a digest of all that the
    result depends on beside the articles. ``canary`` goes into the metadata of tables; ``texts`` says if
    words are filled in. ``store`` holds the registries of the line form.
    """

    layout: Layout
    schema: Path
    registries: tuple[tuple[str, str], ...]
    passes: frozenset[str]
    key: str
    canary: str | None
    texts: bool
    store: Path | None = None


@dataclass(frozen=True, slots=True)
class FolderArticles:
    """Articles of the folder form, sorted.

    ``folds`` and ``sums`` (the SHA-256 that the texts should have, ``None`` if not known) are parallel to
    ``articles``.
    """

    articles: tuple[str, ...]
    folds: tuple[int, ...]
    sums: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.articles)

    @property
    def told(self) -> tuple[object, ...]:
        """What the result depends on."""
        return self.articles, self.folds, self.sums


@dataclass(frozen=True, slots=True)
class LineArticles:
    """The articles of a file of the line form, relative to the root, of about so many ``bytes``."""

    path: str
    bytes: int

    def __len__(self) -> int:
        return max(1, self.bytes // LINE_BYTES)

    @property
    def told(self) -> tuple[object, ...]:
        """What the result depends on, but for what is in the file."""
        return (self.path,)


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of the work: articles of one split, to be compiled into ``folder``."""

    number: int
    split: str
    articles: FolderArticles | LineArticles
    folder: Path
    share: Share

    @property
    def key(self) -> str:
        """A digest of all that the result depends on but the articles' files."""
        told = [self.share.key, self.split, *self.articles.told]
        return hashlib.sha256(orjson.dumps(told)).hexdigest()


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What a shard gave.

    ``valid`` is false where an article has errors: then there are no files. ``parts`` are its files,
    ``inputs`` the SHA-256 of what was read, by path; ``dropped_claims`` are the ids of claims that the clean
    texts have not; ``folds`` are those of the articles of ``facts``.
    """

    valid: bool
    parts: tuple[Part, ...]
    counts: Counts
    inputs: Mapping[str, str]
    facts: Facts
    dropped_claims: frozenset[str]
    folds: tuple[int, ...]


def plan(
    splits: Splits, sums: Mapping[str, str], folder: Path, share: Share, articles: int = SHARD_ARTICLES
) -> Iterator[Shard]:
    """Yield the shards: each split's articles, sorted by id, cut every so many ``articles``.

    Args:
        splits: of the corpus.
        sums: the SHA-256 of texts, by file name.
        folder: where each shard gets a folder of its own.
        share: what all shards have in common.
        articles: the most articles of a shard.
    """
    folds = {article: number for number, fold in enumerate(splits.folds) for article in fold}
    number = 0
    for split in SPLIT_ORDER:
        ids = sorted(splits.splits.get(split, ()))
        for start in range(0, len(ids), articles):
            own = tuple(ids[start : start + articles])
            listed = FolderArticles(
                articles=own,
                folds=tuple(folds[article] for article in own),
                sums=tuple(sums.get(f"{article}.txt") for article in own),
            )
            yield Shard(number, split, listed, shard_folder(folder, number), share)
            number += 1


def shard_folder(folder: Path, number: int) -> Path:
    """Return the folder of a shard."""
    return folder / f"{number:05d}"


def save_result(result: ShardResult, key: str, folder: Path) -> None:
    """Write down beside a shard's files what it gave, so that an interrupted build can go on."""
    document = {
        "key": key,
        "parts": [
            [
                *(part.config, part.split, part.shard, part.written.path.relative_to(folder).as_posix()),
                *(part.written.rows, part.written.bytes, part.written.sha256, part.written.digest),
            ]
            for part in result.parts
        ],
        "counts": [[*name, number] for name, number in result.counts.items()],
        "inputs": result.inputs,
        "facts": result.facts.to_json(),
        "dropped_claims": sorted(result.dropped_claims),
        "folds": result.folds,
    }
    (folder / RESULT).write_bytes(orjson.dumps(document))


def saved_result(shard: Shard) -> ShardResult | None:
    """Return what a shard gave in an earlier build, if nothing that it depends on has changed since."""
    try:
        document = orjson.loads((shard.folder / RESULT).read_bytes())
        if document["key"] != shard.key:
            return None
        result = _parse(document, shard.folder)
        locate = shard.share.layout.location
        same = all(sha256_of(locate(path)) == digest for path, digest in result.inputs.items())
        whole = all(sha256_of(str(part.written.path)) == part.written.sha256 for part in result.parts)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return result if same and whole else None


def moved(result: ShardResult, source: Path, target: Path) -> ShardResult:
    """Return a result after the folder of its files was renamed."""
    parts = tuple(
        Part(part.config, part.split, part.shard, _moved(part.written, source, target))
        for part in result.parts
    )
    return replace(result, parts=parts)


def _moved(written: Written, source: Path, target: Path) -> Written:
    path = target / written.path.relative_to(source)
    return Written(path, written.rows, written.bytes, written.sha256, written.digest)


def _parse(document: dict[str, Any], folder: Path) -> ShardResult:
    return ShardResult(
        valid=True,
        parts=tuple(
            Part(config, split, number, Written(folder / path, *written))
            for config, split, number, path, *written in document["parts"]
        ),
        counts=Counter({(config, column, label): n for config, column, label, n in document["counts"]}),
        inputs=document["inputs"],
        facts=Facts.from_json(document["facts"]),
        dropped_claims=frozenset(document["dropped_claims"]),
        folds=tuple(document["folds"]),
    )
