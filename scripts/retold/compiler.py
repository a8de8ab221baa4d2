"""From a corpus to its tables: checked and compiled shard by shard, so that memory does not grow with it.

Each article is read once, by the shard that holds it; what is true of all articles together is checked from
the small facts that the shards return, and the corpus-wide tables are made from the shards' tables.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa

import retold
from retold.corpus_forms import Begun, Form, form_of
from retold.corpus_tables import CorpusTables
from retold.croissant import make_croissant, write_croissant
from retold.engines import Engine, local_engine
from retold.findings import Issues
from retold.layout import SHARD_ARTICLES, Layout
from retold.manifest import Counts, Json, Made, canary, make_manifest, write_manifest
from retold.records import Splits
from retold.report import Report
from retold.schemas import Schemas
from retold.shard_compiler import SourceChangedError, compile_shard, label_sets
from retold.shards import Shard, ShardResult, Share, saved_result
from retold.sink import Part, name_files
from retold.tables import CORPUS_SPLIT
from retold.tables.claim_pairs import SPLIT_ORDER
from retold.tables.context import Context
from retold.validation import Progress, validate

SHARDS = "shards"
KEPT_FROM_ARTICLES = 1000
CORPUS = "corpus"


@dataclass(frozen=True, slots=True)
class Options:
    """How to compile; the tables are the same for any but ``texts`` and ``shard_articles``.

    ``texts`` says if words are filled in, ``shard_articles`` is the most articles of a file, ``jobs`` the
    number of worker processes (``None``: by the size of the corpus), ``engine`` runs the shards instead of
    worker processes here.
    """

    texts: bool = True
    shard_articles: int = SHARD_ARTICLES
    jobs: int | None = None
    engine: Engine | None = None


@dataclass(frozen=True, slots=True)
class Compilation:
    """What came of it: the manifest, or the report of a corpus that has errors."""

    manifest: Json | None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the corpus at ``layout`` into ``folder``, judged by ``schemas`` and ``issues``."""

    layout: Layout
    schemas: Schemas
    issues: Issues
    folder: Path
    options: Options = Options()
    progress: Progress | None = None

    def compile(self) -> Compilation:
        """Check the corpus and write all tables, the manifest and its description.

        Shards that stand finished in ``folder``, from a build that was interrupted, are not done again.

        Raises:
            SourceChangedError: The corpus was changed meanwhile.
            EngineError: The engine cannot be used.
            concurrent.futures.BrokenExecutor: A worker process died.
            OSError: Something cannot be read or written.
        """
        form = form_of(self.layout, self.schemas, self.issues)
        _clear(self.folder)
        first = compile_shard if self.options.engine is None else None
        with local_engine(self.options.jobs, form.articles(), first) as local:
            return self._compile(form, local)

    def _compile(self, form: Form, local: Engine) -> Compilation:
        begun = form.begin(self.folder)
        if begun is None:
            return self._refused()
        shards = form.shards(self._share(begun), self.folder / SHARDS, self.options.shard_articles)
        articles = sum(len(shard.articles) for shard in shards)
        with _kept(self.folder / SHARDS, shards, if_failed=articles >= KEPT_FROM_ARTICLES):
            results = self._compiled(shards, self.options.engine or local)
            splits = None if results is None else form.conclude(shards, results)
            if results is None or splits is None:
                return self._refused()
            return Compilation(self._finish(begun, splits, results, local))

    def _refused(self) -> Compilation:
        """Return the report on a corpus that has errors, as ``validate`` gives it."""
        report = validate(self.layout, self.schemas, self.issues, progress=self.progress)
        if any(self.issues[found.code].severity == "error" for found in report.findings):
            return Compilation(None, report)
        raise SourceChangedError(f"{self.layout.root} was changed during the build: build again")

    def _share(self, begun: Begun) -> Share:
        told = [
            sorted(begun.registry_sums),
            sorted(begun.passes),
            _digest(sorted(self.schemas.folder.rglob("*.json"))),
            _digest(sorted(Path(retold.__file__).parent.rglob("*.py"))),
            pa.__version__,
            self.options.texts,
            canary(self.layout.root),
        ]
        return Share(
            layout=self.layout,
            schema=self.schemas.folder,
            registries=begun.registry_sums,
            passes=begun.passes,
            key=hashlib.sha256(orjson.dumps(told)).hexdigest(),
            canary=canary(self.layout.root),
            texts=self.options.texts,
            store=begun.store,
        )

    def _compiled(self, shards: Sequence[Shard], engine: Engine) -> list[ShardResult] | None:
        """Return the results of the shards in their order, ``None`` as soon as one has errors."""
        results = {shard.number: result for shard in shards if (result := saved_result(shard)) is not None}
        total = sum(len(shard.articles) for shard in shards)
        done = sum(len(shard.articles) for shard in shards if shard.number in results)
        todo = [shard for shard in shards if shard.number not in results]
        todo.sort(key=lambda shard: len(shard.articles), reverse=True)  # no large one is left for the end
        for shard, result in engine.run(compile_shard, todo):
            if not result.valid:
                return None
            results[shard.number] = result
            done += len(shard.articles)
            if self.progress is not None:
                self.progress(done, total)
        return [results[number] for number in sorted(results)]

    def _finish(self, begun: Begun, splits: Splits, results: Sequence[ShardResult], local: Engine) -> Json:
        """Make what is of all articles together, from files that lie here, and describe the whole."""
        parts = [part for result in results for part in result.parts]
        context = Context(begun.registries.registry, label_sets(self.schemas))
        split_of = {article: name for name, ids in splits.splits.items() for article in ids}
        corpus = CorpusTables(parts, context, split_of, self.folder / CORPUS, canary(self.layout.root))
        dropped = frozenset().union(*(result.dropped_claims for result in results))
        made, counts = corpus.write(local, dropped)
        parts += made
        for result in results:
            counts.update(result.counts)
        inputs = {path: sha256 for result in results for path, sha256 in result.inputs.items()}
        manifest = self._describe(splits, parts, counts, {**inputs, **begun.shared}, context)
        if begun.store is not None:
            begun.store.unlink()
        return manifest

    def _describe(
        self, splits: Splits, parts: list[Part], counts: Counts, inputs: Mapping[str, str], context: Context
    ) -> Json:
        files = name_files(self.folder, parts, (*SPLIT_ORDER, CORPUS_SPLIT))
        made = Made(inputs, pa.__version__, self.options.texts, self.options.shard_articles)
        manifest = make_manifest(self.layout, splits, files, counts, made)
        write_manifest(manifest, self.folder)
        write_croissant(make_croissant(manifest, self.layout, context.labels), self.folder)
        shutil.rmtree(self.folder / CORPUS)
        return manifest


def _clear(folder: Path) -> None:
    """Remove what an interrupted build left beside its finished shards."""
    (folder / SHARDS).mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path != folder / SHARDS:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def _kept(folder: Path, shards: Sequence[Shard], *, if_failed: bool) -> Iterator[None]:
    """Let shards be compiled below ``folder``, and remove it in the end.

    What an earlier build left of other shards goes at once. If this one fails, finished shards stay for the
    next one ``if_failed``; without, a small corpus would leave things about that save nobody any time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = {shard.folder.name for shard in shards}
    for path in folder.iterdir():
        if path.name not in known:
            shutil.rmtree(path)
    try:
        yield
    except BaseException:
        if not if_failed:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder)


def _digest(paths: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths)).hexdigest()
