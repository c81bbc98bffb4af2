"""A process tree: forked children that are restarted when they die and stopped together.

The parent loads the product once and forks, so children start at once and share its memory. It never opens a
database connection itself. It holds the listening socket: a web process that dies loses its own requests only.
"""

import contextlib
import ctypes
import gc
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)
_WATCHED = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD}
_PR_SET_PDEATHSIG = 1
STEADY_SECONDS = 30.0  # a child that lived so long starts over with the shortest pause
LONGEST_PAUSE = 30.0


@dataclass
class Child:
    """One member of the tree: what it runs, and how it fares."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    due: float = 0.0


class Supervisor:
    """Keeps its children running until it is told to stop."""

    def __init__(self, children: list[Child], *, grace: float = 8.0) -> None:
        self.children = children
        self.grace = grace

    def run(self) -> int:
        """Start everything, watch, stop on SIGTERM, SIGINT or SIGHUP; 0 for a clean stop."""
        gc.freeze()  # the collector must not touch, and so copy, the shared pages
        gc.enable()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        try:
            while True:
                self._start_due()
                told = signal.sigtimedwait(_WATCHED, self._pause())
                if told is not None and told.si_signo != signal.SIGCHLD:
                    return self._stop()
                self._reap()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _start_due(self) -> None:
        for child in self.children:
            if not child.pid and child.due <= time.monotonic():
                self._fork(child)

    def _pause(self) -> float:
        waits = [child.due - time.monotonic() for child in self.children if not child.pid]
        return max(0.05, min([5.0, *waits]))

    def _fork(self, child: Child) -> None:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            child.pid, child.started = pid, time.monotonic()
            return
        code = 1
        try:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)  # the parent died in between
            for number in _WATCHED:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to all; the parent decides
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
            child.run()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            _log.exception("%s 进程出错", child.name)
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for child in self.children:
                if child.pid == pid:
                    self._bury(child, status)

    def _bury(self, child: Child, status: int) -> None:
        child.pid = 0
        child.failures = 0 if time.monotonic() - child.started > STEADY_SECONDS else child.failures + 1
        pause = 0.0 if child.failures <= 1 else min(0.5 * 2 ** (child.failures - 2), LONGEST_PAUSE)
        child.due = time.monotonic() + pause
        _log.error("%s 进程意外结束（%s），%.1f 秒后重启", child.name, os.waitstatus_to_exitcode(status), pause)

    def _stop(self) -> int:
        for child in self.children:
            _kill(child, signal.SIGTERM)
        end = time.monotonic() + self.grace
        while any(child.pid for child in self.children):
            self._collect()
            left = end - time.monotonic()
            if left <= 0:
                break
            signal.sigtimedwait({signal.SIGCHLD}, min(left, 0.5))
        for child in self.children:
            if child.pid:
                _log.warning("%s 进程没有在 %.0f 秒内结束，强行终止", child.name, self.grace)
                _kill(child, signal.SIGKILL)
                os.waitpid(child.pid, 0)
                child.pid = 0
        return 0

    def _collect(self) -> None:
        for child in self.children:
            if child.pid and os.waitpid(child.pid, os.WNOHANG)[0]:
                child.pid = 0


def _kill(child: Child, number: signal.Signals) -> None:
    if child.pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, number)


def begin_apart(run: Callable[[], None]) -> Callable[[], int]:
    """Run ``run`` in a forked child at once; what is returned waits for it and gives its exit code. What it loads and
    opens stays out of the parent, which may do something else meanwhile."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    gc.freeze()
    gc.enable()
    code = 1
    try:
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
