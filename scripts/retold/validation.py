"""Runs the checks in the order of their levels over a corpus on disk.

A check runs only if every file that it reads has passed the levels below its own; the others are named in
the report. Articles are read one after another; what corpus checks need is kept as small facts.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from retold.checks import ARTICLE_CHECKS, CORPUS_CHECKS, REGISTRY_CHECKS, files, inventory
from retold.checks.facts import Facts
from retold.checks.inputs import TEXT, ArticleInput, Check, CorpusInput, Input, RegistryInput
from retold.findings import LEVELS, Finding, Issues, finding
from retold.layout import LAYERS, REGISTRIES, Layout
from retold.schemas import Schemas
from retold.source_map import SourceMap

Json = dict[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A check that did not run somewhere, and the files that kept it from running."""

    level: str
    check: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a validation found: findings sorted by file and place, checks left out by level and name."""

    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...]
    articles: int

    def only(self, paths: Iterable[str]) -> Report:
        """Return the report on some files and folders (relative to the root)."""
        wanted = [path.rstrip("/") for path in paths]
        kept = (
            f for f in self.findings if any(w in (".", f.path) or f.path.startswith(f"{w}/") for w in wanted)
        )
        return Report(tuple(kept), self.left_out, self.articles)


def validate(
    layout: Layout,
    schemas: Schemas,
    issues: Issues,
    level: str = LEVELS[-1],
    progress: Progress | None = None,
) -> Report:
    """Check a whole corpus up to ``level``.

    Args:
        layout: The corpus.
        schemas: What it is judged by.
        issues: The known issues, by code; their severity decides what keeps later checks from running.
        level: The last level to check, ``L1`` to ``L5``.
        progress: Called after each article with the number done and the number of all.

    Returns:
        The findings, resolved to line and column, and the checks that were left out.

    Raises:
        OSError: A schema or vocabulary cannot be read; faults of the corpus are findings.
    """
    return _Validation(layout, schemas, issues, level).run(progress)


class _Validation:
    """One run: what was found so far, and how far each file has come."""

    def __init__(self, layout: Layout, schemas: Schemas, issues: Issues, level: str) -> None:
        self._layout = layout
        self._schemas = schemas
        self._issues = issues
        self._last = LEVELS.index(level)
        self._findings: list[Finding] = []
        self._failed: dict[str, int] = {}  # path -> lowest level with an error
        self._left_out: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._topics = schemas.mediatopics()

    def run(self, progress: Progress | None) -> Report:
        listed = frozenset(_listing(self._layout.root))
        self._add(inventory.names(listed))
        self._add(inventory.presence(listed))
        sums = self._checksums(listed)
        shared = self._registries(self._layout, listed)
        facts = Facts()
        articles = _articles(listed)
        folders = [(own, [path.name for path in own.article_folders()]) for own in self._layout.passes()]
        done, total = 0, len(articles) + sum(len(names) for _, names in folders)
        for layout, names in [(self._layout, articles), *folders]:
            registries = shared if layout is self._layout else self._registries(layout, listed)
            add = facts.add if layout is self._layout else facts.add_uses
            for article in names:
                add(self._article(layout, article, registries, sums, listed))
                done += 1
                if progress:
                    progress(done, total)
        self._corpus(facts, shared, listed)
        left_out = tuple(LeftOut(*key, tuple(sorted(paths))) for key, paths in sorted(self._left_out.items()))
        return Report(located(self._layout.root, self._findings), left_out, len(articles))

    def _add(self, findings: Iterable[Finding]) -> None:
        for found in findings:
            issue = self._issues[found.code]
            if LEVELS.index(issue.level) > self._last:
                continue
            self._findings.append(found)
            if issue.severity == "error":
                level = LEVELS.index(issue.level)
                self._failed[found.path] = min(level, self._failed.get(found.path, level))

    def _run(self, checks: Iterable[Check[Input]], subject: Input, paths: Mapping[str, list[str]]) -> None:
        """Run the checks whose files have passed; ``paths`` are all files of each kind.

        A check that reads a kind of which there is no file has nothing to judge.
        """
        for check in checks:
            level = LEVELS.index(check.level)
            if level > self._last or not all(paths.get(kind) for kind in check.reads):
                continue
            read = [path for kind in check.reads for path in paths[kind]]
            failed = [path for path in read if self._failed.get(path, level) < level]
            if failed:
                self._left_out[check.level, check.name].update(failed)
            else:
                self._add(check.run(subject))

    def _read(self, path: str) -> bytes | None:
        try:
            return (self._layout.root / path).read_bytes()
        except OSError as error:
            self._add([finding("unreadable-file", path, reason=error.strerror or str(error))])
            return None

    def _load(self, path: str, kind: str) -> Any:  # noqa: ANN401 (parsed JSON)
        """Return the document if it passes L1 and L2, else ``None``."""
        data = self._read(path)
        if data is None:
            return None
        document, findings = files.parse_json(path, data)
        self._add(findings)
        if findings or self._last < LEVELS.index("L2"):
            return None
        violations = list(files.judge(path, kind, document, self._schemas))
        self._add(violations)
        return None if violations else document

    def _checksums(self, listed: Collection[str]) -> dict[str, str]:
        """Check the raw texts against their list; return the SHA-256 of each, by file name."""
        found = {}
        for path in sorted(path for path in listed if path.startswith("raw/") and path.endswith(".txt")):
            data = self._read(path)
            if data is not None:
                self._add(files.decode_text(path, data)[1])
                found[path.removeprefix("raw/")] = hashlib.sha256(data).hexdigest()
        if inventory.CHECKSUMS in listed:
            data = self._read(inventory.CHECKSUMS) or b""
            self._add(inventory.checksums(data.decode("utf-8", "replace"), found))
        return found

    def _registries(self, layout: Layout, listed: Collection[str]) -> RegistryInput:
        """Load and check the registries of the corpus, or those that a pass has of its own."""
        own = {name: self._path(layout.registry(name)) for name in REGISTRIES}
        shared = {name: self._path(self._layout.registry(name)) for name in REGISTRIES}
        paths = {name: own[name] if own[name] in listed else shared[name] for name in REGISTRIES}
        documents = {
            name: document
            for name, path in paths.items()
            if path in listed and (document := self._load(path, f"registry-{name}")) is not None
        }
        registries = RegistryInput(documents, paths, self._topics)
        self._run(REGISTRY_CHECKS, registries, _by_kind(registries))
        return registries

    def _article(
        self,
        layout: Layout,
        article: str,
        registries: RegistryInput,
        sums: Mapping[str, str],
        listed: Collection[str],
    ) -> ArticleInput:
        paths = self._article_paths(layout, article, listed)
        documents = {
            kind: document
            for kind, path in paths.items()
            if kind != TEXT and path in listed and (document := self._load(path, kind)) is not None
        }
        text = None
        if f"{article}.txt" in sums:
            text = files.decode_text(paths[TEXT], self._read(paths[TEXT]) or b"")[0]
        if text is None:
            self._failed[paths[TEXT]] = 0
        sha256 = sums.get(f"{article}.txt", "")
        record = ArticleInput(article, text or "", sha256, documents, paths, registries)
        by_kind = {kind: [path] for kind, path in paths.items()} | _by_kind(registries)
        last = LEVELS.index("L5") if layout is self._layout else LEVELS.index("L4")
        checks = [check for check in ARTICLE_CHECKS if LEVELS.index(check.level) <= last]
        self._run(checks, record, by_kind)
        return record

    def _article_paths(self, layout: Layout, article: str, listed: Collection[str]) -> dict[str, str]:
        """Return the article's files by kind: all of the corpus', of a pass those that it has."""
        layers = {layer: self._path(layout.layer(article, layer)) for layer in LAYERS}
        raw = {TEXT: f"raw/{article}.txt", "metadata": f"raw/{article}.json"}
        if layout is not self._layout:
            layers = {layer: path for layer, path in layers.items() if path in listed}
            layers.setdefault("segments", self._path(self._layout.layer(article, "segments")))
            return {TEXT: raw[TEXT]} | layers
        annotated = any(path.startswith(f"annotations/{article}/") for path in listed)
        return raw | layers if annotated else raw

    def _corpus(self, facts: Facts, registries: RegistryInput, listed: Collection[str]) -> None:
        path = self._path(self._layout.splits)
        splits = self._load(path, "splits") if path in listed else None
        by_kind = {"splits": [path]} | _by_kind(registries)
        for layer in LAYERS:
            by_kind[layer] = [self._path(self._layout.layer(article, layer)) for article in facts.articles]
        self._run(CORPUS_CHECKS, CorpusInput(facts, registries, splits or {}, path), by_kind)

    def _path(self, path: Path) -> str:
        return path.relative_to(self._layout.root).as_posix()


def _by_kind(registries: RegistryInput) -> dict[str, list[str]]:
    return {f"registry-{name}": [path] for name, path in registries.paths.items()}


def _listing(root: Path) -> Iterator[str]:
    """Yield the files under ``raw`` and ``annotations``, hidden ones left out, relative to the root."""
    for top in ("raw", "annotations"):
        for folder, names, found in os.walk(root / top):
            names[:] = [name for name in names if not name.startswith(".")]
            place = Path(folder).relative_to(root).as_posix()
            yield from (f"{place}/{name}" for name in found if not name.startswith("."))


def _articles(listed: Iterable[str]) -> list[str]:
    """Return the ids of all articles that have a text, metadata or annotation, sorted."""
    found = set()
    for path in listed:
        match = inventory.ARTICLE_FILE.fullmatch(path)
        if match:
            found.add(match["annotated"] or match["raw"])
    return sorted(found)


def located(root: Path, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give each finding its line and column; sort, drop repetitions."""
    by_path = defaultdict(set)
    for found in findings:
        by_path[found.path].add(found)
    located: list[Finding] = []
    for path, group in by_path.items():
        lost = {found for found in group if found.position is None and found.pointer}
        located += group - lost
        if lost:
            source = SourceMap.parse((root / path).read_bytes().decode("utf-8"))
            located += (_locate(found, source) for found in lost)
    return tuple(sorted(located, key=Finding.sort_key))


def _locate(found: Finding, source: SourceMap) -> Finding:
    where = source.locate(found.pointer)
    return replace(found, position=(where.line, where.column))
