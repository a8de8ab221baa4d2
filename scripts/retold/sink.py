"""Where rows go on their way to files: filled with words, counted, written batch by batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from retold.arrow_columns import list_array, struct_array
from retold.features import Column, LabelSets, Row, TextFiller, fields
from retold.manifest import Counts, TableFile, count_labels, count_view
from retold.parquet import TableWriter, Written, rows_table
from retold.tables import CONFIG_OF, CONFIGS


@dataclass(frozen=True, slots=True)
class Part:
    """A finished file of one shard of a split of a config."""

    config: str
    split: str
    shard: int
    written: Written


class Sink:
    """Collects the rows of one shard, of any config and split; only tables with rows become files."""

    def __init__(
        self,
        folder: Path,
        shard: int,
        labels: LabelSets,
        text_of: Callable[[str], str] | None,
        canary: str | None = None,
    ) -> None:
        """Begin a shard; ``text_of`` gives an article's text from its id, ``None`` leaves words out."""
        self._folder = folder
        self._shard = shard
        self._labels = labels
        self._canary = canary
        self._fillers = {
            config.name: TextFiller(_own(config.columns), text_of)
            for config in CONFIGS
            if text_of is not None
        }
        self._rows: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        self._sizes: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._writers: dict[tuple[str, str], TableWriter] = {}
        self.counts: Counts = Counter()

    def add(self, config: str, split: str, rows: Sequence[Row], dropped: int = 0) -> None:
        """Take rows of a table, in their final order; ``dropped`` of them are not in the clean view.

        The rows of an article are added at once, so that its row of ``articles`` can nest them.
        """
        if config in self._fillers:
            self._fillers[config].fill(rows)
        self.counts.update(count_view(config, len(rows), dropped))
        self._rows[config, split].extend(rows)
        self._sizes[config, split].append(len(rows))

    @property
    def waiting(self) -> int:
        """How many rows were collected and not written yet."""
        return sum(map(len, self._rows.values()))

    def flush(self) -> None:
        """Write what was collected, as one row group a table."""
        tables: dict[tuple[str, str], pa.Table] = {}
        for config in sorted(CONFIGS, key=lambda config: _own(config.columns) != config.columns):
            for split in sorted(split for name, split in self._rows if name == config.name):
                rows = self._rows[config.name, split]
                made = {
                    column.name: self._nested(column, split, tables)
                    for column in config.columns
                    if column.rows_of is not None
                }
                tables[config.name, split] = rows_table(config.columns, rows, self._labels, made)
        for (name, split), table in tables.items():
            if len(table):
                self.write(name, split, table)
        self._rows.clear()
        self._sizes.clear()

    def write(self, config: str, split: str, table: pa.Table) -> None:
        """Write rows that are a table already, as one row group."""
        self.counts.update(count_labels(CONFIG_OF[config], table))
        self._writer(config, split).write(table)

    def _nested(self, column: Column, split: str, tables: Mapping[tuple[str, str], pa.Table]) -> pa.Array:
        """Return a column that nests the rows of another table, an article a list."""
        key = (str(column.rows_of), split)
        kept = [field.name for field in fields(column.feature)]
        arrays = {name: tables[key][name].combine_chunks() for name in kept}
        return list_array(struct_array(arrays, len(tables[key])), self._sizes[key])

    def close(self) -> list[Part]:
        """Write the rest, finish the files and return them."""
        self.flush()
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


def _own(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns that nest no other table's rows."""
    return tuple(column for column in columns if column.rows_of is None)


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
