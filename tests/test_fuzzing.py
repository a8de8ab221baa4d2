"""The fuzzer itself, and some inputs of every kind; ``tests/fuzz.py`` tries more of them."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from corpora import REPOSITORY
from fuzzing.driving import Trial, by_chance, changed
from fuzzing.mutation import mutate
from fuzzing.observation import Run, signature
from fuzzing.targets import Target, make_targets

INPUTS = {
    "engines": 250,
    "validate": 30,
    "anchor": 20,
    "readers": 20,
    "import-brat": 15,
    "import-label-studio": 15,
    "foreign-brat": 15,
    "new-article": 10,
    "score-quotes": 12,
    "score-claim-relations": 8,
}


@pytest.mark.parametrize("name", INPUTS)
def test_no_hostile_file_gets_more_than_a_finding_or_a_line(name, tmp_path):
    trial = Trial(make_targets(tmp_path)[name](), tmp_path)
    by_chance(trial, seed=0, inputs=INPUTS[name], seconds=600)
    assert trial.tally.inputs == INPUTS[name]
    assert trial.tally.faults == {}


def test_the_same_seed_gives_the_same_inputs():
    data = b'a.json\n{"quotes": [{"id": "a-q01", "start": 3}], "x": null}'
    one, other, third = ([changed(data, random.Random(seed)) for _ in range(20)] for seed in (1, 1, 2))
    assert one == other != third
    assert all(made.startswith(b"a.json\n") for made in one)
    assert sum(made != data for made in one) > 15


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\xff\xfe", b"[", b"[" * 100_000, b"1", b'"a"', b"T1\tA 0 1\tx\n"]
)
def test_any_bytes_can_be_mutated(data):
    for seed in range(50):
        assert isinstance(mutate(data, random.Random(seed)), bytes)


def run_of(code: int | None, out: str = "", err: str = "", raised: str | None = None) -> Run:
    return Run(("validate",), code, out, err, raised, 0.1)


@pytest.mark.parametrize(
    ("run", "fault"),
    [
        (run_of(0), None),
        (run_of(1, "a: error [L1 x] …\n"), None),
        (run_of(2, err="retold: no corpus\n"), None),
        (run_of(2, err="retold: one\nline more\n"), "no one-line error"),
        (run_of(2, err="retold: internal error (KeyError: 'x'). This is\n"), "exit code 2"),
        (run_of(3), "exit code 3"),
        (run_of(None, raised="RecursionError"), "raised"),
        (run_of(0, "a\u202eb\n"), "printed unescaped"),
        (run_of(0, "a\x1b[31mb\n"), "printed unescaped"),
        (run_of(0, err="x.py:3: UserWarning: odd\n"), "a warning"),
    ],
)
def test_faults_are_told_from_what_may_be(run, fault):
    found = run.fault((0, 1, 2))
    assert found is None if fault is None else found is not None and found.startswith(fault)


def test_a_fault_is_counted_once_a_cause_and_its_input_saved(tmp_path):
    target = Target("odd", (b"a\nxxxxxxxx",), lambda data: "no such thing" if len(data) % 2 else None)
    trial = Trial(target, tmp_path)
    by_chance(trial, seed=3, inputs=60, seconds=60)
    ((count, fault, path),) = trial.tally.faults.values()
    assert (fault, trial.tally.inputs) == ("no such thing", 60)
    assert 1 < count < 60
    assert len(Path(path).read_bytes()) % 2


def test_causes_are_told_by_the_exception_and_the_line():
    traceback = (
        'File "/x/retold/cli/a.py", line 3, in run\n  x\nFile "/x/retold/b.py", line 7, in g\nKeyError: 1'
    )
    assert signature(traceback) == "KeyError b.py:7:g"


def test_the_command_runs_a_target_and_prints_a_table(tmp_path):
    words = [sys.executable, REPOSITORY / "tests" / "fuzz.py", "engines", "--inputs", "5", "--seed", "1"]
    ran = subprocess.run(
        [*map(str, words), "--save", str(tmp_path)],
        env={"PYTHONPATH": str(REPOSITORY / "scripts"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "| engines | 5 |" in ran.stdout
    assert "5 inputs, 0 faults" in ran.stdout
