"""Command line of the peer: ROOT OUT."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from datasets import disable_progress_bars

from benchmarks.peer.checking import read_checked
from benchmarks.peer.tables import make_tables, read_labels, write_tables
from benchmarks.peer.validators import VALIDATORS, make_validator

SCHEMA = Path(__file__).resolve().parents[3] / "schema"


def main() -> int:
    """Check a corpus and compile it; 1 if it has errors."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peer", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--validator", choices=VALIDATORS, default=VALIDATORS[0])
    arguments = parser.parse_args()
    corpus, found = read_checked(arguments.root, SCHEMA, make_validator(arguments.validator, SCHEMA))
    for code, file, words in found:
        print(f"{file}: {code}: {words}", file=sys.stderr)
    if corpus is None:
        return 1
    disable_progress_bars()
    labels = read_labels(SCHEMA)
    write_tables(make_tables(corpus, labels), arguments.out, labels)
    return 0


if __name__ == "__main__":
    sys.exit(main())
