"""What a validation found, put in order: findings with line and column, checks that were left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retold.findings import Finding
from retold.frozen import record

if TYPE_CHECKING:
    from retold.source_map import SourceMap


@record
class LeftOut:
    """A check that did not run somewhere, and the files that kept it from running, sorted."""

    level: str
    check: str
    files: tuple[str, ...]


@record
class Report:
    """Findings sorted by file and place, checks left out by level and name, the number of articles."""

    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...]
    articles: int

    def only(self, paths: Iterable[str]) -> Report:
        """Return the report on some files and folders, relative to the root (``.`` is all of it)."""
        wanted = tuple(paths)
        kept = tuple(found for found in self.findings if is_within(found.path, wanted))
        return Report(kept, self.left_out, self.articles)


def is_within(path: str, places: Iterable[str]) -> bool:
    """Whether a file is one of these files or lies in one of these folders, all relative to the root."""
    return any(place in (".", path) or path.startswith(f"{place}/") for place in places)


def located(root: Path, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give each finding its line and column; sort, drop repetitions.

    Only files whose findings have a pointer and no position are read again.
    """
    by_path = defaultdict(set)
    for found in findings:
        by_path[found.path].add(found)
    placed: list[Finding] = []
    for path, group in by_path.items():
        lost = {found for found in group if found.position is None and found.pointer}
        placed += group - lost
        if lost:
            from retold.source_map import SourceMap  # noqa: PLC0415 (only a corpus with faults pays)

            source = SourceMap.parse((root / path).read_bytes().decode("utf-8"))
            placed += (_locate(found, source) for found in lost)
    return tuple(sorted(placed, key=Finding.sort_key))


def _locate(found: Finding, source: SourceMap) -> Finding:
    where = source.locate(found.pointer)
    return replace(found, position=(where.line, where.column))
