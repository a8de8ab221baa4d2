"""Runs the checks over a corpus in JSON Lines: registries into a store, then shard by shard, line by line.

A finding of an article gets its place while its line is at hand. The documents of a line are told apart by
paths of their own (``shards/train.jsonl:12/quotes``), which no file has: no finding leaves with one.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from retold.checks import ARTICLE_CHECKS, CORPUS_CHECKS, files
from retold.checks.facts import Facts
from retold.checks.inputs import TEXT, ArticleInput, CorpusInput, RegistryInput
from retold.checks.lines import ShardArticles, article_id, folds, is_shard, line_path, names, no_lines, order
from retold.findings import LEVELS, Finding, Issues, finding
from retold.gate import Gate
from retold.json_lines import columns
from retold.layout import CORPUS_LAYERS, LineLayout
from retold.line_registries import PATHS, RegistryLoader, placed
from retold.locations import Lines, LocationError
from retold.report import LeftOut, Report
from retold.schemas import Schemas

KINDS = ("metadata", *CORPUS_LAYERS)  # of the documents of a line
LINE = "article"  # the schema of a line as a whole

_SCHEMA = LEVELS.index("L2")
_LINE_PATH = re.compile(r"(?P<path>.+):(?P<line>[0-9]+)/(?P<kind>[a-z]*)")


def validate_lines(
    layout: LineLayout,
    schemas: Schemas,
    issues: Issues,
    level: str,
    progress: Callable[[int, int], None] | None,
) -> Report:
    """Check a whole corpus in JSON Lines; ``validation.validate`` says with what.

    ``progress`` is called after each file of articles.
    """
    validation, facts = LineValidation(layout, schemas, issues, level), Facts()
    with tempfile.TemporaryDirectory(prefix="retold-") as folder:
        shards = validation.begin(Path(folder) / "registries.sqlite")
        for done, shard in enumerate(shards, 1):
            for article, _ in validation.articles(shard):
                facts.add(article)
            if progress is not None:
                progress(done, len(shards))
        validation.conclude(facts)
        return validation.report()


class LineValidation:
    """A validation of the line form under way.

    ``registries`` is set by ``begin`` or ``go_on``, ``read`` is the SHA-256 of what was read, by path,
    ``registry_sums`` of the registries alone, ``shards`` are the articles of those read to their end.
    """

    def __init__(self, layout: LineLayout, schemas: Schemas, issues: Issues, level: str = LEVELS[-1]) -> None:
        self._gate = Gate(issues, level)
        self._layout = layout
        self._schemas = schemas
        self._lines = 0
        self._uses: dict[str, set[str]] = {}
        self.shards: list[ShardArticles] = []
        self.registries: RegistryInput
        self.registry_sums: dict[str, str] = {}
        self.read: dict[str, str] = {}

    @property
    def has_errors(self) -> bool:
        """Whether an error was found so far."""
        return self._gate.has_errors

    def begin(self, store: Path) -> list[str]:
        """Check names and registries, and put these into ``store``; return the shards, sorted."""
        listed = self._layout.files()
        self._gate.add(names(listed))
        loader = RegistryLoader(self._layout.root, self._schemas, self._gate)
        self.registries, self.registry_sums = loader.load(listed, store)
        self._uses, read = loader.uses(listed)
        self.read = {**self.registry_sums, **read}
        return [path for path in listed if is_shard(path)]

    def go_on(self, registries: RegistryInput) -> None:
        """Take what ``begin`` of another validation found; this one is about some of its shards."""
        self.registries = registries

    def articles(self, path: str) -> Iterator[tuple[ArticleInput, int]]:
        """Check a shard, and yield its articles with their folds; a line that is no article is left out.

        Raises:
            LocationError: The shard is at a URL that cannot be read.
        """
        lines = Lines(self._layout.location(path))
        own = ShardArticles(path, [], [], [])
        number = 0
        try:
            for number, data in lines:
                found = self._line(path, number, data)
                if found is not None:
                    own.take(number, found[0].id, found[1])
                    yield found
        except LocationError:
            raise
        except OSError as error:
            self._gate.add([finding("unreadable-file", path, reason=error.strerror or str(error))])
            return
        if not number:
            self._gate.add([no_lines(path)])
        self._lines += number
        self.read[path] = lines.sha256
        self.shards.append(own)

    def conclude(self, facts: Facts) -> None:
        """Check what concerns all articles together."""
        self._gate.add(order(self.shards))
        self._gate.add(folds(self.shards))
        by_kind = {f"registry-{name}": [path] for name, path in PATHS.items()}
        for layer in CORPUS_LAYERS:
            failed = [path for path in self._gate.failed if path.endswith(f"/{layer}")]
            by_kind[layer] = failed or [layer] * bool(facts.articles)
        for name, ids in self._uses.items():
            facts.used[name] |= ids
        corpus = CorpusInput(facts, self.registries, {}, "", self._path)
        self._gate.run(CORPUS_CHECKS, corpus, by_kind)

    def report(self) -> Report:
        """Return the report on all that was found.

        Raises:
            OSError: A shard in which an article differs from others is not there any more.
        """
        store = self.registries.store
        found = self._gate.findings if store is None else list(placed(self._gate.findings, store))
        found = list(self._read_again(found))
        left_out = (
            LeftOut(entry.level, entry.check, tuple(sorted(set(map(_without_kind, entry.files)))))
            for entry in self._gate.left_out
        )
        return Report(tuple(sorted(set(found), key=Finding.sort_key)), tuple(left_out), self._lines)

    def _line(self, path: str, number: int, data: bytes) -> tuple[ArticleInput, int] | None:
        start = len(self._gate.findings)
        document, findings = files.parse_line(path, number, data)
        self._gate.add(findings)
        if findings or self._gate.last < _SCHEMA:
            return None
        found = self._judged(path, number, document)
        new = self._gate.findings[start:]
        if new:
            self._gate.findings[start:] = _in_line(new, data)
        return found

    def _judged(self, path: str, number: int, document: Any) -> tuple[ArticleInput, int] | None:  # noqa: ANN401
        """Check a line, parsed; return its article, if one can tell which it is, and its fold."""
        whole = line_path(path, number, "")
        findings = list(files.judge(whole, LINE, document, self._schemas))
        self._gate.add(findings)
        if not isinstance(document, dict) or any(found.pointer[:1] == ("article",) for found in findings):
            return None
        if "article" not in document:
            return None
        article = document["article"]
        self._gate.add(article_id(whole, article))
        paths = {kind: line_path(path, number, kind) for kind in (TEXT, *KINDS)}
        text = document.get(TEXT)
        if not isinstance(text, str):
            self._gate.fail(paths[TEXT])
            text = ""
        sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
        documents = self._documents(document, paths)
        found = ArticleInput(article, text, sha256, documents, paths, self.registries)
        by_kind = {kind: [path] for kind, path in (*paths.items(), *_REGISTRY_KINDS)}
        self._gate.run(ARTICLE_CHECKS, found, by_kind)
        fold = document.get("fold")
        return found, fold if isinstance(fold, int) else 0

    def _documents(self, document: dict[str, Any], paths: dict[str, str]) -> dict[str, dict[str, Any]]:
        """Return the documents of a line that pass their schemas."""
        documents = {}
        for kind in KINDS:
            value = document.get(kind)
            violations = list(files.judge(paths[kind], kind, value, self._schemas)) if value else []
            self._gate.add(violations)
            if isinstance(value, dict) and not violations:
                documents[kind] = value
            else:
                self._gate.fail(paths[kind], _SCHEMA)
        return documents

    def _path(self, layer: str, article: str) -> str:
        return f"{self._line_of[article]}/{layer}"

    @cached_property
    def _line_of(self) -> dict[str, str]:
        """The file and line of each article; asked for only where findings concern several."""
        return {
            article: f"{shard.path}:{line}"
            for shard in self.shards
            for line, article in zip(shard.lines, shard.articles, strict=True)
        }

    def _read_again(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Place the findings on several articles, whose lines are at hand no more."""
        lost: defaultdict[str, defaultdict[int, list[Finding]]] = defaultdict(lambda: defaultdict(list))
        for found in findings:
            match = _LINE_PATH.fullmatch(found.path)
            if match is None:
                yield found
            else:
                lost[match["path"]][int(match["line"])].append(found)
        for path, by_line in lost.items():
            for number, data in Lines(self._layout.location(path)):
                if number in by_line:
                    yield from _in_line(by_line[number], data)


_REGISTRY_KINDS = tuple((f"registry-{name}", path) for name, path in PATHS.items())


def _in_line(findings: list[Finding], data: bytes) -> list[Finding]:
    """Give findings on the documents of a line the file, line and column."""
    matches = [_LINE_PATH.fullmatch(found.path) for found in findings]
    pointers = [
        (match["kind"], *found.pointer) if match and match["kind"] else found.pointer
        for match, found in zip(matches, findings, strict=True)
    ]
    return [
        replace(found, path=match["path"], pointer=pointer, position=(int(match["line"]), column))
        if match
        else found
        for match, found, pointer, column in zip(
            matches, findings, pointers, columns(data, pointers), strict=True
        )
    ]


def _without_kind(path: str) -> str:
    match = _LINE_PATH.fullmatch(path)
    return f"{match['path']}:{match['line']}" if match else path
