"""Submissions handed to an executor: this process, a pool of processes, a cluster.

A lost worker costs nothing but time.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import connection
from typing import Any

from autograde.classroom.job import Fault, Graded, Job
from autograde.classroom.worker import close_bench, grade
from autograde.errors import AutogradeError, CourseError

Open = Callable[[], AbstractContextManager[Executor]]
"""Opens an executor; called again when its workers were lost."""

_AHEAD = 2  # jobs handed out for each worker, so that none waits for the next; more would fill the memory
_LOST = "the process that graded it was lost, twice; run the command again to try once more"


def grade_all(jobs: Iterable[Job], open_executor: Open, workers: int) -> Iterator[Graded | Fault]:
    """Yield what comes of each job, in the order in which they are done.

    When workers are lost, what they were at is tried again, each alone: one that loses its worker then is
    told of as a fault, and the rest goes on.

    Raises:
        CourseError: the course cannot be used.
        IsolationError: students' processes cannot be confined as the course demands.

    """
    waiting, suspects = iter(jobs), deque[Job]()
    while True:
        with open_executor() as executor:
            lost = yield from _hand_out(executor, waiting, suspects, workers * _AHEAD if workers > 1 else 1)
        if not lost:
            return
        if len(lost) == 1 and suspects and suspects[0] is lost[0]:
            suspects.popleft()
            yield Fault(lost[0].student, _LOST)
        else:
            suspects.extend(lost)


def _hand_out(
    executor: Executor, waiting: Iterator[Job], suspects: deque[Job], most: int
) -> Generator[Graded | Fault, None, list[Job]]:
    """Yield what comes of jobs, suspects first and one by one; return those whose workers were lost."""
    while suspects:
        try:
            yield executor.submit(grade, suspects[0]).result()
        except BrokenExecutor:
            return [suspects[0]]
        suspects.popleft()
    running: dict[Future[Graded | Fault], Job] = {}
    more = True
    while more or running:
        while more and len(running) < most:
            job = next(waiting, None)
            if job is None:
                more = False
                break
            try:
                running[executor.submit(grade, job)] = job
            except BrokenExecutor:
                return [*running.values(), job]
        wait(running, return_when=FIRST_COMPLETED)
        for future in [one for one in running if one.done()]:
            try:
                outcome = future.result()
            except BrokenExecutor:
                return list(running.values())
            del running[future]
            yield outcome
    return []


class _Here(Executor):
    """Does every job at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do a job, and return it done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Close what the jobs left open."""
        close_bench()


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    context = multiprocessing.get_context("spawn")  # nothing of this process may be in them
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker)
    try:
        yield pool
    except BaseException:  # Ctrl-C: do not wait for what they are at
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin_worker() -> None:
    """Let a pool's process end with its parent, however that ends, and not of Ctrl-C by itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)  # its warm server sees it, and ends too

    threading.Thread(target=follow, daemon=True).start()


def local(workers: int) -> Open:
    """Return what opens an executor of this machine."""
    return _Here if workers == 1 else lambda: _processes(workers)


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        return os.cpu_count() or 1


@contextmanager
def cluster(address: str) -> Iterator[tuple[Open, int]]:
    """Connect to a Dask scheduler; yield what opens its executor, and how many workers it has.

    Raises:
        CourseError: `distributed` is not installed.
        AutogradeError: the scheduler does not answer.

    """
    try:
        from distributed import Client
    except ImportError as error:
        raise CourseError("--scheduler needs dask.distributed: pip install 'autograde[cluster]'") from error
    try:
        client = Client(address, set_as_default=False, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        told = f"{error}".splitlines()[0] if f"{error}" else type(error).__name__
        raise AutogradeError(
            f"{address}: no Dask scheduler answers there ({told}); start one with `dask scheduler`"
        ) from error
    with client:
        workers = sum(client.nthreads().values())
        if not workers:
            raise AutogradeError(
                f"{address}: the scheduler has no workers; start some with `dask worker {address}`"
            )
        yield lambda: contextlib.nullcontext(_cluster_executor(client)), workers


def _cluster_executor(client: Any) -> Executor:
    executor: Executor = client.get_executor(pure=False)
    return executor
