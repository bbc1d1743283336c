"""Rows of a benchmark's table, each measured in a process of its own, one after another."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

FAMILY = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


class RowError(Exception):
    """A row that could not be measured; the message says why."""


class Run(NamedTuple):
    """What a command took as a whole process: wall and CPU seconds, and most memory held, MB."""

    wall_s: float
    cpu_s: float
    peak_mb: float


class Stopwatch:
    """Wall and CPU seconds from now, in this process and the solvers that it has started."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), _cpu_seconds()

    @property
    def wall_s(self) -> float:
        """Wall seconds so far."""
        return time.perf_counter() - self._wall

    @property
    def cpu_s(self) -> float:
        """User and system seconds so far; those of a child count when it has ended."""
        return _cpu_seconds() - self._cpu


def peak_mb() -> int:
    """Most memory that this process or, if that was larger, one of its children has held."""
    return max(resource.getrusage(who).ru_maxrss for who in FAMILY) // 1024


def run_alone(work: Callable[..., Any], *args: Any) -> Any:
    """Return `work(*args)`, called in a fresh process, whose own children end with it.

    Raises
    ------
    RowError
        If the process ended without an answer.
    """
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_answer, args=(sender, work, args))
    child.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError:
        child.join()
        killed = child.exitcode == -signal.SIGKILL
        raise RowError("killed, out of memory" if killed else "failed") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.join()


def run_command(command: Sequence[str]) -> Run:
    """Run a command once.

    Raises
    ------
    SystemExit
        It failed.
    """
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    wall_s = time.perf_counter() - start
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measured(labels: Sequence[str], work: Callable[..., Any], *args: Any) -> list[str]:
    """Return a row: its labels, then the cells that `work(*args)` returns, or why it has none."""
    try:
        return [*labels, *run_alone(work, *args)]
    except RowError as error:
        return [*labels, str(error)]


@contextlib.contextmanager
def given_up_after(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the main thread once these seconds are over, unless all is done."""

    def give_up(*_: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, labels: int = 1) -> None:
    """Print a Markdown table row by row, the labels to the left and numbers to the right."""
    print(f"| {' | '.join(heads)} |")
    print(f"|{'---|' * labels}{'---:|' * (len(heads) - labels)}", flush=True)
    for row in rows:
        filled = [*row, *("-" for _ in heads[len(row) :])]
        print(f"| {' | '.join(filled)} |", flush=True)


def _cpu_seconds() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in FAMILY)


def _answer(sender: Connection, work: Callable[..., Any], args: Sequence[Any]) -> None:
    os.setsid()
    sender.send(work(*args))
    sender.close()
