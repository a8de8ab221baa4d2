"""The two forms of a corpus, as a build sees them: how they are begun, cut into shards, and concluded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from retold.checks.facts import Facts
from retold.checks.inputs import RegistryInput
from retold.checks.lines import ShardArticles, is_shard, split_of
from retold.findings import Issues
from retold.layout import REGISTRIES, Layout, LineLayout
from retold.line_validation import LineValidation
from retold.locations import size_of
from retold.reader import parse_splits
from retold.records import Splits
from retold.schemas import Schemas
from retold.shards import LINE_BYTES, LineArticles, Shard, ShardResult, Share, plan, shard_folder
from retold.tables.claim_pairs import SPLIT_ORDER
from retold.validation import Validation


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known before any article is read.

    ``shared`` is the SHA-256 of each file that articles share, by path, ``registry_sums`` those of them that
    are registries; ``store`` is where the registries are, if they are in no memory.
    """

    registries: RegistryInput
    shared: Mapping[str, str]
    registry_sums: tuple[tuple[str, str], ...]
    passes: frozenset[str]
    store: Path | None = None


class Form(Protocol):
    """A corpus in one form, under way through a build; ``None`` says that it has errors."""

    def articles(self) -> int:
        """Return how many articles there seem to be, before anything is read."""
        ...

    def begin(self, folder: Path) -> Begun | None:
        """Check what concerns no article by itself; what has to be kept goes into ``folder``."""
        ...

    def shards(self, share: Share, folder: Path, articles: int) -> list[Shard]:
        """Cut the corpus into shards of at most so many articles, to be compiled below ``folder``."""
        ...

    def conclude(self, shards: Sequence[Shard], results: Sequence[ShardResult]) -> Splits | None:
        """Check what is left when all articles are valid by themselves; return their splits."""
        ...


def form_of(layout: Layout, schemas: Schemas, issues: Issues) -> Form:
    """Return the form of a corpus."""
    if isinstance(layout, LineLayout):
        return LineForm(layout, schemas, issues)
    return FolderForm(layout, schemas, issues)


class FolderForm:
    """A folder an article, a file a layer; the splits are in a file of their own."""

    def __init__(self, layout: Layout, schemas: Schemas, issues: Issues) -> None:
        self._layout = layout
        self._validation = Validation(layout, schemas, issues)
        self._splits: Splits

    def articles(self) -> int:
        """Count the folders."""
        return sum(1 for _ in self._layout.article_folders())

    def begin(self, folder: Path) -> Begun | None:
        """Check names, checksums' list, registries and splits."""
        validation = self._validation
        articles = validation.begin()
        if validation.has_errors:
            return None
        self._splits = parse_splits(validation.splits)
        if not _is_partition(articles, self._splits):
            return None
        registries = [self._path(self._layout.registry(name)) for name in REGISTRIES]
        return Begun(
            registries=validation.registries,
            shared={path: validation.read[path] for path in (*registries, self._path(self._layout.splits))},
            registry_sums=tuple((path, validation.read[path]) for path in registries),
            passes=validation.passes,
        )

    def shards(self, share: Share, folder: Path, articles: int) -> list[Shard]:
        """Cut each split, sorted, every so many articles."""
        return list(plan(self._splits, self._validation.sums, folder, share, articles))

    def conclude(self, shards: Sequence[Shard], results: Sequence[ShardResult]) -> Splits | None:
        """Check the passes, and the whole."""
        facts = _joined(results)
        for own, article in self._validation.passed_articles():
            facts.add_uses(self._validation.passed_article(own, article))
        self._validation.conclude(facts)
        return None if self._validation.has_errors else self._splits

    def _path(self, path: Path) -> str:
        return path.relative_to(self._layout.root).as_posix()


class LineForm:
    """An article a line; a file is a shard, its name says the split, a line the fold."""

    def __init__(self, layout: LineLayout, schemas: Schemas, issues: Issues) -> None:
        self._layout = layout
        self._validation = LineValidation(layout, schemas, issues)
        self._files: list[str] = []
        self._size_of = cache(lambda path: size_of(layout.location(path)))  # at a URL, each takes a request

    def articles(self) -> int:
        """Reckon from the sizes of the files."""
        shards = (path for path in self._layout.files() if is_shard(path))
        return sum(map(self._size_of, shards)) // LINE_BYTES

    def begin(self, folder: Path) -> Begun | None:
        """Check names and registries."""
        store = folder / "registries.sqlite"
        self._files = self._validation.begin(store)
        if self._validation.has_errors:
            return None
        return Begun(
            registries=self._validation.registries,
            shared=dict(self._validation.read),
            registry_sums=tuple(self._validation.registry_sums.items()),
            passes=frozenset(),
            store=store,
        )

    def shards(self, share: Share, folder: Path, articles: int) -> list[Shard]:
        """Make each file a shard, whatever its size."""
        self._files.sort(key=lambda path: (SPLIT_ORDER.index(split_of(path)), path))
        return [
            Shard(
                number=number,
                split=split_of(path),
                articles=LineArticles(path, self._size_of(path)),
                folder=shard_folder(folder, number),
                share=share,
            )
            for number, path in enumerate(self._files)
        ]

    def conclude(self, shards: Sequence[Shard], results: Sequence[ShardResult]) -> Splits | None:
        """Check the order of articles, and the whole."""
        splits: dict[str, list[str]] = defaultdict(list)
        folds: dict[int, list[str]] = defaultdict(list)
        for path, shard, result in zip(self._files, shards, results, strict=True):
            articles = result.facts.articles
            lines = list(range(1, len(articles) + 1))
            self._validation.shards.append(ShardArticles(path, articles, list(result.folds), lines))
            splits[shard.split] += articles
            for article, fold in zip(articles, result.folds, strict=True):
                folds[fold].append(article)
        self._validation.conclude(_joined(results))
        if self._validation.has_errors:
            return None
        return Splits(
            {name: tuple(ids) for name, ids in splits.items()}, tuple(tuple(folds[n]) for n in sorted(folds))
        )


def _joined(results: Sequence[ShardResult]) -> Facts:
    facts = Facts()
    for result in results:
        facts.join(result.facts)
    return facts


def _is_partition(articles: Sequence[str], splits: Splits) -> bool:
    """Whether the splits, and the folds, hold every article once and no other."""
    named = [article for ids in splits.splits.values() for article in ids]
    return sorted(named) == sorted(splits.article_ids()) == list(articles)
