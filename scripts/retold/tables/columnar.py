"""Between Arrow columns and numpy, without ``pyarrow.array``, which imports pandas at its first call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from retold.arrow_columns import strings

Integers = NDArray[np.integer[Any]]
_NUMPY = {pa.int8(): np.int8, pa.int32(): np.int32, pa.int64(): np.int64}
_ARROW = {np.dtype(kind): arrow for arrow, kind in _NUMPY.items()}


def column(table: pa.Table | pa.RecordBatch, name: str) -> pa.Array:
    """Return a column in one piece."""
    values = table.column(name)
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def to_arrow(numbers: Integers) -> pa.Array:
    """Return integers as an Arrow array that shares their memory."""
    data = np.ascontiguousarray(numbers)
    return pa.Array.from_buffers(_ARROW[data.dtype], len(data), [None, pa.py_buffer(data)])


def to_numpy(numbers: pa.Array) -> Integers:
    """Return an integer array without nulls as numpy, which shares its memory."""
    data = np.frombuffer(numbers.buffers()[1] or b"", _NUMPY[numbers.type])
    return data[numbers.offset : numbers.offset + len(numbers)]


def constants(values: Sequence[str | None], codes: Integers) -> pa.Array:
    """Return for each code the value that it stands for, null for -1."""
    taken = np.where(codes < 0, len(values), codes).astype(np.int32)
    return strings([*values, None]).take(to_arrow(taken))


def codes_of(encoded: pa.DictionaryArray) -> Integers:
    """Return the codes of a dictionary-encoded array, -1 for null."""
    indices = encoded.indices
    if indices.null_count:
        indices = pc.coalesce(indices, to_arrow(np.full(len(indices), -1, np.int32)))
    return to_numpy(indices)


def places(wanted: pa.Array, values: pa.Array) -> Integers:
    """Return for each wanted string its place among the values, -1 where it is not."""
    found = pc.index_in(wanted.cast(values.type), value_set=values)
    return to_numpy(pc.coalesce(found, to_arrow(np.full(len(wanted), -1, np.int32))))


def list_starts(lists: pa.ListArray) -> Integers:
    """Return where each list begins among the flattened items, and at last their number."""
    starts: Integers = to_numpy(lists.offsets).astype(np.int64)
    return starts - starts[:1]


def starts_of(sizes: Integers | Sequence[int]) -> Integers:
    """Return where each of the consecutive groups of these sizes begins, and at last their sum."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def ranges(starts: Integers, sizes: Integers) -> tuple[Integers, Integers]:
    """Return the numbers from each start, so many as its size says, one range after the other.

    The first array tells for each number which range it is of.
    """
    owner = np.repeat(np.arange(len(sizes)), sizes)
    begins = starts_of(sizes)[:-1]
    return owner, np.arange(len(owner)) + (starts - begins)[owner]


def sorted_codes(codes: Integers, names: pa.Array) -> tuple[Integers, pa.Array]:
    """Return codes of names, none of them -1, and the names anew, so that names are sorted."""
    order = pc.sort_indices(names).cast(pa.int64())
    rank = np.empty(len(names), np.int32)
    rank[to_numpy(order)] = np.arange(len(names), dtype=np.int32)
    return rank[codes], names.take(order)


class Encoder:
    """Strings that come in pieces, as codes of one dictionary."""

    def __init__(self) -> None:
        self._pieces: list[pa.DictionaryArray] = []

    def add(self, values: pa.Array) -> None:
        """Take the next strings."""
        self._pieces.append(values.dictionary_encode())

    def finish(self) -> tuple[Integers, pa.Array]:
        """Return the codes of all strings, -1 for null, and the strings that they stand for."""
        if not self._pieces:
            return np.zeros(0, np.int32), strings(())
        pieces = pa.chunked_array(self._pieces).unify_dictionaries().chunks
        self._pieces.clear()
        return np.concatenate([codes_of(piece) for piece in pieces]), pieces[-1].dictionary
