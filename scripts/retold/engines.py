"""Where shards are compiled: in this process, in several of this machine, on a Dask or Ray cluster.

An engine runs one function on many pieces of work and yields what comes out as it comes. It writes nothing
itself: the function does, under names that do not depend on the engine, so all engines give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Protocol, TypeVar

from retold.layout import SHARD_ARTICLES

Task = TypeVar("Task")
Result = TypeVar("Result")

POOL_FROM_ARTICLES = 1000  # below that, starting workers costs more than they save
RETRIES = 2
_AHEAD = 2  # tasks that wait for each worker: enough to keep it busy, few enough to be held in memory


class EngineError(Exception):
    """The engine cannot be used or has failed; the message says what to do."""


class Engine(Protocol):
    """Runs tasks somewhere."""

    def run(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield each task with its result, in the order of completion."""
        ...


class InProcess:
    """One task after another, here."""

    def run(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield each task with its result."""
        return ((task, work(task)) for task in tasks)


@dataclass(frozen=True, slots=True)
class Pool:
    """Processes of this machine; ``concurrent.futures.BrokenExecutor`` is raised if one of them dies.

    They begin with the first tasks at once, before anybody asks for a result.
    """

    executor: ProcessPoolExecutor
    processes: int

    def run(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield each task with its result, in the order of completion."""
        waiting = iter(tasks)
        return self._results(work, waiting, self._submitted(work, waiting, 0))

    def _submitted(
        self, work: Callable[[Task], Result], waiting: Iterator[Task], running: int
    ) -> dict[Future[Result], Task]:
        """Submit so many tasks that, with those running, each process has enough of them."""
        tasks = islice(waiting, _AHEAD * self.processes - running)
        return {self.executor.submit(work, task): task for task in tasks}

    def _results(
        self, work: Callable[[Task], Result], waiting: Iterator[Task], running: dict[Future[Result], Task]
    ) -> Iterator[tuple[Task, Result]]:
        while running:
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(done), done.result()
            running |= self._submitted(work, waiting, len(running))


@dataclass(frozen=True, slots=True)
class Dask:
    """A Dask cluster that is there already, by the address of its scheduler (``tcp://host:8786``).

    Its workers need this package, and must see the corpus and the output under the same paths. A task whose
    worker dies is done again by another one.
    """

    address: str

    def run(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield each task with its result, in the order of completion."""
        try:
            from distributed import Client, KilledWorker, as_completed  # noqa: PLC0415 (an extra)
        except ImportError:
            raise EngineError("--engine dask needs more packages: pip install 'retold[dask]'") from None
        try:
            client = Client(self.address, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise EngineError(f"no Dask scheduler answers at {self.address}: {error}") from None
        with client:
            todo = list(tasks)
            # The tasks write files, so one is never taken for another of the same value (pure=False).
            futures = client.map(work, todo, pure=False, retries=RETRIES)
            task_of = dict(zip(futures, todo, strict=True))
            try:
                for future, result in as_completed(futures, loop=client.loop, with_results=True):
                    yield task_of[future], result
            except KilledWorker as error:
                raise EngineError(f"a task has killed {RETRIES + 1} or more workers: {error}") from None


@dataclass(frozen=True, slots=True)
class Ray:
    """A Ray cluster that is there already, by its address (``host:6379``); else as ``Dask``."""

    address: str

    def run(self, work: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
        """Yield each task with its result, in the order of completion."""
        try:
            import ray  # noqa: PLC0415 (an extra)
        except ImportError:
            raise EngineError("--engine ray needs more packages: pip install 'retold[ray]'") from None
        try:
            ray.init(address=self.address, log_to_driver=False, logging_level="error")
        except (ConnectionError, ValueError) as error:
            raise EngineError(f"no Ray cluster answers at {self.address}: {error}") from None
        remote = ray.remote(max_retries=RETRIES)(work)
        try:
            running = {remote.remote(task): task for task in tasks}
            while running:
                for done in ray.wait(list(running))[0]:
                    yield running.pop(done), ray.get(done)
        finally:
            ray.shutdown()


@contextmanager
def local_engine(
    jobs: int | None, articles: int, work: Callable[[Task], object] | None = None
) -> Iterator[Engine]:
    """Open the engine for this machine; what is not yet begun when it is closed is not done.

    Args:
        jobs: the most worker processes, which start as they are needed; ``None`` takes one a core, but this
            process alone for a small corpus.
        articles: of the corpus, about.
        work: what will be run first, if that is known: for a large corpus, so many workers start and import
            it at once as will be needed.
    """
    large = articles >= POOL_FROM_ARTICLES
    processes = (os.cpu_count() or 1 if large else 1) if jobs is None else jobs
    if processes == 1:
        yield InProcess()
        return
    executor = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_end_with_parent)
    try:
        if large and work is not None:
            for _ in range(min(processes, 1 + articles // SHARD_ARTICLES)):
                executor.submit(callable, work)  # it comes by its name: who receives it has to import it
        yield Pool(executor, processes)
    finally:
        executor.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, though it was killed and cannot say so."""
    parent = parent_process()

    def end() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=end, daemon=True).start()


CLUSTERS: dict[str, Callable[[str], Engine]] = {"dask": Dask, "ray": Ray}
