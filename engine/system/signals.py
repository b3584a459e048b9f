"""How the process is asked to end (Ctrl-C, SIGTERM, a terminal that is gone) and how it ends.

The first such signal counts. In the main thread it raises KeyboardInterrupt, so that what is open
is closed on the way out; within `hold_signals` it only waits, so that nothing is left half done,
and within `notify_on_signal` it calls whoever ends the work in order. Those that follow change
nothing, for tidying up is under way; only one that comes `PATIENCE_S` later ends the process where
it stands.

The state is the process's own, as signals are.
"""

from __future__ import annotations

import _thread
import contextlib
import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.machinery import ExtensionFileLoader
from types import FrameType, TracebackType

TYPE_CHECKING = False  # typing would be most of the time until signals are taken
if TYPE_CHECKING:
    from typing import NoReturn

PATIENCE_S = 10.0
"""Who asks again so long after the first time does not want to wait for what is being tidied up."""
REMIND_S = 0.25
_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class _State:
    """What the signals have come to."""

    def __init__(self) -> None:
        self.taking = False
        self.number = 0
        """The first signal; 0 before one comes."""
        self.at_s = 0.0
        self.delivered = False
        """Whether somebody was told, or the exception was raised."""
        self.noticed = False
        """Whether it needs no reminder: somebody was told, or has caught the exception."""
        self.held = 0
        self.tell: list[Callable[[], object]] = []


_state = _State()


def take_signals() -> None:
    """Take the signals from now on, for as long as the process lives.

    A hang-up that whoever started the process wants ignored (nohup), or a Ctrl-C (a shell's
    background), stays ignored. What `scripts/soundglass` has kept waiting comes now.
    """
    _state.taking = True
    sys.unraisablehook = _unraisable
    _hold_while_libraries_start()
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _take)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


@contextlib.contextmanager
def handle_signals() -> Iterator[None]:
    """Take the signals inside, if nobody does yet and this is the main thread."""
    global _state
    if _state.taking or threading.current_thread() is not threading.main_thread():
        yield
        return
    hook, before = sys.unraisablehook, {each: signal.getsignal(each) for each in _SIGNALS}
    take_signals()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook
        _state = _State()


def end_requested() -> bool:
    """Whether a signal has asked for the end."""
    return _state.number != 0


def mark_finished() -> None:
    """Say that the work has ended: from now on a signal changes nothing but the exit code."""
    _state.noticed = True
    _state.held += 1


def exit_code(otherwise: int) -> int:
    """The code that tells what ended the process: 130 Ctrl-C, 143 SIGTERM, 129 a hang-up."""
    return 128 + _state.number if _state.number else otherwise


class hold_signals:  # noqa: N801 - a context like contextlib's
    """Let a signal wait until the block is done. Counts in the main thread only."""

    def __enter__(self) -> None:
        """Hold."""
        if _in_main_thread():
            _state.held += 1

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Honour what has come meanwhile."""
        if _in_main_thread():
            _state.held -= 1
            if kind is None:
                _raise_pending()


class release_signals:  # noqa: N801
    """Within `hold_signals`: let a signal through again for the block."""

    def __enter__(self) -> None:
        """Honour what has come, and what comes."""
        if _in_main_thread():
            self._held, _state.held = _state.held, 0
            try:
                _raise_pending()
            except KeyboardInterrupt:
                _state.held = self._held
                raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hold as before."""
        if _in_main_thread():
            _state.held = self._held


@contextlib.contextmanager
def notify_on_signal(tell: Callable[[], object]) -> Iterator[None]:
    """Have a signal call `tell` while the block runs; at once, if one is waiting.

    `tell` may be called between any two steps of the main thread: let it set a flag, no more. A
    show is ended by Ctrl-C also where a shell started it in its background.
    """
    if not _in_main_thread():
        yield
        return
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored and _state.taking:
        signal.signal(signal.SIGINT, _take)
    _state.tell.append(tell)
    try:
        if _state.number and not _state.delivered:
            _notify()
        yield
    finally:
        _state.tell.remove(tell)
        if ignored:
            signal.signal(signal.SIGINT, signal.SIG_IGN)


def exit_now(code: int) -> NoReturn:
    """End the process with everything that Python holds written out; nothing else is run.

    Runtimes keep threads, and their libraries take down at exit what these threads still use: an
    abort or a segmentation fault in a tenth to a third of the ends while models were being opened.
    And a binding tells about every object of its library that Python still knows.
    """
    mark_finished()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # closed, full, or nobody there: said before, or never
            stream.flush()
    os._exit(code)


def _hold_while_libraries_start() -> None:
    """Let a signal wait until a library of C or C++ that is being imported has started.

    On the way such a library runs Python code of its own, and an exception that comes out of it
    there is one that it cannot take: soxr's binding ended in a segmentation fault, OpenVINO's in an
    import that failed.
    """
    for name in ("create_module", "exec_module"):
        start = getattr(ExtensionFileLoader, name)
        if not hasattr(start, "holds"):
            setattr(ExtensionFileLoader, name, _holding(start))


def _holding(start: Callable[..., object]) -> Callable[..., object]:
    def start_held(*given: object) -> object:
        with hold_signals():
            return start(*given)

    start_held.holds = True  # pyright: ignore[reportFunctionMemberAccess]
    return start_held


def _take(number: int, frame: FrameType | None) -> None:
    if number == getattr(signal, "SIGHUP", None):
        _leave_the_terminal()
    if _state.number == 0:
        _state.number, _state.at_s = number, time.monotonic()
    elif time.monotonic() - _state.at_s > PATIENCE_S:
        exit_now(exit_code(1))
    if _state.tell and not _state.delivered:
        _notify()
    elif not _state.delivered:
        _raise_pending()
    elif not _state.noticed and not _state.held and not _is_interrupted(sys.exc_info()[1]):
        raise KeyboardInterrupt


def _notify() -> None:
    _state.delivered = _state.noticed = True
    _state.tell[-1]()


def _raise_pending() -> None:
    """Raise what has been asked for and not been answered."""
    if _state.number and not _state.delivered and not _state.held:
        _state.delivered = True
        # Not a Thread: its locks may be held by what is being interrupted.
        _thread.start_new_thread(_remind, (_state,))
        raise KeyboardInterrupt


def _is_interrupted(error: BaseException | None) -> bool:
    """Whether what the main thread is doing is done because it was interrupted."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False


def _remind(state: _State) -> None:
    """Send the signal again until somebody has noticed.

    The exception can be lost: Python drops one that is raised in a destructor, and libraries of C
    some of those that their calls end with.
    """
    main = threading.main_thread().ident
    assert main is not None
    while time.monotonic() - state.at_s < PATIENCE_S - REMIND_S:
        time.sleep(REMIND_S)
        if state.noticed or state is not _state:
            return
        signal.pthread_kill(main, state.number)


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    """Say nothing of an interruption that was lost in a destructor: it comes again."""
    if not (_state.number and issubclass(unraisable.exc_type, KeyboardInterrupt)):
        sys.__unraisablehook__(unraisable)


def _leave_the_terminal() -> None:
    """Write into nothing from now on where the terminal is gone: every line would be an error."""
    import termios

    for number in (1, 2):
        try:
            termios.tcgetattr(number)
        except termios.error as error:
            if error.args[0] == errno.EIO:  # one that never was a terminal says something else
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, number)
                os.close(nowhere)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
