"""Rows to Arrow columns, and the digest of rows, held against pyarrow's own ways on any values."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retold.arrow_columns import array_of, arrow_type
from retold.features import BOOLEAN, INTEGER, STRING, ClassLabel, Column, Feature, ListOf, Struct
from retold.row_digest import RowDigest

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.integers(-(2**31), 2**31 - 1)
RECORD = Struct(
    (
        Column("text", STRING, "a"),
        Column("number", INTEGER, "b"),
        Column("numbers", ListOf(INTEGER), "c"),
        Column("flag", BOOLEAN, "d"),
    )
)
RECORDS = st.fixed_dictionaries(
    {
        "text": st.none() | TEXTS,
        "number": st.none() | NUMBERS,
        "numbers": st.lists(st.none() | NUMBERS, max_size=3),
        "flag": st.none() | st.booleans(),
    }
)
FEATURES: list[tuple[Feature, st.SearchStrategy[Any]]] = [
    (STRING, st.none() | TEXTS),
    (INTEGER, st.none() | NUMBERS),
    (BOOLEAN, st.none() | st.booleans()),
    (ClassLabel("kind"), st.none() | st.integers(0, 40)),
    (ListOf(STRING), st.none() | st.lists(st.none() | TEXTS, max_size=3)),
    (ListOf(RECORD), st.lists(RECORDS, max_size=3)),
]


@pytest.mark.parametrize(("feature", "values"), FEATURES, ids=lambda value: type(value).__name__)
def test_arrays_are_those_that_pyarrow_makes(feature: Feature, values: st.SearchStrategy[Any]) -> None:
    @settings(deadline=None)
    @given(st.lists(values, max_size=20))
    def check(items: list[Any]) -> None:
        array = array_of(feature, items)
        array.validate(full=True)
        assert array.equals(pa.array(items, arrow_type(feature)))

    check()


def digest(table: pa.Table, *cuts: int) -> str:
    """Digest a table in the batches that lie between the cuts."""
    made = RowDigest(table.schema)
    edges = sorted({0, len(table), *(min(cut, len(table)) for cut in cuts)})
    for start, end in pairwise(edges):
        made.update(table.slice(start, end - start))
    return made.hexdigest()


@settings(deadline=None)
@given(
    st.lists(RECORDS, min_size=1, max_size=12),
    st.lists(st.integers(0, 12), max_size=3),
    st.integers(0, 11),
    RECORDS,
)
def test_digest_is_of_the_rows_and_their_order_however_they_are_cut(
    records: list[dict[str, Any]], cuts: list[int], place: int, other: dict[str, Any]
) -> None:
    def table(rows: list[dict[str, Any]]) -> pa.Table:
        return pa.table({"nested": pa.array([[row] for row in rows], arrow_type(ListOf(RECORD)))})

    whole = digest(table(records))
    assert digest(table(records), *cuts) == whole
    padded = table([other, *records, other]).slice(1, len(records))
    assert digest(padded) == whole, "what lies outside of a slice is not digested"
    place %= len(records)
    changed = [*records[:place], other, *records[place + 1 :]]
    assert (digest(table(changed)) == whole) == (other == records[place])
    assert (digest(table(records[::-1])) == whole) == (records[::-1] == records)


def test_digest_knows_where_one_value_ends() -> None:
    def of(column: list[Any]) -> str:
        return digest(pa.table({"x": column}))

    assert len({of(["ab", "c"]), of(["a", "bc"]), of(["abc", ""]), of(["abc", None]), of(["abc"])}) == 5
    assert len({of([["a"], ["b"]]), of([["a", "b"], []]), of([["a", "b"], None]), of([["a", "b"]])}) == 4
    assert of([0, 1]) != of([None, 1])
    assert digest(pa.table({"x": ["a"]})) != digest(pa.table({"y": ["a"]}))
