"""The corpora that tests compile, and how they run things in a process of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from retold.compiler import Compiler, Options
from retold.findings import read_issues
from retold.layout import SHARD_ARTICLES, layout_of
from retold.manifest import write_manifest
from retold.records import Article, Span
from retold.schemas import Schemas, find_schema_folder

REPOSITORY = Path(__file__).resolve().parent.parent
TINY = REPOSITORY / "tests" / "fixtures" / "valid" / "tiny"
CARD = """---
license: other
configs:
- config_name: old
  data_files: old.parquet
pretty_name: Tiny
---

# Tiny

<!-- retold:example -->
<!-- /retold:example -->

Words of the author.

<!-- retold:columns -->
outdated
<!-- /retold:columns -->
"""


def copy_tiny(folder: Path) -> Path:
    """Copy the tiny corpus to ``folder/tiny`` with a card, and return its root."""
    root = folder / "tiny"
    shutil.copytree(TINY, root)
    (root / "README.md").write_text(CARD, encoding="utf-8")
    return root


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Change a JSON file in place."""
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def compile_to(
    root: Path, folder: Path, *, texts: bool = True, jobs: int = 1, shard_articles: int = SHARD_ARTICLES
) -> dict[str, Any]:
    """Compile a valid corpus into an empty folder and return the manifest."""
    options = Options(texts=texts, jobs=jobs, shard_articles=shard_articles)
    schemas = Schemas(find_schema_folder(root))
    layout = layout_of(root)
    assert layout is not None
    manifest = Compiler(layout, schemas, read_issues(), folder, options).compile().manifest
    assert manifest is not None
    return manifest


def stand_in_manifest(root: Path) -> None:
    """Write the manifest of a build of no tables, of the data digest ``abc``."""
    manifest: dict[str, Any] = {"data_version": None, "data_digest": "abc", "canary": None, "texts": True}
    manifest |= {"made_with": {}, "splits": {}, "configs": {}, "counts": {}, "inputs": {}}
    write_manifest(manifest, root / "build")


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def die(_: object) -> None:
    """End the process as the system does that runs out of memory: at once, with no exception."""
    os._exit(9)


def run_python(
    code: str, *arguments: object, home: Path, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python code in a fresh process with an empty cache and no network."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={
            **os.environ,
            "PYTHONPATH": str(REPOSITORY / "scripts"),
            "HF_HOME": str(home),
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
            **(env or {}),
        },
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def gold_spans(article: Article) -> Iterator[Span]:
    """Yield every annotated span of every layer of an article."""
    for block in article.blocks:
        yield from (sentence.span for sentence in block.sentences)
    for quote in article.quotes:
        yield from (*quote.content, *quote.cue, *quote.cue_group, *quote.source, *quote.verbatim)
    yield from (mark.span for mark in article.other_marks)
    yield from (mention.span for mention in article.mentions)
    for claim in article.claims:
        yield from claim.spans
    for flag in article.metadata.flags:
        yield from flag.words
