"""How a build grows with the corpus: time an article, memory of the workers, the gain of a second core.

    .venv/bin/python tests/benchmarks/scaling.py [--articles 2000 10000] [--pair 2000]

Generates corpora in JSON Lines (a shard has 500 articles), builds each in two worker processes, and prints a
Markdown table; then builds one of them with one process and with two, in turn, and prints the ratio.
Seconds depend on the machine and on what else it does; memory and linearity do so less.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
MEGABYTE = 1024  # of what getrusage counts in KiB
RUNS = 3

# The memory of children is that of the largest one, once they have ended.
MEASURED = """
import json, resource, sys, time
from retold.cli import main
began = time.perf_counter()
code = main(sys.argv[1:])
own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = sum(used.ru_utime + used.ru_stime for used in (own, children))
took = {"wall": time.perf_counter() - began, "cpu": cpu, "own": own.ru_maxrss, "child": children.ru_maxrss}
print(json.dumps(took))
sys.exit(code)
"""


def python(*arguments: object) -> str:
    """Run Python and return what it prints; ``SystemExit`` with its words if it fails."""
    source = os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], env=source, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    return done.stdout


def build(root: Path, out: Path, jobs: int) -> dict[str, Any]:
    """Build a corpus in a process of its own; return what it took, in seconds and KiB."""
    shutil.rmtree(out, ignore_errors=True)
    said = python("-c", MEASURED, "build", "--root", root, "--out", out, "--jobs", jobs)
    took: dict[str, Any] = json.loads(said.splitlines()[-1])
    return took


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[2000, 10_000])
    parser.add_argument("--pair", type=int, default=2000, help="articles of the corpus that is built in turn")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        print("| articles | CPU ms an article | wall s | peak MB of a worker | of the main process |")
        print("|---|---|---|---|---|")
        for number in sorted({*arguments.articles, arguments.pair}):
            root = place / str(number)
            python(HERE / "generator.py", number, root, "--form", "shards")
            took = build(root, place / "out", 2)
            row = [number, took["cpu"] / number * 1e3, took["wall"]]
            row += [took["child"] / MEGABYTE, took["own"] / MEGABYTE]
            print("| {:,} | {:.1f} | {:.0f} | {:.0f} | {:.0f} |".format(*row), flush=True)
            if number != arguments.pair:
                shutil.rmtree(root)
        gains = []
        for _ in range(RUNS):
            one, two = (build(place / str(arguments.pair), place / "out", jobs) for jobs in (1, 2))
            gains.append(one["wall"] / two["wall"])
        gain = ", ".join(f"{gain:.2f}" for gain in sorted(gains))
        middle = statistics.median(gains)
        print(f"\n{arguments.pair:,} articles, one process / two, wall: {gain} (median {middle:.2f}).")


if __name__ == "__main__":
    main()
