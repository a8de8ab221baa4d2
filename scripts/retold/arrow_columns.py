"""Python values to Arrow arrays, column by column, by the features of a table.

``pyarrow.array`` would do it, but imports pandas on its first call, which takes longer than a small build;
so arrays are made from buffers, which also costs less than JSON in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow.lib import StringBuilder

from retold.features import ClassLabel, Column, Feature, ListOf, Row, Struct, Value

_SCALARS = {"string": pa.string(), "int32": pa.int32(), "bool": pa.bool_()}
_NUMPY = {pa.int32(): np.int32, pa.int64(): np.int64, pa.bool_(): np.bool_}


def arrow_type(feature: Feature) -> pa.DataType:
    """Return the Arrow type; all nullable, class labels int64, or ``datasets`` would not restore them."""
    match feature:
        case Value(dtype):
            return _SCALARS[dtype]
        case ClassLabel():
            return pa.int64()
        case ListOf(item):
            return pa.list_(arrow_type(item))
        case Struct(columns):
            return pa.struct([pa.field(column.name, arrow_type(column.feature)) for column in columns])


def row_columns(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, pa.Array]:
    """Return rows as one array a column, by name; ``KeyError`` if a row lacks one."""
    return {
        column.name: array_of(column.feature, list(map(itemgetter(column.name), rows))) for column in columns
    }


def array_of(feature: Feature, values: Sequence[Any]) -> pa.Array:
    """Return the values of a feature, ``None`` for null, as an array of ``arrow_type(feature)``."""
    match feature:
        case ListOf(item):
            lists = [value or () for value in values]
            flat = array_of(item, list(chain.from_iterable(lists)))
            return list_array(flat, list(map(len, lists)), _validity(values))
        case Struct(columns):
            return struct_array(row_columns(columns, values), len(values))
        case Value("string"):
            return strings(values)
        case _:
            return _numbers(arrow_type(feature), values)


def strings(values: Iterable[str | None]) -> pa.Array:
    """Return strings as an Arrow array."""
    builder = StringBuilder()
    builder.append_values(values if isinstance(values, Sequence) else list(values))
    return builder.finish()


def list_array(
    items: pa.Array, sizes: Sequence[int] | NDArray[np.integer[Any]], validity: pa.Buffer | None = None
) -> pa.Array:
    """Return consecutive items as lists of the given sizes; ``validity`` says which are not null."""
    offsets = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(np.asarray(sizes, np.int32), out=offsets[1:])
    buffers = [validity, pa.py_buffer(offsets)]
    return pa.Array.from_buffers(pa.list_(items.type), len(sizes), buffers, children=[items])


def struct_array(fields: Mapping[str, pa.Array], length: int) -> pa.Array:
    """Return arrays of one length as records, none of them null."""
    kind = pa.struct([pa.field(name, array.type) for name, array in fields.items()])
    return pa.Array.from_buffers(kind, length, [None], children=list(fields.values()))


def number_array(kind: pa.DataType, numbers: np.ndarray, validity: pa.Buffer | None = None) -> pa.Array:
    """Return integers or truth values as an array of this type; ``validity`` says which are not null."""
    if kind == pa.bool_():
        data = np.packbits(numbers.astype(np.bool_), bitorder="little")
    else:
        data = np.ascontiguousarray(numbers, _NUMPY[kind])
    return pa.Array.from_buffers(kind, len(numbers), [validity, pa.py_buffer(data)])


def _numbers(kind: pa.DataType, values: Sequence[Any]) -> pa.Array:
    validity = _validity(values)
    filled = values if validity is None else [value or 0 for value in values]
    return number_array(kind, np.fromiter(filled, _NUMPY[kind], len(values)), validity)


def _validity(values: Sequence[Any]) -> pa.Buffer | None:
    """Return which of the values are not ``None``, a bit each; ``None`` if all are."""
    if None not in values:
        return None
    present = np.fromiter((value is not None for value in values), np.bool_, len(values))
    return pa.py_buffer(np.packbits(present, bitorder="little"))
