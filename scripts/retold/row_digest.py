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
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


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
        self._streams[f"{name}?"].update(_present(array).data)
        if pa.types.is_struct(array.type):
            for field, values in zip(array.type, array.flatten(), strict=True):
                self._feed(f"{name}.{field.name}", values)
        elif pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
            self._streams[f"{name}#"].update(_numbers(pc.list_value_length(array)).data)
            self._feed(f"{name}[]", array.flatten())
        elif pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            self._streams[f"{name}#"].update(_numbers(pc.binary_length(array)).data)
            self._streams[name].update(_bytes_of(array))
        else:
            self._streams[name].update(_numbers(array).data)


def _bits(buffer: pa.Buffer, offset: int, length: int) -> NDArray[np.uint8]:
    """Return bits of a bitmap as bytes of 0 and 1."""
    return np.unpackbits(np.frombuffer(buffer, np.uint8), bitorder="little")[offset : offset + length]


def _present(array: pa.Array) -> NDArray[np.uint8]:
    """Return for each value a byte: 1, or 0 for a null."""
    validity = array.buffers()[0]
    if validity is None:
        return np.ones(len(array), np.uint8)
    return _bits(validity, array.offset, len(array))


def _numbers(array: pa.Array) -> NDArray[Any]:
    """Return numbers as they are, truth values as bytes, a null as 0 (not by Arrow: that imports pandas)."""
    data = array.buffers()[1]
    if data is None or not len(array):
        return np.zeros(0, np.uint8)
    if pa.types.is_boolean(array.type):
        return _bits(data, array.offset, len(array)) * _present(array)
    kind = f"<i{array.type.bit_width // 8}"
    numbers = np.frombuffer(data, kind, len(array), array.offset * (array.type.bit_width // 8))
    return (numbers * _present(array)).astype(kind) if array.null_count else numbers


def _bytes_of(array: pa.Array) -> bytes | pa.Buffer:
    """Return the UTF-8 of the texts that are there, one after another."""
    there = array.drop_null() if array.null_count else array
    if not len(there):
        return b""
    offsets = there.buffers()[1]
    width = 8 if pa.types.is_large_string(there.type) else 4
    ends = memoryview(offsets).cast("q" if width == 8 else "i")
    return there.buffers()[2][ends[there.offset] : ends[there.offset + len(there)]]
