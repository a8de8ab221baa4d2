"""Feed hostile files to every reader of the package, and say what a user could not accept.

    PYTHONPATH=scripts .venv/bin/python tests/fuzz.py [TARGET…] [--inputs N] [--seconds S] [--seed N]

Each target runs in a process of its own. A fault is an exception, an exit code other than those of the
command, an error that is not one line, a change of the corpus by a command that failed, a character that
could move a terminal's cursor, or an answer that never comes. Faults are saved, and --again tries a saved
input again. With --guided, atheris (pip install atheris) looks for inputs that reach new code.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

TALLY = "tally.json"


def main() -> int:
    """Fuzz the targets that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all")
    parser.add_argument("--inputs", type=int, default=1000, help="of each target (default: 1000)")
    parser.add_argument("--seconds", type=float, default=3600, help="of each target, at most")
    parser.add_argument("--seed", type=int, default=None, help="default: by chance; it is printed")
    parser.add_argument("--guided", action="store_true", help="guided by coverage, with atheris")
    parser.add_argument(
        "--save", type=Path, default=Path("fuzz-faults"), help="folder for inputs (default: %(default)s)"
    )
    parser.add_argument("--again", type=Path, metavar="FILE", help="judge one saved input of the TARGET")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.save.mkdir(parents=True, exist_ok=True)
    if args.child or args.again:
        return _one(args)
    return _all(args)


def _all(args: argparse.Namespace) -> int:
    """Run each target in a child; print a table."""
    seed = random.randrange(10**6) if args.seed is None else args.seed
    names = args.targets or _names()
    print(f"seed {seed}\n\n| target | inputs | seconds | faults |\n|---|---|---|---|", flush=True)
    inputs = faults = 0
    for name in names:
        tally = _child(args, name, seed)
        inputs += tally["inputs"]
        faults += len(tally["faults"])
        print(
            f"| {name} | {tally['inputs']:,} | {tally['seconds']:.0f} | {len(tally['faults'])} |", flush=True
        )
        for sign, (count, _, path) in tally["faults"].items():
            print(f"  {count} × {sign}: {path}", flush=True)
    print(f"\n{inputs:,} inputs, {faults} faults")
    return 1 if faults else 0


def _child(args: argparse.Namespace, name: str, seed: int) -> dict:
    path = args.save / f"{name}.{TALLY}"
    path.unlink(missing_ok=True)
    words = [sys.executable, __file__, name, "--child", "--seed", seed, "--inputs", args.inputs]
    words += ["--seconds", args.seconds, "--save", args.save, *(["--guided"] if args.guided else [])]
    log = (args.save / f"{name}.log").open("wb")
    with log:
        code = subprocess.run(list(map(str, words)), stdout=log, stderr=log, check=False).returncode
    if path.is_file():
        return json.loads(path.read_text("utf-8"))
    current = args.save / f"{name}.current"
    died = f"the process ended with {code}"
    return {
        "inputs": 0,
        "seconds": 0,
        "faults": {died: (1, died, str(current if current.exists() else log.name))},
    }


def _names() -> list[str]:
    from fuzzing.targets import make_targets  # noqa: PLC0415 (imports the package)

    return list(make_targets(Path()))


def _one(args: argparse.Namespace) -> int:
    """Run one target here."""
    guide: contextlib.AbstractContextManager = contextlib.nullcontext()
    if args.guided:
        import atheris  # noqa: PLC0415 (optional)

        guide = atheris.instrument_imports(include=["retold"])
    with guide:
        import retold.cli  # noqa: F401, PLC0415 (instrumented)
        from fuzzing import driving, targets  # noqa: PLC0415
    (name,) = args.targets
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        target = targets.make_targets(Path(folder))[name]()
        if args.again:
            print(target.judge(args.again.read_bytes()) or "as it should be")
            return 0
        trial = driving.Trial(target, args.save)

        def done() -> None:
            (args.save / f"{name}.{TALLY}").write_text(json.dumps(asdict(trial.tally)))

        if args.guided:
            driving.by_coverage(trial, args.seed, args.inputs, args.seconds, done)
        driving.by_chance(trial, args.seed, args.inputs, args.seconds)
        done()
    return 0


if __name__ == "__main__":
    sys.exit(main())
