"""The line form of a corpus: names of its files (L1), order of its articles, numbers of its folds (L5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from retold.checks.inventory import RESERVED
from retold.findings import Finding, finding
from retold.layout import LINE_LISTS, SHARDS, SPLITS, USES

LISTS = tuple(name for lists in LINE_LISTS.values() for name in lists)

_REST = r"(?:-[A-Za-z0-9][A-Za-z0-9._-]*)?\.jsonl"
SHARD = re.compile(rf"{SHARDS}/(?P<split>{'|'.join(SPLITS)}){_REST}")
REGISTRY = re.compile(rf"{SHARDS}/registry/(?P<list>{'|'.join((*LISTS, USES))}){_REST}")
NOTES = re.compile(rf"{SHARDS}/(?:registry/)?README\.md")


@dataclass(frozen=True, slots=True)
class ShardArticles:
    """The articles of a shard in their order, with their folds and the numbers of their lines, from 1."""

    path: str
    articles: list[str]
    folds: list[int]
    lines: list[int]

    def take(self, line: int, article: str, fold: int) -> None:
        """Take in the next article."""
        self.articles.append(article)
        self.folds.append(fold)
        self.lines.append(line)

    @property
    def split(self) -> str:
        """The split of the articles."""
        return split_of(self.path)


def line_path(path: str, line: int, kind: str) -> str:
    """Return what stands for the path of a document that is one line's value of a key."""
    return f"{path}:{line}/{kind}"


def registry_path(name: str) -> str:
    """Return the file of a list of a registry, if it is in one file."""
    return f"{SHARDS}/registry/{name}.jsonl"


def is_shard(path: str) -> bool:
    """Whether a file, relative to the root, is a shard of articles."""
    return SHARD.fullmatch(path) is not None


def split_of(path: str) -> str:
    """Return the split that the name of a shard says; ``ValueError`` if it is none."""
    match = SHARD.fullmatch(path)
    if match is None:
        raise ValueError(f"{path} is no shard")
    return match["split"]


def list_files(files: Iterable[str], name: str) -> list[str]:
    """Return the files of a list of a registry, or of its uses, sorted."""
    matches = (REGISTRY.fullmatch(path) for path in files)
    return sorted(match.string for match in matches if match and match["list"] == name)


def names(files: Collection[str]) -> Iterator[Finding]:
    """Check the names of all files below ``shards`` (relative to the root), and that none is missing.

    Issues: unknown-file, missing-file.
    """
    for path in files:
        if not any(known.fullmatch(path) for known in (SHARD, REGISTRY, NOTES)):
            yield finding("unknown-file", path)
    yield from (finding("missing-file", registry_path(name)) for name in LISTS if not list_files(files, name))
    if not any(map(is_shard, files)):
        yield finding("missing-file", f"{SHARDS}/{SPLITS[0]}.jsonl")


def no_lines(path: str) -> Finding:
    """Return the finding on a shard without articles.

    Issues: invalid-json.
    """
    return finding("invalid-json", path, (), None, (1, 1), reason="the file has no lines")


def article_id(path: str, article: str) -> Iterator[Finding]:
    """Check the id of an article.

    Issues: reserved-article-id.
    """
    if article == RESERVED:
        yield finding("reserved-article-id", path, ("article",))


def order(shards: Iterable[ShardArticles]) -> Iterator[Finding]:
    """Check that no article stands twice, and that those of a split are sorted, over all its files.

    Issues: article-order, split-repeated-article.
    """
    seen: set[str] = set()
    last: dict[str, str] = {}
    for shard in sorted(shards, key=lambda shard: shard.path):
        before = last.get(shard.split, "")
        for line, article in zip(shard.lines, shard.articles, strict=True):
            place = line_path(shard.path, line, "article")
            if article in seen:
                yield finding("split-repeated-article", place, (), None, article=article, name="splits")
            elif article < before:
                yield finding("article-order", place, (), None, article=article, before=before)
            seen.add(article)
            before = article
        last[shard.split] = before


def folds(shards: Iterable[ShardArticles]) -> Iterator[Finding]:
    """Check that the folds are numbered from 0 without a gap.

    Issues: empty-fold.
    """
    used = {fold: shard.path for shard in shards for fold in shard.folds}
    if used and max(used) >= len(used):
        empty = min(set(range(len(used))) - used.keys())
        yield finding("empty-fold", used[max(used)], (), None, fold=empty, last=max(used))
