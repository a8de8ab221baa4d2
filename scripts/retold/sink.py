"""Where rows go on their way to files: filled with words, counted, written batch by batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retold.features import LabelSets, Row, TextFiller
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
            config.name: TextFiller(config.columns, text_of) for config in CONFIGS if text_of is not None
        }
        self._rows: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        self._writers: dict[tuple[str, str], TableWriter] = {}
        self.counts: Counts = Counter()

    def add(self, config: str, split: str, rows: Sequence[Row], dropped: int = 0) -> None:
        """Take rows of a table, in their final order; ``dropped`` of them are not in the clean view."""
        if config in self._fillers:
            self._fillers[config].fill(rows)
        self.counts += count_labels(CONFIG_OF[config], rows) + count_view(config, len(rows), dropped)
        self._rows[config, split].extend(rows)

    def flush(self) -> None:
        """Write what was collected, as one row group a table."""
        for (config, split), rows in self._rows.items():
            if rows:
                self._writer(config, split).write(rows)
        self._rows.clear()

    def close(self) -> list[Part]:
        """Write the rest, finish the files and return them."""
        self.flush()
        return [
            Part(config, split, self._shard, writer.close())
            for (config, split), writer in self._writers.items()
        ]

    def _writer(self, config: str, split: str) -> TableWriter:
        if (config, split) not in self._writers:
            path = self._folder / config / f"{split}.{self._shard}.parquet"
            columns = CONFIG_OF[config].columns
            self._writers[config, split] = TableWriter(path, columns, self._labels, self._canary)
        return self._writers[config, split]


def name_files(parts: Sequence[Part], splits: Sequence[str]) -> list[TableFile]:
    """Give the parts their final names and return them by config, split (in the order given) and shard.

    A split in one part is ``<config>/<split>.parquet``, in more ``<config>/<split>-00000-of-00020.parquet``.
    """
    files = []
    for config in CONFIGS:
        for split in splits:
            table = sorted(
                (part for part in parts if (part.config, part.split) == (config.name, split)),
                key=lambda part: part.shard,
            )
            files += [_name(part, number, len(table)) for number, part in enumerate(table)]
    return files


def _name(part: Part, number: int, total: int) -> TableFile:
    numbering = f"-{number:05d}-of-{total:05d}" if total > 1 else ""
    written = part.written
    path = written.path.rename(written.path.with_name(f"{part.split}{numbering}.parquet"))
    return TableFile(
        config=part.config,
        split=part.split,
        path=f"{part.config}/{path.name}",
        rows=written.rows,
        bytes=written.bytes,
        sha256=written.sha256,
        digest=written.digest,
    )
