"""Work in processes of its own, which can be killed at any of their statements."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from sqlalchemy import event

from app.kernel.db import db


def killed_at(number: int, work: Callable[[], object]) -> int:
    """Do the work in a process that is killed before its statement or commit with this number. The signal; 0 where it came to an
    end before.
    """

    def count_and_work() -> None:
        seen = 0

        def note(*_: object) -> None:
            nonlocal seen
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(db.engine, "before_cursor_execute", note)
        event.listen(db.engine, "commit", note)
        work()

    status = os.waitpid(forked(count_and_work), 0)[1]
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def all_at_once(number: int, work: Callable[[], object]) -> list[int]:
    """Do the work in so many processes that begin at the same moment. What each of them ended with; 0 is well."""
    begin, start = os.pipe()
    children = [forked(lambda: (os.read(begin, 1), work())) for _ in range(number)]
    os.write(start, b"!" * number)
    return [os.waitpid(child, 0)[1] for child in children]


def forked(work: Callable[[], object]) -> int:
    """A process that does the work and ends."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child
