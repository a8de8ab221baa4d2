"""The least that a compiler in Python must do: parse every document, write the tables, nothing between.

    .venv/bin/python tests/benchmarks/limit.py ROOT COMPILED OUT

The tables are those of a compiled folder, read beforehand. Prints as JSON the seconds of process time of the
work, and of the whole process but for that reading.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from retold.parquet import CHUNKING


def read_groups(path: Path) -> list[pa.Table]:
    """Return a table's row groups."""
    with pq.ParquetFile(path) as file:
        return [file.read_row_group(number) for number in range(file.num_row_groups)]


def parse_all(root: Path) -> list[object]:
    """Read every file of a corpus and parse those that are JSON."""
    files = [path for top in ("raw", "annotations") for path in (root / top).rglob("*") if path.is_file()]
    contents = [(path.suffix, path.read_bytes()) for path in files]
    return [orjson.loads(content) if suffix == ".json" else content for suffix, content in contents]


def write_all(tables: dict[Path, list[pa.Table]]) -> None:
    """Write tables as the package does."""
    for path, groups in tables.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(
            path,
            groups[0].schema,
            compression="snappy",
            use_content_defined_chunking=CHUNKING,
            write_page_index=True,
            store_schema=True,
        ) as writer:
            for group in groups:
                writer.write_table(group)


def main() -> None:
    """Measure what the command line names."""
    root, compiled, out = map(Path, sys.argv[1:])
    began = time.process_time()
    tables = {out / path.relative_to(compiled): read_groups(path) for path in compiled.glob("*/*.parquet")}
    ready = time.process_time()
    parse_all(root)
    write_all(tables)
    done = time.process_time()
    print(json.dumps({"work": done - ready, "process": done - (ready - began)}))


if __name__ == "__main__":
    main()
