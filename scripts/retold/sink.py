"""Where tables go on their way to files: counted, written batch by batch, named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from retold.features import LabelSets
from retold.manifest import Counts, TableFile, count_labels, count_view
from retold.parquet import TableWriter, Written
from retold.tables import CONFIG_OF, CONFIGS


@dataclass(frozen=True, slots=True)
class Part:
    """A finished file of one shard of a split of a config."""

    config: str
    split: str
    shard: int
    written: Written


class Sink:
    """Writes the tables of one shard, of any config and split; only tables with rows become files."""

    def __init__(self, folder: Path, shard: int, labels: LabelSets, canary: str | None = None) -> None:
        """Begin a shard."""
        self._folder = folder
        self._shard = shard
        self._labels = labels
        self._canary = canary
        self._writers: dict[tuple[str, str], TableWriter] = {}
        self.counts: Counts = Counter()

    def add(self, config: str, split: str, table: pa.Table, dropped: int = 0) -> None:
        """Write the next rows of a table; ``dropped`` of them are not in the clean view."""
        self.counts.update(count_view(config, len(table), dropped))
        self.write(config, split, table)

    def write(self, config: str, split: str, table: pa.Table) -> None:
        """Write the next rows of a table, as one row group; the clean view of them is not counted."""
        if len(table):
            self.counts.update(count_labels(CONFIG_OF[config], table))
            self._writer(config, split).write(table)

    def close(self) -> list[Part]:
        """Finish the files and return them."""
        return [
            Part(config, split, self._shard, writer.close())
            for (config, split), writer in self._writers.items()
        ]

    def _writer(self, config: str, split: str) -> TableWriter:
        if (config, split) not in self._writers:
            path = self._folder / config / f"{split}.parquet"
            columns = CONFIG_OF[config].columns
            self._writers[config, split] = TableWriter(path, columns, self._labels, self._canary)
        return self._writers[config, split]


def name_files(folder: Path, parts: Sequence[Part], splits: Sequence[str]) -> list[TableFile]:
    """Give the parts their final names below ``folder``; return them by config, split and shard.

    A split in one part is ``<config>/<split>.parquet``, in more ``<config>/<split>-00000-of-00020.parquet``.
    ``splits`` gives the order of the splits.
    """
    of_table: defaultdict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in sorted(parts, key=lambda part: part.shard):
        of_table[part.config, part.split].append(part)
    files = []
    for config in CONFIGS:
        for split in splits:
            table = of_table[config.name, split]
            files += [_name(folder, part, number, len(table)) for number, part in enumerate(table)]
    return files


def _name(folder: Path, part: Part, number: int, total: int) -> TableFile:
    numbering = f"-{number:05d}-of-{total:05d}" if total > 1 else ""
    written, path = part.written, f"{part.config}/{part.split}{numbering}.parquet"
    (folder / part.config).mkdir(exist_ok=True)
    try:
        (folder / path).hardlink_to(written.path)  # the part stays where an interrupted build finds it
    except OSError:
        written.path.rename(folder / path)
    return TableFile(
        config=part.config,
        split=part.split,
        path=path,
        rows=written.rows,
        bytes=written.bytes,
        sha256=written.sha256,
        digest=written.digest,
    )
