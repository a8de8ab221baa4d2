"""Rows of the claims tables by their numbers, from copies that are mapped into memory.

Parquet cannot be read row by row; uncompressed Arrow files can, and what was read can be given back to the
system. A ``ClaimRows`` says only where the copies are, so it can be sent to any process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from retold.tables.columnar import Integers, starts_of, to_arrow

SIDE_COLUMNS = (
    "claim_id",
    "article_id",
    "fold",
    "block_id",
    "sentence_id",
    "sentence_ids",
    "proposition",
    "spans",
    "text",
    "canonical_id",
)
ROW_COLUMNS = (*SIDE_COLUMNS, "entity_ids")


def row_groups(path: Path, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield some columns of a Parquet file, a piece at a time."""
    with path.open("rb") as opened, pq.ParquetFile(opened) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number, columns=list(columns), use_threads=False)


def copy_claims(part: Path, target: Path) -> None:
    """Copy what pairs need of a claims table from Parquet to an Arrow file."""
    with part.open("rb") as opened:
        schema = pq.read_schema(opened)
    kept = pa.schema([schema.field(name) for name in ROW_COLUMNS])
    with target.open("wb") as file, pa.ipc.new_file(file, kept) as writer:
        for table in row_groups(part, ROW_COLUMNS):
            writer.write_table(table.select(ROW_COLUMNS).cast(kept))


def copied_claims(target: Path) -> Iterator[pa.Table]:
    """Yield a copy, a piece at a time, without reading it before it is used."""
    with _mapped(target) as source, pa.ipc.open_file(source) as reader:
        for number in range(reader.num_record_batches):
            yield pa.Table.from_batches([reader.get_batch(number)])


def _mapped(path: Path) -> pa.BufferReader:
    """Return a file mapped into memory, until nothing refers to it (pyarrow maps no path but UTF-8)."""
    with path.open("rb") as file:
        return pa.BufferReader(pa.py_buffer(mmap(file.fileno(), 0, access=ACCESS_READ)))


@dataclass(frozen=True, slots=True)
class ClaimRows:
    """The copies of all claims tables; rows are counted over all of them, in the order of ``files``.

    ``pieces`` are the numbers of rows of each piece of each file.
    """

    files: tuple[Path, ...]
    pieces: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, files: Sequence[Path]) -> ClaimRows:
        """Return the rows of copies in this order."""
        return cls(tuple(files), tuple(tuple(len(table) for table in copied_claims(file)) for file in files))

    def take(self, rows: Integers) -> pa.Table:
        """Return rows with ``ROW_COLUMNS``; ``rows`` are their numbers, ascending, each once."""
        found: list[pa.Table] = []
        starts = starts_of([sum(pieces) for pieces in self.pieces])
        cuts = np.searchsorted(rows, starts)
        for number, (low, high) in enumerate(pairwise(cuts.tolist())):
            if low < high:
                found += self._of_file(number, rows[low:high] - starts[number])
        return pa.concat_tables(found).combine_chunks()

    def _of_file(self, number: int, rows: Integers) -> Iterator[pa.Table]:
        starts = starts_of(self.pieces[number])
        cuts = np.searchsorted(rows, starts)
        with _mapped(self.files[number]) as source, pa.ipc.open_file(source) as reader:
            for piece in np.flatnonzero(np.diff(cuts)).tolist():
                own = rows[cuts[piece] : cuts[piece + 1]] - starts[piece]
                yield pa.Table.from_batches([reader.get_batch(piece).take(to_arrow(own))])
