"""Runs the checks in the order of their levels over a corpus on disk.

A check runs only if every file that it reads has passed the levels below its own; the others are named in
the report. Articles are read one after another; what corpus checks need is kept as small facts.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from retold.checks import ARTICLE_CHECKS, CORPUS_CHECKS, REGISTRY_CHECKS, files, inventory
from retold.checks.facts import Facts
from retold.checks.inputs import TEXT, ArticleInput, Check, CorpusInput, Input, RegistryInput
from retold.findings import LEVELS, Finding, Issues, finding
from retold.layout import LAYERS, REGISTRIES, Layout
from retold.report import LeftOut, Report, located
from retold.schemas import Schemas

Progress = Callable[[int, int], None]

_SCHEMA, _REFERENCES, _CORPUS = (LEVELS.index(level) for level in ("L2", "L4", "L5"))


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
    validation = _Validation(layout, schemas, issues, LEVELS.index(level))
    articles = validation.run(progress or (lambda _done, _all: None))
    left_out = tuple(
        LeftOut(*key, tuple(sorted(paths))) for key, paths in sorted(validation.left_out.items())
    )
    return Report(located(layout.root, validation.findings), left_out, articles)


class _Validation:
    """One run: what was found so far, and how far each file has come."""

    def __init__(self, layout: Layout, schemas: Schemas, issues: Issues, last: int) -> None:
        self.findings: list[Finding] = []
        self.left_out: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._layout = layout
        self._schemas = schemas
        self._issues = issues
        self._last = last
        self._failed: dict[str, int] = {}  # path -> lowest level with an error
        found = dict(inventory.listing(layout.root))
        self._listed = frozenset(found)
        self._closed = {path: fault for path, fault in found.items() if fault is not None}  # not to be read
        self._passes = frozenset(own.annotations.name for own in layout.passes())
        self._annotated = frozenset(folder.name for folder in layout.article_folders())

    def run(self, progress: Progress) -> int:
        """Run all checks; return the number of articles."""
        self._add(self._closed.values())
        self._add(inventory.names(self._listed - self._closed.keys()))
        self._add(inventory.presence(self._listed, self._annotated))
        sums = self._checksums()
        facts = Facts()
        shared = self._registries(self._layout)
        articles = inventory.articles(self._listed)
        passes = [(own, [path.name for path in own.article_folders()]) for own in self._layout.passes()]
        done, total = 0, len(articles) + sum(len(names) for _, names in passes)
        for layout, names in [(self._layout, articles), *passes]:
            main = layout is self._layout
            registries = shared if main else self._registries(layout)
            add = facts.add if main else facts.add_uses
            for article in names:
                add(self._article(layout, article, registries, sums))
                done += 1
                progress(done, total)
        self._corpus(facts, shared)
        return len(articles)

    def _add(self, findings: Iterable[Finding]) -> None:
        for found in findings:
            issue = self._issues[found.code]
            level = LEVELS.index(issue.level)
            if level > self._last:
                continue
            self.findings.append(found)
            if issue.severity == "error":
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
                self.left_out[check.level, check.name].update(failed)
            else:
                self._add(check.run(subject))

    def _read(self, path: str) -> bytes | None:
        if path in self._closed:
            return None
        try:
            return (self._layout.root / path).read_bytes()
        except OSError as error:
            self._add([finding("unreadable-file", path, reason=error.strerror or str(error))])
            return None

    def _load(self, path: str, kind: str) -> Any:  # noqa: ANN401 (parsed JSON)
        """Return the document if it is there and passes L1 and L2, else ``None``."""
        data = self._read(path) if path in self._listed else None
        if data is None:
            return None
        document, findings = files.parse_json(path, data)
        self._add(findings)
        if findings or self._last < _SCHEMA:
            return None
        violations = list(files.judge(path, kind, document, self._schemas))
        self._add(violations)
        return None if violations else document

    def _load_all(self, paths: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
        """Return the documents that pass, keyed as their paths; ``prefix`` makes a key a kind."""
        loaded = ((key, self._load(path, f"{prefix}{key}")) for key, path in paths.items())
        return {key: document for key, document in loaded if document is not None}

    def _checksums(self) -> dict[str, str]:
        """Check the raw texts against their list; return the SHA-256 of each, by file name."""
        found = {}
        for path in sorted(p for p in self._listed if p.startswith("raw/") and p.endswith(".txt")):
            data = self._read(path)
            if data is not None:
                self._add(files.decode_text(path, data)[1])
                found[path.removeprefix("raw/")] = hashlib.sha256(data).hexdigest()
        if inventory.CHECKSUMS in self._listed:
            data = self._read(inventory.CHECKSUMS) or b""
            self._add(inventory.checksums(data.decode("utf-8", "replace"), found))
        return found

    def _registries(self, layout: Layout) -> RegistryInput:
        """Load and check the registries of the corpus, or those that a pass has of its own."""
        paths = {name: self._path(self._layout.registry(name)) for name in REGISTRIES}
        own = {name: self._path(layout.registry(name)) for name in REGISTRIES}
        paths |= {name: path for name, path in own.items() if path in self._listed}
        documents = self._load_all(paths, "registry-")
        registries = RegistryInput(documents, paths, self._schemas.mediatopics(), self._passes)
        # what a pass shares with the corpus has been checked with the corpus
        judged = {f"registry-{name}" for name, path in own.items() if paths[name] == path}
        checks = (check for check in REGISTRY_CHECKS if check.reads[0] in judged)
        self._run(checks, registries, _by_kind(registries))
        return registries

    def _article(
        self, layout: Layout, article: str, registries: RegistryInput, sums: Mapping[str, str]
    ) -> ArticleInput:
        paths = self._article_paths(layout, article)
        documents = self._load_all({kind: path for kind, path in paths.items() if kind != TEXT})
        sha256 = sums.get(f"{article}.txt", "")
        text = files.decode_text(paths[TEXT], self._read(paths[TEXT]) or b"")[0] if sha256 else None
        if text is None:
            self._failed[paths[TEXT]] = 0
        record = ArticleInput(article, text or "", sha256, documents, paths, registries)
        by_kind = {kind: [path] for kind, path in paths.items()} | _by_kind(registries)
        last = _CORPUS if layout is self._layout else _REFERENCES
        checks = (check for check in ARTICLE_CHECKS if LEVELS.index(check.level) <= last)
        self._run(checks, record, by_kind)
        return record

    def _article_paths(self, layout: Layout, article: str) -> dict[str, str]:
        """Return the article's files by kind: all of the corpus', of a pass those that it has."""
        layers = {layer: self._path(layout.layer(article, layer)) for layer in layout.layers}
        raw = {TEXT: f"raw/{article}.txt", "metadata": f"raw/{article}.json"}
        if layout is self._layout:
            if article not in self._annotated:  # said once, of the folder; nothing can be said of the whole
                self._failed |= dict.fromkeys(layers.values(), 0)
                return raw
            return raw | layers
        own = {layer: path for layer, path in layers.items() if path in self._listed}
        own.setdefault("segments", self._path(self._layout.layer(article, "segments")))
        return {TEXT: raw[TEXT]} | own

    def _corpus(self, facts: Facts, registries: RegistryInput) -> None:
        path = self._path(self._layout.splits)
        by_kind = {"splits": [path]} | _by_kind(registries)
        for layer in LAYERS:
            by_kind[layer] = [self._path(self._layout.layer(a, layer)) for a in facts.articles]
        splits = self._load(path, "splits") or {}
        self._run(CORPUS_CHECKS, CorpusInput(facts, registries, splits, path), by_kind)

    def _path(self, path: Path) -> str:
        return path.relative_to(self._layout.root).as_posix()


def _by_kind(registries: RegistryInput) -> dict[str, list[str]]:
    return {f"registry-{name}": [path] for name, path in registries.paths.items()}
