"""A limit of time for work in plain Python that somebody else's input can make endless."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TooSlowError(Exception):
    """The work took longer than it may."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what this thread does in here after `seconds`. Raises TooSlowError.

    The interpreter raises it between two steps of the work, so what was being worked on may be half done: throw it
    away. A single long step in C is not cut short.
    """
    lock, thread_id, is_over = threading.Lock(), threading.get_ident(), False

    def stop() -> None:
        with lock:
            if not is_over:
                _raise_in(thread_id, TooSlowError)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            is_over = True
            # What was asked for at the last moment must not surface later, somewhere else.
            _raise_in(thread_id, None)
        timer.cancel()


def _raise_in(thread_id: int, error: type[Exception] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread_id), ctypes.py_object(error) if error else ctypes.c_void_p(None)
    )
