"""Deterministic Parquet that ``datasets`` restores with all its features, and a digest of the rows.

The files are what ``Dataset.to_parquet`` would write (snappy, content-defined chunking, page index,
features in the schema's ``huggingface`` key), written with pyarrow alone because ``datasets`` takes a
second to import. The same rows give the same bytes under one version of pyarrow; the digest
(``row_digest``) is the same under all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from retold.arrow_columns import arrow_type, row_columns
from retold.features import Column, LabelSets, Row, to_json
from retold.locations import pyarrow_takes
from retold.row_digest import RowDigest

CHUNKING = {"min_chunk_size": 256 * 1024, "max_chunk_size": 1024 * 1024, "norm_level": 0}


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: ``rows``, size in ``bytes``, SHA-256 of the bytes, digest of the rows."""

    path: Path
    rows: int
    bytes: int
    sha256: str
    digest: str


def arrow_schema(columns: tuple[Column, ...], labels: LabelSets) -> pa.Schema:
    """Return the schema of a table, with the features that ``datasets`` reads."""
    features = {"info": {"features": to_json(columns, labels)}}
    return pa.schema(
        [pa.field(column.name, arrow_type(column.feature)) for column in columns],
        metadata={"huggingface": json.dumps(features)},
    )


def rows_table(columns: tuple[Column, ...], rows: Sequence[Row], labels: LabelSets) -> pa.Table:
    """Return rows as a table of a config; ``ValueError`` if a row's keys are not its columns."""
    names = {column.name for column in columns}
    for row in rows:
        if row.keys() != names:
            raise ValueError(f"columns differ: {sorted(row.keys() ^ names)}")
    return columns_table(columns, row_columns(columns, rows), labels)


def columns_table(columns: tuple[Column, ...], arrays: Mapping[str, pa.Array], labels: LabelSets) -> pa.Table:
    """Return arrays, in any order, as a table with the schema of its config.

    Raises:
        ValueError: The arrays are not its columns.
        TypeError: An array is not of the type of its column.
    """
    schema = arrow_schema(columns, labels)
    if arrays.keys() != set(schema.names):
        raise ValueError(f"columns differ: {sorted(arrays.keys() ^ set(schema.names))}")
    return pa.Table.from_arrays([arrays[name] for name in schema.names], schema=schema)


class TableWriter:
    """Writes one Parquet file, a row group for each table, and digests the rows as they pass."""

    def __init__(
        self, path: Path, columns: tuple[Column, ...], labels: LabelSets, canary: str | None = None
    ) -> None:
        """Begin a file; ``canary`` goes into its metadata, beside the rows and not into their digest."""
        self._path = path
        self._canary = {} if canary is None else {"canary": canary}
        schema = arrow_schema(columns, labels)
        self._digest = RowDigest(schema)
        self._rows = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = None if pyarrow_takes(str(path)) else path.open("wb")
        self._writer = pq.ParquetWriter(
            self._file or path,
            schema,
            compression="snappy",
            use_content_defined_chunking=CHUNKING,
            write_page_index=True,
            store_schema=True,
        )

    def write(self, table: pa.Table) -> None:
        """Write the next rows; ``ValueError`` if the columns are not those of the file."""
        self._writer.write_table(table)
        self._digest.update(table)
        self._rows += len(table)

    def close(self) -> Written:
        """Finish the file and return what it is."""
        added = {"content_defined_chunking": json.dumps(CHUNKING), **self._canary}
        self._writer.add_key_value_metadata(added)
        self._writer.close()
        if self._file is not None:
            self._file.close()
        with self._path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Written(
            path=self._path,
            rows=self._rows,
            bytes=self._path.stat().st_size,
            sha256=sha256,
            digest=self._digest.hexdigest(),
        )


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file."""
    with path.open("rb") as opened, pq.ParquetFile(opened) as file:
        for batch in file.iter_batches():
            yield from batch.to_pylist()


def file_digest(path: Path) -> str:
    """Return the digest of the rows of a file, as ``TableWriter`` gave it."""
    with path.open("rb") as opened, pq.ParquetFile(opened) as file:
        digest = RowDigest(file.schema_arrow)
        for batch in file.iter_batches():
            digest.update(batch)
    return digest.hexdigest()
