"""What a build of the five articles is spent on: imports, by the package that they are of, and the rest.

    .venv/bin/python tests/benchmarks/imports.py [--runs 5]

Prints a Markdown table of the run with the least time. Times of imports are those of ``-X importtime``, which
themselves cost a little, and are shown as shares of the same run.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter

from measuring import REPOSITORY, environment

LINE = re.compile(r"import time: +(\d+) \| +\d+ \| *([\w.]+)")
SHOWN = 5
REST = "all else: start, checks, tables, files"


def run() -> tuple[float, Counter[str]]:
    """Build the five articles in a new process; return the seconds of all, and of imports by package."""
    with tempfile.TemporaryDirectory() as folder:
        build = ("build", "--root", REPOSITORY, "--out", f"{folder}/out")
        command = map(str, (sys.executable, "-X", "importtime", "-m", "retold", *build))
        began = time.perf_counter()
        done = subprocess.run([*command], env=environment(), capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - began
    packages: Counter[str] = Counter()
    for own, module in LINE.findall(done.stderr):
        package = module.split(".")[0]
        packages["standard library" if package.lstrip("_") in STANDARD else package] += int(own) / 1e6
    return seconds, packages


STANDARD = {name.lstrip("_") for name in sys.stdlib_module_names} | {"encodings", "sitecustomize"}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    seconds, packages = min(run() for _ in range(arguments.runs))
    print("| `retold build`, five articles | ms | share |\n|---|---|---|")
    rows = [*packages.most_common(SHOWN), (REST, seconds - packages.total())]
    for name, own in rows:
        words = name if name == REST else f"imports of {name}"
        print(f"| {words} | {own * 1000:.0f} | {own / seconds:.0%} |")
    print(f"| imports in all | {packages.total() * 1000:.0f} | {packages.total() / seconds:.0%} |")


if __name__ == "__main__":
    main()
