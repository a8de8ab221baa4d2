"""Deterministic Parquet that ``datasets`` restores with all its features, and a digest of the rows.

The files are what ``Dataset.to_parquet`` would write (snappy, content-defined chunking, page index,
features in the schema's ``huggingface`` key), written with pyarrow alone because ``datasets`` takes a
second to import. The same rows give the same bytes under one version of pyarrow; the digest is the same
under all.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.json import ParseOptions, ReadOptions, read_json

from retold.features import ClassLabel, Column, Feature, LabelSets, ListOf, Row, Struct, Value, to_json

CHUNKING = {"min_chunk_size": 256 * 1024, "max_chunk_size": 1024 * 1024, "norm_level": 0}
_TYPES = {"string": pa.string(), "int32": pa.int32(), "bool": pa.bool_()}


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: ``rows``, size in ``bytes``, SHA-256 of the bytes, digest of the rows."""

    path: Path
    rows: int
    bytes: int
    sha256: str
    digest: str


def arrow_type(feature: Feature) -> pa.DataType:
    """Return the Arrow type; all nullable, class labels int64, or ``datasets`` would not restore them."""
    match feature:
        case Value(dtype):
            return _TYPES[dtype]
        case ClassLabel():
            return pa.int64()
        case ListOf(item):
            return pa.list_(arrow_type(item))
        case Struct(columns):
            return pa.struct([pa.field(column.name, arrow_type(column.feature)) for column in columns])


def arrow_schema(columns: tuple[Column, ...], labels: LabelSets) -> pa.Schema:
    """Return the schema of a table, with the features that ``datasets`` reads."""
    features = {"info": {"features": to_json(columns, labels)}}
    return pa.schema(
        [pa.field(column.name, arrow_type(column.feature)) for column in columns],
        metadata={"huggingface": json.dumps(features)},
    )


class TableWriter:
    """Writes one Parquet file, a row group for each batch of rows, and digests the rows as they pass."""

    def __init__(
        self, path: Path, columns: tuple[Column, ...], labels: LabelSets, canary: str | None = None
    ) -> None:
        """Begin a file; ``canary`` goes into its metadata, beside the rows and not into their digest."""
        self._path = path
        self._canary = {} if canary is None else {"canary": canary}
        self._schema = arrow_schema(columns, labels)
        self._digest = _row_digest(self._schema)
        self._rows = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(
            path,
            self._schema,
            compression="snappy",
            use_content_defined_chunking=CHUNKING,
            write_page_index=True,
            store_schema=True,
        )

    def write(self, rows: Sequence[Row]) -> None:
        """Write a batch; ``ValueError`` if a row's keys are not the table's columns."""
        names = set(self._schema.names)
        for row in rows:
            if row.keys() != names:
                raise ValueError(f"columns differ in {self._path.name}: {sorted(row.keys() ^ names)}")
        lines = b"".join(map(_json_line, rows))
        self._digest.update(lines)
        self._rows += len(rows)
        self._writer.write_table(self._parse(lines))

    def _parse(self, lines: bytes) -> pa.Table:
        """Return JSON lines as a table; ``pa.array`` would import pandas, which outlasts all else."""
        table = read_json(
            io.BytesIO(lines),
            read_options=ReadOptions(use_threads=False, block_size=len(lines) + 1),
            parse_options=ParseOptions(explicit_schema=self._schema, unexpected_field_behavior="error"),
        )
        return table.replace_schema_metadata(self._schema.metadata)

    def close(self) -> Written:
        """Finish the file and return what it is."""
        added = {"content_defined_chunking": json.dumps(CHUNKING), **self._canary}
        self._writer.add_key_value_metadata(added)
        self._writer.close()
        content = self._path.read_bytes()
        return Written(
            path=self._path,
            rows=self._rows,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            digest=self._digest.hexdigest(),
        )


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield from batch.to_pylist()


def file_digest(path: Path) -> str:
    """Return the digest of the rows of a file, as ``TableWriter`` gave it."""
    digest = _row_digest(pq.read_schema(path))
    for row in read_rows(path):
        digest.update(_json_line(row))
    return digest.hexdigest()


def _row_digest(schema: pa.Schema) -> hashlib._Hash:
    """Begin the digest of a table: SHA-256 of its features, then of its rows as JSON lines."""
    return hashlib.sha256((schema.metadata or {}).get(b"huggingface", b"") + b"\n")


def _json_line(row: Row) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
