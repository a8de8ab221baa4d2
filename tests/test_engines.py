"""Where shards are compiled, and going on after an interruption: the same bytes whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest

from corpora import REPOSITORY, TINY, copy_tiny, edit, run_python, snapshot
from retold import compiler
from retold.cli import main
from retold.engines import Dask, Engine, EngineError, Pool, local_engine

SHARDS = ("--shard-articles", "1")
STAGED = ".out.new/shards"
PATIENCE = 120


def build(root: Path, out: Path, *options: str) -> int:
    return main(["build", "--root", str(root), "--out", str(out), *SHARDS, *options])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A valid corpus of twenty articles."""
    root = tmp_path_factory.mktemp("corpus") / "corpus"
    generator = REPOSITORY / "tests" / "benchmarks" / "generator.py"
    subprocess.run([sys.executable, str(generator), "20", str(root)], check=True, timeout=PATIENCE)
    return root


@pytest.fixture(scope="module")
def local(corpus: Path) -> dict[str, bytes]:
    """What this process alone makes of it."""
    out = corpus.parent / "local"
    assert build(corpus, out, "--jobs", "1") == 0
    return snapshot(out)


@pytest.fixture(params=[1, 2], ids=["in process", "pool"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with local_engine(request.param, 5) as opened:
        yield opened


def test_engines_yield_every_task_with_its_result(engine: Engine) -> None:
    tasks = [-3, 1, -2, 0, 5, 6, 7]
    assert sorted(engine.run(abs, tasks)) == [(-3, 3), (-2, 2), (0, 0), (1, 1), (5, 5), (6, 6), (7, 7)]
    assert list(engine.run(abs, [])) == []


def test_a_fault_of_a_task_is_the_caller_s(engine: Engine) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(engine.run(int, ["1", "x"]))
    assert list(engine.run(int, ["7"])) == [("7", 7)]


def test_a_pool_begins_before_results_are_asked_for(tmp_path: Path) -> None:
    tasks = [tmp_path / str(number) for number in range(20)]
    waiting = iter(tasks)
    with local_engine(2, 5) as engine:
        engine.run(Path.touch, waiting)
        wait_for(lambda: tasks[0].exists() and tasks[1].exists())
    assert len(list(waiting)) > 10, "only so many are taken as keep the processes busy"


def test_small_corpora_stay_in_process() -> None:
    def chosen(jobs: int | None, articles: int) -> int | None:
        with local_engine(jobs, articles) as engine:
            return engine.processes if isinstance(engine, Pool) else None

    assert chosen(None, 999) is chosen(1, 1000) is None
    assert chosen(2, 5) == 2
    cores = os.cpu_count() or 1
    assert chosen(None, 1000) == (cores if cores > 1 else None)


def test_workers_for_a_large_corpus_start_at_once() -> None:
    with local_engine(2, 1000, abs):
        wait_for(lambda: len(active_children()) == 2)
    with local_engine(9, 1000, abs):
        wait_for(lambda: len(active_children()) == 3)  # two files of 500 articles, or three
    for articles, work in ((999, abs), (1000, None)):
        with local_engine(2, articles, work):
            assert active_children() == []
    with local_engine(2, 999, abs) as engine:
        assert list(engine.run(abs, [-1])) == [(-1, 1)]


def test_no_scheduler_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    code = build(
        copy_tiny(tmp_path), tmp_path / "out", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9"
    )
    assert code == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_missing_dask_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(EngineError, match=r"pip install 'retold\[dask\]'"):
        list(Dask("tcp://127.0.0.1:9").run(abs, [1]))


def test_engine_and_scheduler_go_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(TINY, tmp_path / "out", "--engine", "dask") == 2
    assert build(TINY, tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9") == 2
    assert capsys.readouterr().err.count("--scheduler ADDRESS goes with --engine dask or ray") == 2


# --- a Dask cluster of two worker processes, one of which is killed


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler on loopback, and its two workers."""
    pytest.importorskip("distributed")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")}
    processes: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.{arguments[0]}", *arguments[1:]]
        with (tmp_path / f"{len(processes)}.log").open("wb") as log:
            processes.append(subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log))
        return processes[-1]

    file = tmp_path / "scheduler.json"
    start(
        "dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(file),
    )
    wait_for(file.exists)
    workers = [
        start(
            "dask_worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--no-nanny",
            "--no-dashboard", "--nthreads", "1", "--local-directory", str(tmp_path / f"worker{number}"),
        )
        for number in range(2)
    ]  # fmt: skip
    yield json.loads(file.read_text(encoding="utf-8"))["address"], workers
    for process in processes:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


def test_dask_with_a_worker_killed_in_mid_build_gives_the_same_bytes(
    corpus: Path,
    local: dict[str, bytes],
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
    tmp_path: Path,
) -> None:
    address, workers = cluster
    out = tmp_path / "out"
    code = "import sys; from retold.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["build", "--root", corpus, "--out", out, *SHARDS, "--engine", "dask", "--scheduler", address]
    building = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
        stderr=subprocess.PIPE,
    )
    wait_for(lambda: len(list((tmp_path / STAGED).glob("*/shard.json"))) >= 2 or building.poll() is not None)
    if building.poll() is not None:
        pytest.fail(f"the build was over before a worker could be killed: {building.communicate()[1]!r}")
    workers[0].send_signal(signal.SIGKILL)
    _, said = building.communicate(timeout=PATIENCE)
    assert building.returncode == 0, said
    assert workers[0].wait() == -signal.SIGKILL
    assert snapshot(out) == local


# --- going on

KILL = """
import os, signal, sys
import retold.shard_compiler as shard_compiler
from retold import compiler
from retold.cli import main

compiler.KEPT_FROM_ARTICLES = 1
real, calls = shard_compiler.save_result, 0

def save(*arguments):
    global calls
    calls += 1
    if calls == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    real(*arguments)

shard_compiler.save_result = save
main(sys.argv[2:])
"""


def test_an_interrupted_build_does_not_repeat_finished_shards(
    corpus: Path, local: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    arguments = ["build", "--root", corpus, "--out", out, *SHARDS, "--jobs", "1"]
    done = run_python(KILL, 8, *arguments, home=tmp_path / "home")
    assert done.returncode == -signal.SIGKILL, done.stderr
    finished = {path.parent.name for path in (tmp_path / STAGED).glob("*/shard.json")}
    assert finished == {f"{number:05d}" for number in range(7)}

    compiled: list[int] = []

    def compile_shard(shard: object) -> object:
        compiled.append(shard.number)
        return real(shard)

    real = compiler.compile_shard
    monkeypatch.setattr(compiler, "compile_shard", compile_shard)
    assert build(corpus, out, "--jobs", "1") == 0
    assert compiled == list(range(7, 20))
    assert snapshot(out) == local
    assert not (tmp_path / ".out.new").exists()


@pytest.mark.parametrize("change", ["label", "registry", "part", "options"])
def test_what_has_changed_since_is_done_again(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, out = copy_tiny(tmp_path), tmp_path / "out"
    done = run_python(
        KILL, 3, "build", "--root", root, "--out", out, *SHARDS, "--jobs", "1", home=tmp_path / "home"
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    _, second = sorted(path.parent for path in (tmp_path / STAGED).glob("*/shard.json"))
    options = []
    if change == "label":
        quotes = next((root / "annotations").glob("[a-z]*/quotes.json"))
        edit(quotes, lambda document: document["quotes"][0].update(note="Another look."))
    elif change == "registry":
        edit(
            root / "annotations" / "_registry" / "entities.json",
            lambda document: document["entities"][0].update(description="Somebody else."),
        )
    elif change == "part":
        next(second.glob("sentences/*.parquet")).write_bytes(b"")
    else:
        options = ["--no-text"]
    assert build(root, out, "--jobs", "1", *options) == 0
    fresh = tmp_path / "fresh"
    assert build(root, fresh, "--jobs", "1", *options) == 0
    assert snapshot(out) == snapshot(fresh)


def test_a_small_build_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("retold.compiler.write_manifest", fail)
    root = copy_tiny(tmp_path)
    assert build(root, tmp_path / "out") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny"]


def test_a_large_build_that_fails_keeps_its_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    root = copy_tiny(tmp_path)
    monkeypatch.setattr("retold.compiler.KEPT_FROM_ARTICLES", 1)
    with monkeypatch.context() as failing:
        failing.setattr("retold.compiler.write_manifest", fail)
        assert build(root, tmp_path / "out") == 2
    err = capsys.readouterr().err
    assert "No space left on device" in err
    assert "finished shards are kept" in err
    assert len(list((tmp_path / STAGED).glob("*/shard.json"))) > 0
    assert build(root, tmp_path / "out") == 0
    assert not (tmp_path / ".out.new").exists()
