"""Runs the checks in the order of their levels over a corpus on disk.

A check runs only if every file that it reads has passed the levels below its own; the others are named in
the report. Articles are read one after another; what corpus checks need is kept as small facts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Any

from retold.checks import ARTICLE_CHECKS, CORPUS_CHECKS, REGISTRY_CHECKS, files, inventory
from retold.checks.facts import Facts
from retold.checks.inputs import TEXT, ArticleCheck, ArticleInput, CorpusInput, RegistryInput
from retold.findings import LEVELS, Issues, finding
from retold.gate import Gate
from retold.layout import LAYERS, REGISTRIES, Layout, LineLayout
from retold.report import Report, located
from retold.schemas import Schemas

Progress = Callable[[int, int], None]

_SCHEMA = LEVELS.index("L2")
_PASS_CHECKS = tuple(check for check in ARTICLE_CHECKS if check.level in ("L3", "L4"))


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
    if isinstance(layout, LineLayout):
        # Imported here, for the few who need it: its imports take longer than many a validation.
        from retold.line_validation import validate_lines  # noqa: PLC0415

        return validate_lines(layout, schemas, issues, level, progress)
    validation = Validation(layout, schemas, issues, level)
    articles, passes = validation.begin(), validation.passed_articles()
    facts = Facts()
    done, total = 0, len(articles) + len(passes)
    for article in articles:
        facts.add(validation.article(article))
        done += 1
        if progress is not None:
            progress(done, total)
    for own, article in passes:
        facts.add_uses(validation.passed_article(own, article))
        done += 1
        if progress is not None:
            progress(done, total)
    validation.conclude(facts)
    return validation.report(len(articles))


class Validation:
    """A validation of the folder form under way."""

    def __init__(
        self,
        layout: Layout,
        schemas: Schemas,
        issues: Issues,
        level: str = LEVELS[-1],
        listed: Iterable[str] | None = None,
    ) -> None:
        """Prepare; ``listed`` are the files to look at, relative to the root, ``None`` for all of it.

        Attributes are set by ``begin``: ``registries``; ``sums``, the SHA-256 that the list of checksums
        gives each raw text, by file name; ``splits``, the document if it is valid. ``read`` is the SHA-256 of
        what was read of each file, by path.
        """
        self._gate = Gate(issues, level)
        self._layout = layout
        self._schemas = schemas
        self._topics = schemas.mediatopics()
        self._prefix = (layout.root / "_").as_posix()[:-1]
        found = dict(inventory.listing(layout.root) if listed is None else dict.fromkeys(listed))
        self._listed = frozenset(found)
        self._closed = {path: fault for path, fault in found.items() if fault is not None}  # not to be read
        self._passes = tuple(layout.passes()) if listed is None else ()
        self._own: dict[str, RegistryInput] = {}  # pass -> what it is judged against
        self.sums: dict[str, str] = {}
        self.splits: Any = None
        self.registries: RegistryInput
        self.read: dict[str, str] = {}
        self._folders: dict[Layout, str] = {}

    def begin(self) -> list[str]:
        """Check what concerns no article by itself: names, checksums' list, registries; return all ids."""
        annotated = frozenset(folder.name for folder in self._layout.article_folders())
        self._gate.add(self._closed.values())
        self._gate.add(inventory.names(self._listed - self._closed.keys()))
        self._gate.add(inventory.presence(self._listed, annotated))
        if inventory.CHECKSUMS in self._listed:
            listed = (self._read(inventory.CHECKSUMS) or b"").decode("utf-8", "replace")
            texts = {path.removeprefix("raw/") for path in self._listed if _is_text(path)}
            self._gate.add(inventory.checksum_names(listed, texts))
            self.sums = inventory.read_checksums(listed)
        self.registries = self._registries(self._layout)
        self.splits = self._load(self._path(self._layout.splits), "splits")
        return inventory.articles(self._listed)

    def go_on(self, registries: RegistryInput, sums: Mapping[str, str]) -> None:
        """Take what ``begin`` of another validation found; this one is about a part of its articles."""
        self.registries = registries
        self.sums = dict(sums)

    def article(self, article: str) -> ArticleInput:
        """Check an article up to what concerns it alone, and return it."""
        paths = self._article_paths(self._layout, article)
        return self._judged(article, self._text(paths[TEXT]), paths, self.registries, ARTICLE_CHECKS)

    def passed_articles(self) -> list[tuple[Layout, str]]:
        """Return the articles of the passes, each with the layout of its pass."""
        return [(own, folder.name) for own in self._passes for folder in own.article_folders()]

    def passed_article(self, own: Layout, article: str) -> ArticleInput:
        """Check an article of a pass, after the article itself, and return it."""
        name = own.annotations.name
        if name not in self._own:
            self._own[name] = self._registries(own)
        paths = self._article_paths(own, article)
        text = "", ""
        if paths[TEXT] in self._listed and self._gate.failed.get(paths[TEXT]) != 0:
            data = (self._layout.root / paths[TEXT]).read_bytes()
            text = data.decode("utf-8", "replace"), hashlib.sha256(data).hexdigest()
        return self._judged(article, text, paths, self._own[name], _PASS_CHECKS)

    def conclude(self, facts: Facts) -> None:
        """Check what concerns all articles together."""
        path = self._path(self._layout.splits)
        by_kind = {"splits": [path]} | _by_kind(self.registries)
        for layer in LAYERS:
            by_kind[layer] = [self._layer_path(layer, article) for article in facts.articles]
        corpus = CorpusInput(facts, self.registries, self.splits or {}, path, self._layer_path)
        self._gate.run(CORPUS_CHECKS, corpus, by_kind)

    def report(self, articles: int) -> Report:
        """Return the report on all that was found."""
        return Report(located(self._layout.root, self._gate.findings), self._gate.left_out, articles)

    @property
    def passes(self) -> frozenset[str]:
        """The names of the independent passes."""
        return frozenset(own.annotations.name for own in self._passes)

    @property
    def has_errors(self) -> bool:
        """Whether an error was found so far."""
        return self._gate.has_errors

    def _read(self, path: str) -> bytes | None:
        if path in self._closed:
            return None
        try:
            with FileIO(f"{self._prefix}{path}") as file:  # pathlib takes longer to find it than to read it
                data = file.readall()
        except OSError as error:
            self._gate.add([finding("unreadable-file", path, reason=error.strerror or str(error))])
            return None
        self.read[path] = hashlib.sha256(data).hexdigest()
        return data

    def _load(self, path: str, kind: str) -> Any:  # noqa: ANN401 (parsed JSON)
        """Return the document if it is there and passes L1 and L2, else ``None``."""
        data = self._read(path) if path in self._listed else None
        if data is None:
            return None
        document, findings = files.parse_json(path, data)
        self._gate.add(findings)
        if findings or self._gate.last < _SCHEMA:
            return None
        violations = list(files.judge(path, kind, document, self._schemas))
        self._gate.add(violations)
        return None if violations else document

    def _load_all(self, paths: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
        """Return the documents that pass, keyed as their paths; ``prefix`` makes a key a kind."""
        loaded = ((key, self._load(path, f"{prefix}{key}")) for key, path in paths.items())
        return {key: document for key, document in loaded if document is not None}

    def _text(self, path: str) -> tuple[str, str]:
        """Check a raw text by itself; return it and its SHA-256, both empty if it cannot be used."""
        data = self._read(path) if path in self._listed else None
        if data is None:
            self._gate.fail(path)
            return "", ""
        text, findings = files.decode_text(path, data)
        self._gate.add(findings)
        sha256 = self.read[path]
        name = path.removeprefix("raw/")
        self._gate.add(inventory.checksum(name, sha256, self.sums.get(name)))
        if text is None:
            self._gate.fail(path)
        return text or "", sha256

    def _registries(self, layout: Layout) -> RegistryInput:
        """Load and check the registries of the corpus, or those that a pass has of its own."""
        paths = {name: self._path(self._layout.registry(name)) for name in REGISTRIES}
        own = {name: self._path(layout.registry(name)) for name in REGISTRIES}
        paths |= {name: path for name, path in own.items() if path in self._listed}
        documents = self._load_all(paths, "registry-")
        registries = RegistryInput(documents, paths, self._topics, self.passes)
        # what a pass shares with the corpus has been checked with the corpus
        judged = {f"registry-{name}" for name, path in own.items() if paths[name] == path}
        checks = (check for check in REGISTRY_CHECKS if check.reads[0] in judged)
        self._gate.run(checks, registries, _by_kind(registries))
        return registries

    def _judged(
        self,
        article: str,
        text: tuple[str, str],
        paths: Mapping[str, str],
        registries: RegistryInput,
        checks: Sequence[ArticleCheck],
    ) -> ArticleInput:
        documents = self._load_all({kind: path for kind, path in paths.items() if kind != TEXT})
        record = ArticleInput(article, *text, documents, paths, registries)
        by_kind = {kind: [path] for kind, path in paths.items()} | _by_kind(registries)
        self._gate.run(checks, record, by_kind)
        return record

    def _article_paths(self, layout: Layout, article: str) -> dict[str, str]:
        """Return the article's files by kind: all of the corpus', of a pass those that it has."""
        layers = self._layer_paths(layout, article, layout.layers)
        raw = {TEXT: f"raw/{article}.txt", "metadata": f"raw/{article}.json"}
        if layout is self._layout:
            if not any(path in self._listed for path in layers.values()):
                # said once, of the folder; nothing can be said of the whole
                self._gate.failed |= dict.fromkeys(layers.values(), 0)
                return raw
            return raw | layers
        own = {layer: path for layer, path in layers.items() if path in self._listed}
        own.setdefault("segments", self._layer_path("segments", article))
        return {TEXT: raw[TEXT]} | own

    def _layer_path(self, layer: str, article: str) -> str:
        return self._layer_paths(self._layout, article, (layer,))[layer]

    def _layer_paths(self, layout: Layout, article: str, layers: Iterable[str]) -> dict[str, str]:
        if layout not in self._folders:
            self._folders[layout] = self._path(layout.annotations)
        return {layer: f"{self._folders[layout]}/{article}/{layer}.json" for layer in layers}

    def _path(self, path: Path) -> str:
        return path.as_posix().removeprefix(self._prefix)


def _is_text(path: str) -> bool:
    return path.startswith("raw/") and path.endswith(".txt")


def _by_kind(registries: RegistryInput) -> dict[str, list[str]]:
    return {f"registry-{name}": [path] for name, path in registries.paths.items()}
