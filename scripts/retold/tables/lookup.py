"""Columns that follow from a column of ids: each id is looked up once, however many rows have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa

from retold.arrow_columns import number_array, strings

Entry = TypeVar("Entry")


class Lookup(Generic[Entry]):
    """What the ids of a column stand for."""

    def __init__(self, ids: pa.Array, find: Callable[[str], Entry | None]) -> None:
        """Look up the ids; null stands for nothing, and so does what ``find`` does not find."""
        encoded = ids.dictionary_encode()
        self.ids = ids
        self._codes = encoded.indices
        self._found = [find(name) for name in encoded.dictionary.to_pylist()]

    def strings(self, name: str) -> pa.Array:
        """Return the attribute ``name`` of what each id stands for, null where it is nothing."""
        values = [None if entry is None else getattr(entry, name) for entry in self._found]
        return strings(values).take(self._codes)


def label_codes(labels: pa.Array, codes: Mapping[str, int]) -> pa.Array:
    """Return labels as class labels; ``KeyError`` if one has no code."""
    encoded = labels.dictionary_encode()
    numbers = np.array([codes[label] for label in encoded.dictionary.to_pylist()], np.int64)
    return number_array(pa.int64(), numbers).take(encoded.indices)
