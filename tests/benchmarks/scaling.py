"""How a build grows with the corpus: time an article, memory of the workers, the gain of a second core.

    .venv/bin/python tests/benchmarks/scaling.py [--articles 2000 10000] [--pair 2000]

Generates corpora in JSON Lines, builds each in two worker processes, and prints a Markdown table; then builds
one in the folder form with one process and with two, in turn, and prints the ratio.
Seconds depend on the machine and on what else it does; memory and linearity do so less.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import environment

HERE = Path(__file__).resolve().parent
MEGABYTE = 1024  # of what Linux counts in KiB
RUNS = 3
SAMPLED = 0.2  # seconds

# Linux counts what a process had before it became another one as memory of that other one, and a worker
# begins as a copy of the main process; so the peak of each process is read while it runs.
MEASURED = """
import json, resource, sys, time
from retold.cli import main
if __name__ == "__main__":
    began = time.perf_counter()
    code = main(sys.argv[1:])
    own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(used.ru_utime + used.ru_stime for used in (own, children))
    print(json.dumps({"wall": time.perf_counter() - began, "cpu": cpu}))
    sys.exit(code)
"""


def python(*arguments: object) -> tuple[str, int, int]:
    """Run Python; return what it prints, its peak memory in KiB, and that of the largest of its children.

    Raises:
        SystemExit: It fails; with its words.
    """
    peaks: dict[int, int] = {}
    with tempfile.TemporaryFile("w+") as out:
        command = [sys.executable, *map(str, arguments)]
        process = subprocess.Popen(command, env=environment(), stdout=out, stderr=out)
        while process.poll() is None:
            for number in (process.pid, *children(process.pid)):
                peaks[number] = max(peaks.get(number, 0), peak_memory(number))
            time.sleep(SAMPLED)
        out.seek(0)
        said = out.read()
    if process.returncode:
        raise SystemExit(said)
    own = peaks.pop(process.pid, 0)
    return said, own, max(peaks.values(), default=own)


def children(process: int) -> list[int]:
    """Return the processes that a process has begun and that still run."""
    try:
        return [
            int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        ]
    except OSError:
        return []


def peak_memory(process: int) -> int:
    """Return the most memory that a process had so far, in KiB; 0 if it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def build(root: Path, out: Path, jobs: int) -> dict[str, Any]:
    """Build a corpus in a process of its own; return what it took, in seconds and KiB."""
    shutil.rmtree(out, ignore_errors=True)
    said, own, worker = python("-c", MEASURED, "build", "--root", root, "--out", out, "--jobs", jobs)
    took: dict[str, Any] = json.loads(said.splitlines()[-1])
    return took | {"own": own, "worker": worker}


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="*", default=[2000, 10_000])
    parser.add_argument("--pair", type=int, default=2000, help="articles of the corpus that is built in turn")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        print("| articles | CPU ms an article | wall s | peak MB of a worker | of the main process |")
        print("|---|---|---|---|---|")
        for number in sorted(arguments.articles):
            root = place / str(number)
            python(HERE / "generator.py", number, root, "--form", "shards")
            took = build(root, place / "out", 2)
            row = [number, took["cpu"] / number * 1e3, took["wall"]]
            row += [took["worker"] / MEGABYTE, took["own"] / MEGABYTE]
            print("| {:,} | {:.1f} | {:.0f} | {:.0f} | {:.0f} |".format(*row), flush=True)
            shutil.rmtree(root)
        root, gains = place / "pair", []
        python(HERE / "generator.py", arguments.pair, root)
        for _ in range(RUNS):
            one, two = (build(root, place / "out", jobs) for jobs in (1, 2))
            gains.append(one["wall"] / two["wall"])
        gain = ", ".join(f"{gain:.2f}" for gain in sorted(gains))
        middle = statistics.median(gains)
        print(f"\n{arguments.pair:,} articles, one process / two, wall: {gain} (median {middle:.2f}).")


if __name__ == "__main__":
    main()
