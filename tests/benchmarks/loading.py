"""What the readers of the package cost beside the bare readers of the same files.

    .venv/bin/python tests/benchmarks/loading.py [--root DIR] [--config entities] [--runs 9]

Prints a Markdown table of process time, the least of some runs in one process; the corpus is that of the
repository, or a larger one that was built under --root.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring import REPOSITORY, least


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--root", type=Path, default=REPOSITORY)
    parser.add_argument("--config", default="entities")
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        os.environ |= {"HF_HOME": cache, "HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
        measure(arguments.root, arguments.config, arguments.runs)


def measure(root: Path, config: str, runs: int) -> None:
    """Print the table of one config."""
    import pyarrow.parquet as pq  # noqa: PLC0415 (after the environment is set)
    from datasets import load_dataset  # noqa: PLC0415

    import retold  # noqa: PLC0415

    files = sorted(map(str, (root / "build" / config).glob("*.parquet")))
    readers: dict[str, Callable[[], object]] = {
        "pq.read_table, file by file": lambda: [pq.read_table(file) for file in files],
        "retold.table": lambda: retold.table(config, root=root),
        "retold.load": lambda: retold.load(config, root=root),
        'retold.table, view="clean"': lambda: retold.table(config, view="clean", root=root),
        "load_dataset, cached": lambda: load_dataset("parquet", data_files=files),
    }
    base = 0.0
    print(f"{config} of {len(retold.table(config, root=root)):,} rows, {runs} runs.\n")
    print("| reader | CPU ms | ratio to pq.read_table |")
    print("|---|---|---|")
    for name, work in readers.items():
        work()
        took = least(work, runs) * 1e3
        base = base or took
        print(f"| {name} | {took:.1f} | {took / base:.1f} |")


if __name__ == "__main__":
    main()
