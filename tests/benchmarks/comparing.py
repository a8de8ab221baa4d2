"""Whether two compiled folders hold the same tables, whatever their files and row groups are.

    .venv/bin/python tests/benchmarks/comparing.py DIR DIR

Prints where they differ, or how many rows they have; exit code 1 if they differ.
"""

from __future__ import annotations

import json
import sys
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from retold.tables import CONFIGS


def differing_tables(one: Path, other: Path) -> list[str]:
    """Return where the tables of two folders differ, a line each: rows, their order, columns, features."""
    found = []
    for config in CONFIGS:
        splits = _splits(one / config.name), _splits(other / config.name)
        if splits[0].keys() != splits[1].keys():
            found.append(f"{config.name}: splits {sorted(splits[0])} and {sorted(splits[1])}")
        for split in sorted(splits[0].keys() & splits[1].keys()):
            tables = _read(splits[0][split]), _read(splits[1][split])
            if difference := _difference(*tables):
                found.append(f"{config.name}/{split}: {difference}")
    return found


def count_rows(folder: Path) -> int:
    """Return how many rows a compiled folder has."""
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("*/*.parquet"))


def _splits(folder: Path) -> dict[str, list[Path]]:
    """Return the files of each split, in the order of the shards."""
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.parquet")):
        files.setdefault(path.stem.split("-")[0], []).append(path)
    return files


def _read(paths: list[Path]) -> pa.Table:
    return pa.concat_tables(pq.ParquetFile(path).read() for path in paths)


def _difference(one: pa.Table, other: pa.Table) -> str | None:
    if one.schema != other.schema:
        fields = zip_longest(one.schema, other.schema)
        return "columns " + next(f"{a} and {b}" for a, b in fields if a != b)
    if _features(one) != _features(other):
        return "the features that datasets restores"
    if one.num_rows != other.num_rows:
        return f"{one.num_rows} and {other.num_rows} rows"
    names = [name for name in one.column_names if not one[name].equals(other[name])]
    for name in names:
        pairs = zip(one[name].to_pylist(), other[name].to_pylist(), strict=True)
        row = next(number for number, (a, b) in enumerate(pairs) if a != b)
        return f"{name} of row {row}, {one[name][row]} and {other[name][row]}; columns {names}"
    return None


def _features(table: pa.Table) -> object:
    return json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]


def main() -> int:
    """Compare what the command line names."""
    one, other = map(Path, sys.argv[1:])
    found = differing_tables(one, other)
    print(*found or [f"{count_rows(one):,} rows"], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
