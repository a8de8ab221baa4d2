"""Feeding a target: mutated seeds by chance, or, with atheris, those that reach new code."""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fuzzing.mutation import mutate
from fuzzing.observation import signature
from fuzzing.targets import Target

LARGEST = 200_000  # bytes: nothing is learned from longer ones


@dataclass
class Tally:
    """What a run has tried and found; ``faults`` by what they have in common, with the first of each."""

    target: str
    inputs: int = 0
    seconds: float = 0.0
    faults: dict[str, tuple[int, str, str]] = field(default_factory=dict)


class Trial:
    """Judges inputs one by one, counts them, and saves the first input of each fault."""

    def __init__(self, target: Target, saved: Path) -> None:
        self.target = target
        self.saved = saved
        self.tally = Tally(target.name)
        self._began = time.monotonic()

    def __call__(self, data: bytes) -> None:
        """Judge one input; it lies in ``current`` while that goes on, should the process die."""
        current = self.saved / f"{self.tally.target}.current"
        current.write_bytes(data)
        fault = self.target.judge(data)
        self.tally.inputs += 1
        self.tally.seconds = time.monotonic() - self._began
        if fault is not None:
            self._keep(data, fault)
        current.unlink()

    def _keep(self, data: bytes, fault: str) -> None:
        sign = signature(fault)
        count, first, path = self.tally.faults.get(sign, (0, fault, ""))
        if not path:
            path = str(self.saved / f"{self.tally.target}-{hashlib.sha256(data).hexdigest()[:12]}")
            Path(path).write_bytes(data)
            Path(f"{path}.fault").write_text(
                f"{sign}\n{fault}\n", encoding="utf-8", errors="backslashreplace"
            )
        self.tally.faults[sign] = (count + 1, first, path)


def changed(data: bytes, chance: random.Random) -> bytes:
    """Return an input with its file's content mutated, its name as it is."""
    name, _, content = data.partition(b"\n")
    return name + b"\n" + mutate(content, chance)[:LARGEST]


def by_chance(trial: Trial, seed: int, inputs: int, seconds: float) -> None:
    """Try so many mutated seeds, or for so long."""
    chance = random.Random(f"{seed} {trial.target.name}")
    end = time.monotonic() + seconds
    for _ in range(inputs):
        trial(changed(chance.choice(trial.target.seeds), chance))
        if time.monotonic() > end:
            return


def by_coverage(trial: Trial, seed: int, inputs: int, seconds: float, done: Callable[[], None]) -> None:
    """The same, guided by the code that inputs reach; never returns, ``done`` is called before the end."""
    import atheris  # noqa: PLC0415 (optional, and not for every system)

    target, end = trial.target, time.monotonic() + seconds

    def step(data: bytes) -> None:
        trial(data)
        if trial.tally.inputs >= inputs or time.monotonic() > end:
            done()
            sys.stdout.flush()
            sys.exit(0)

    def mutator(data: bytes, most: int, seed: int) -> bytes:
        old = data if b"\n" in data else target.seeds[seed % len(target.seeds)]
        return changed(old, random.Random(seed))[:most]

    corpus = Path(trial.saved) / f"{target.name}.corpus"
    corpus.mkdir(exist_ok=True)
    for number, content in enumerate(target.seeds):
        (corpus / f"seed{number}").write_bytes(content)
    options = [f"-seed={seed}", f"-max_len={LARGEST}", "-rss_limit_mb=4096", "-timeout=300", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], step, custom_mutator=mutator)
    atheris.Fuzz()
