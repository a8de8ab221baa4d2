"""Speed of ``retold build`` beside a compiler of ordinary libraries, and beside the least that must be done.

    .venv/bin/python tests/benchmarks/compiling.py [--articles 200 1000] [--runs 3] [--stages]

Generates a corpus of each size, lets the programs compile it in turn, each a whole process, and prints a
Markdown table: process time (user and system) of the best run. No ratio is printed of programs whose tables
differ. Seconds depend on the machine and on what else it does; ratios do so less.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
RETOLD, LIMIT = "retold build --jobs 1", "limit"
ONCE = "peer, jsonschema"  # minutes for a large corpus: one run is enough
LARGE = 1000
PROGRAMS = {
    RETOLD: ("-m", "retold", "build", "--root", "{root}", "--out", "{out}", "--jobs", "1"),
    "peer, jsonschema_rs": ("-m", "benchmarks.peer", "{root}", "{out}", "--validator", "jsonschema_rs"),
    ONCE: ("-m", "benchmarks.peer", "{root}", "{out}", "--validator", "jsonschema"),
}


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What a process took: ``cpu`` and ``wall`` in seconds, ``memory`` at its peak in MB."""

    cpu: float
    wall: float
    memory: float


def run(arguments: list[str], log: Path) -> Cost:
    """Run Python with these arguments; ``SystemExit`` with its words if it fails.

    This process imports nothing large: Linux counts what a process had before it became another one as
    memory of that other one.
    """
    paths = os.pathsep.join(str(REPOSITORY / folder) for folder in ("scripts", "tests"))
    began = time.perf_counter()
    with log.open("w") as words:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": paths},
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"exit code {process.returncode}: {' '.join(arguments)}\n{log.read_text()}")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # Linux gives kilobytes, macOS bytes
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit)


def run_script(script: str, *arguments: object, log: Path) -> str:
    """Run a script of this folder and return the last line that it printed."""
    run([str(HERE / script), *map(str, arguments)], log)
    return (log.read_text().splitlines() or [""])[-1]


def measure(root: Path, work: Path, runs: int, *, large: bool) -> tuple[dict[str, list[Cost]], str]:
    """Run the programs in turn on a corpus; ``SystemExit`` if one makes other tables than the package.

    Returns the costs of each run by program, and what the comparison says of the tables.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in PROGRAMS}
    log, compiled, same = work / "log", work / "compiled", ""
    for number in range(runs):
        for name, command in PROGRAMS.items():
            if number and large and name == ONCE:
                continue
            out = compiled if name == RETOLD else work / "peer"
            shutil.rmtree(out, ignore_errors=True)
            costs[name].append(run([part.format(root=root, out=out) for part in command], log))
            same = run_script("comparing.py", compiled, out, log=log)
    return costs, same


def least(script: str, *arguments: Path, runs: int) -> dict[str, float]:
    """Return the seconds that a script of this folder prints, of the run with the least sum."""
    results = []
    for _ in range(runs):
        shutil.rmtree(arguments[-1], ignore_errors=True)
        results.append(json.loads(run_script(script, *arguments, log=arguments[-1].with_name("log"))))
    return min(results, key=lambda seconds: sum(seconds.values()))


def table(articles: int, costs: dict[str, list[Cost]], limit: dict[str, float]) -> Iterator[str]:
    """Yield the rows of the table for a corpus."""
    own = min(costs[RETOLD]).cpu
    for name, runs in costs.items():
        best = min(runs)
        yield (
            f"| {articles:,} | {name} | {len(runs)} | {best.cpu:.2f} | {min(r.wall for r in runs):.2f} "
            f"| {best.memory:,.0f} | {best.cpu / own:.1f} |"
        )
    for name, key in (("limit: parse and write", "work"), ("limit, with start and imports", "process")):
        yield f"| {articles:,} | {name} | | {limit[key]:.2f} | | | {limit[key] / own:.1%} |"


def stage_table(articles: int, seconds: dict[str, float]) -> Iterator[str]:
    """Yield the rows of the table of stages."""
    total = sum(seconds.values())
    for stage, own in seconds.items():
        yield f"| {articles:,} | {stage} | {own:.2f} | {own / total:.1%} |"
    yield f"| {articles:,} | all | {total:.2f} | |"


def main() -> None:
    """Print the tables that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[200, 1000], help="multiples of five")
    parser.add_argument("--runs", type=int, default=3, help="runs of each program, in turn")
    parser.add_argument("--stages", action="store_true", help="only retold's own time, by stage")
    arguments = parser.parse_args()
    if arguments.stages:
        print("| articles | stage | CPU s | share |\n|---|---|---|---|")
    else:
        print("| articles | program | runs | CPU s | wall s | peak MB | ratio to retold |")
        print("|---|---|---|---|---|---|---|")
    for articles in arguments.articles:
        with tempfile.TemporaryDirectory() as folder:
            root, work = Path(folder) / "corpus", Path(folder) / "work"
            work.mkdir()
            run_script("generator.py", articles, root, log=work / "log")
            if arguments.stages:
                stages = least("stages.py", root, work / "stages", runs=arguments.runs)
                rows = stage_table(articles, stages)
            else:
                costs, same = measure(root, work, arguments.runs, large=articles >= LARGE)
                limit = least("limit.py", root, work / "compiled", work / "limit", runs=arguments.runs)
                rows = table(articles, costs, limit)
                print(f"{articles:,} articles, {same}, the same of each program", file=sys.stderr)
            print(*rows, sep="\n", flush=True)


if __name__ == "__main__":
    main()
