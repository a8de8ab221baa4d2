"""A digest of the rows of a table: the same for every version of pyarrow, file layout and batch size.

Each column is digested by itself, down to its leaves, because columns are what Arrow has at hand; the
digest of the table is that of its features and of all of these. A leaf of a column (the column itself, the
lengths of its lists, a field of its records) is a stream of whether each value is there (a byte each), and
one of the values: integers as little-endian, absent ones as 0; texts as their lengths in bytes, then their
UTF-8. SHA-256 throughout.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc


class RowDigest:
    """The digest of rows that come batch by batch; where batches are cut makes no difference."""

    def __init__(self, schema: pa.Schema) -> None:
        """Begin; the features in the schema's ``huggingface`` key are part of the digest."""
        self._features = (schema.metadata or {}).get(b"huggingface", b"")
        self._streams: defaultdict[str, hashlib._Hash] = defaultdict(hashlib.sha256)

    def update(self, table: pa.Table | pa.RecordBatch) -> None:
        """Take in the next rows."""
        for name, column in zip(table.schema.names, table.columns, strict=True):
            for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else (column,):
                self._feed(name, chunk)

    def hexdigest(self) -> str:
        """Return the digest of the rows so far."""
        streams = sorted((name, stream.hexdigest()) for name, stream in self._streams.items())
        lines = "".join(f"{name} {digest}\n" for name, digest in streams)
        return hashlib.sha256(self._features + b"\n" + lines.encode()).hexdigest()

    def _feed(self, name: str, array: pa.Array) -> None:
        self._take(f"{name}?", pc.is_valid(array))
        if pa.types.is_struct(array.type):
            for field, values in zip(array.type, array.flatten(), strict=True):
                self._feed(f"{name}.{field.name}", values)
        elif pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
            self._take(f"{name}#", pc.list_value_length(array))
            self._feed(f"{name}[]", array.flatten())
        elif pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            self._take(f"{name}#", pc.binary_length(array))
            self._streams[name].update(_bytes_of(array))
        else:
            self._take(name, array)

    def _take(self, name: str, array: pa.Array) -> None:
        """Take in numbers or truth values; a null counts as 0."""
        narrow = pa.uint8() if pa.types.is_boolean(array.type) else array.type
        filled = array.cast(narrow).fill_null(0) if narrow != array.type or array.null_count else array
        width = filled.type.bit_width // 8
        start = filled.offset * width
        data = filled.buffers()[1][start : start + len(filled) * width] if len(filled) else b""
        self._streams[name].update(data)


def _bytes_of(array: pa.Array) -> bytes | pa.Buffer:
    """Return the UTF-8 of the texts that are there, one after another."""
    there = array.drop_null() if array.null_count else array
    if not len(there):
        return b""
    offsets = there.buffers()[1]
    width = 8 if pa.types.is_large_string(there.type) else 4
    ends = memoryview(offsets).cast("q" if width == 8 else "i")
    return there.buffers()[2][ends[there.offset] : ends[there.offset + len(there)]]
