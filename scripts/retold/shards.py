"""Shards: what one process is told to compile, and what it gives back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from retold.checks.facts import Facts
from retold.manifest import Counts
from retold.parquet import Written
from retold.records import Splits
from retold.sink import Part
from retold.tables.claim_pairs import SPLIT_ORDER

SHARD_ARTICLES = 1000

RESULT = "shard.json"


@dataclass(frozen=True, slots=True)
class Share:
    """What all shards of a build have in common.

    ``root`` is the corpus, ``schema`` the folder of its schemas, ``registries`` the SHA-256 of each registry
    file by path, ``passes`` the names of the independent passes, ``key`` a digest of all that the result
    depends on beside the articles. ``canary`` goes into the metadata of tables; ``texts`` says if words are
    filled in.
    """

    root: Path
    schema: Path
    registries: tuple[tuple[str, str], ...]
    passes: frozenset[str]
    key: str
    canary: str | None
    texts: bool


@dataclass(frozen=True, slots=True)
class Shard:
    """A piece of the work: articles, sorted, of one split, to be compiled into ``folder``.

    ``folds`` and ``sums`` (the SHA-256 that the texts should have, ``None`` if not known) are parallel to
    ``articles``.
    """

    number: int
    split: str
    articles: tuple[str, ...]
    folds: tuple[int, ...]
    sums: tuple[str | None, ...]
    folder: Path
    share: Share

    @property
    def key(self) -> str:
        """A digest of all that the result depends on but the articles' files."""
        told = [self.share.key, self.split, self.articles, self.folds, self.sums]
        return hashlib.sha256(orjson.dumps(told)).hexdigest()


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What a shard gave.

    ``valid`` is false where an article has errors: then there are no files. ``parts`` are its files,
    ``inputs`` the SHA-256 of what was read, by path; ``dropped_claims`` are the ids of claims that the clean
    texts have not.
    """

    valid: bool
    parts: tuple[Part, ...]
    counts: Counts
    inputs: Mapping[str, str]
    facts: Facts
    dropped_claims: frozenset[str]


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
            yield Shard(
                number=number,
                split=split,
                articles=own,
                folds=tuple(folds[article] for article in own),
                sums=tuple(sums.get(f"{article}.txt") for article in own),
                folder=folder / f"{number:05d}",
                share=share,
            )
            number += 1


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
    }
    (folder / RESULT).write_bytes(orjson.dumps(document))


def saved_result(shard: Shard) -> ShardResult | None:
    """Return what a shard gave in an earlier build, if nothing that it depends on has changed since."""
    try:
        document = orjson.loads((shard.folder / RESULT).read_bytes())
        if document["key"] != shard.key:
            return None
        result = _parse(document, shard.folder)
        same = all(_sha256(shard.share.root / path) == digest for path, digest in result.inputs.items())
        whole = all(_sha256(part.written.path) == part.written.sha256 for part in result.parts)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return result if same and whole else None


def moved(result: ShardResult, source: Path, target: Path) -> ShardResult:
    """Return a result after the folder of its files was renamed."""
    parts = tuple(
        Part(part.config, part.split, part.shard, _moved(part.written, source, target))
        for part in result.parts
    )
    return ShardResult(result.valid, parts, result.counts, result.inputs, result.facts, result.dropped_claims)


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
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
