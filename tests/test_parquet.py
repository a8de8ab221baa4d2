"""Parquet files: features, bytes, digests, and filling in words."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpora import run_python
from retold.features import (
    BOOLEAN,
    INTEGER,
    STRING,
    ClassLabel,
    Column,
    ListOf,
    Struct,
    TextFiller,
    joined,
    span_columns,
    spans,
    type_name,
)
from retold.parquet import TableWriter, Written, file_digest, read_rows, rows_table

LABELS = {"kind": ("x", "y")}
COLUMNS = (
    Column("article_id", STRING, "a"),
    Column("kind", ClassLabel("kind"), "b"),
    Column("kinds", ListOf(ClassLabel("kind")), "c"),
    spans("content", "d"),
    Column("content_text", STRING, "e", joined("content")),
    Column("nested", ListOf(Struct((*span_columns("f"), Column("kind", ClassLabel("kind"), "g")))), "h"),
    Column("flag", BOOLEAN, "i"),
    Column("number", INTEGER, "j"),
)
ROWS = [
    {
        "article_id": "k",
        "kind": 1,
        "kinds": [0, None],
        "content": [{"start": 0, "end": 2, "text": None}, {"start": 5, "end": 7, "text": None}],
        "content_text": None,
        "nested": [{"start": 2, "end": 4, "text": None, "kind": 0}],
        "flag": True,
        "number": -3,
    },
    {
        "article_id": "\N{GRINNING FACE}\x00\u2028“é”",
        "kind": None,
        "kinds": [],
        "content": [],
        "content_text": None,
        "nested": [],
        "flag": None,
        "number": None,
    },
]


def write(path: Path, rows: list[dict[str, object]] = ROWS) -> Written:
    writer = TableWriter(path, COLUMNS, LABELS)
    writer.write(rows_table(COLUMNS, rows, LABELS))
    return writer.close()


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    written = write(tmp_path / "t.parquet")
    assert list(read_rows(written.path)) == ROWS
    assert (written.rows, written.bytes) == (2, written.path.stat().st_size)


def test_digest_is_of_the_rows_whatever_wrote_the_file(tmp_path: Path) -> None:
    written = write(tmp_path / "t.parquet")
    other = tmp_path / "other.parquet"
    pq.write_table(pq.read_table(written.path), other, compression="none", row_group_size=1)
    assert other.read_bytes() != written.path.read_bytes()
    assert file_digest(other) == file_digest(written.path) == written.digest


@pytest.mark.parametrize(
    "change", [{"number": -4}, {"flag": None}, {"kinds": [0]}, {"article_id": None}, {"article_id": "k "}]
)
def test_digest_sees_every_change(tmp_path: Path, change: dict[str, object]) -> None:
    before = write(tmp_path / "a.parquet").digest
    assert write(tmp_path / "b.parquet", [{**ROWS[0], **change}, ROWS[1]]).digest != before
    assert write(tmp_path / "c.parquet", ROWS[::-1]).digest != before


@pytest.mark.parametrize("row", [{**ROWS[0], "more": 1}, {"article_id": "k"}])
def test_rows_must_have_the_columns_of_the_table(tmp_path: Path, row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="columns differ"):
        rows_table(COLUMNS, [row], LABELS)


def test_datasets_restores_the_features_and_would_write_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "t.parquet")
    code = """
import sys, json, pyarrow.parquet as pq
from datasets import Dataset
data = Dataset(pq.read_table(sys.argv[1]))
data.to_parquet(sys.argv[1] + ".datasets")
print(repr(data.features))
"""
    done = run_python(code, tmp_path / "t.parquet", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (
        "{'article_id': Value('string'), 'kind': ClassLabel(names=['x', 'y']), "
        "'kinds': List(ClassLabel(names=['x', 'y'])), "
        "'content': List({'start': Value('int32'), 'end': Value('int32'), 'text': Value('string')}), "
        "'content_text': Value('string'), 'nested': List({'start': Value('int32'), 'end': Value('int32'), "
        "'text': Value('string'), 'kind': ClassLabel(names=['x', 'y'])}), 'flag': Value('bool'), "
        "'number': Value('int32')}"
    )
    assert (tmp_path / "t.parquet.datasets").read_bytes() == (tmp_path / "t.parquet").read_bytes()


def test_batches_become_row_groups(tmp_path: Path) -> None:
    writer = TableWriter(tmp_path / "t.parquet", COLUMNS, LABELS)
    writer.write(rows_table(COLUMNS, ROWS, LABELS))
    writer.write(rows_table(COLUMNS, ROWS, LABELS))
    assert writer.close().rows == 4
    metadata = pq.read_metadata(tmp_path / "t.parquet")
    assert metadata.num_row_groups == 2
    assert metadata.row_group(0).column(0).compression == "SNAPPY"
    assert "huggingface" in {key.decode() for key in metadata.metadata}
    assert pq.read_schema(tmp_path / "t.parquet").field("kind").type == pa.int64()


def test_words_are_filled_in_at_every_depth() -> None:
    rows = json.loads(json.dumps(ROWS[:1]))
    TextFiller(COLUMNS, {"k": "abcdefgh"}.__getitem__).fill(rows)
    assert [span["text"] for span in rows[0]["content"]] == ["ab", "fg"]
    assert rows[0]["content_text"] == "ab … fg"
    assert rows[0]["nested"][0]["text"] == "cd"


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [([], ""), ([(0, 2)], "ab"), ([(0, 2), (4, 6)], "ab cd"), ([(0, 2), (7, 9)], "ab … ef")],
)
def test_words_left_out_between_spans_are_shown(offsets: list[tuple[int, int]], expected: str) -> None:
    record = {"parts": [{"start": start, "end": end} for start, end in offsets]}
    assert joined("parts")(record, "ab\n cd ef") == expected


def test_types_are_named_for_people() -> None:
    named = {column.name: type_name(column.feature) for column in COLUMNS}
    assert named["kinds"] == "List(ClassLabel)"
    assert named["content"] == "List({start, end, text})"
