"""Keeps one program running beside the web processes, as long as whoever serves them runs."""

from __future__ import annotations

import logging
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

log = logging.getLogger(__name__)

# Popen waits on a pipe until its child has begun. Whoever divides in that moment inherits the pipe and holds it open for as long as
# it lives, and Popen would wait for that long: never both at once.
_beginning = threading.Lock()
os.register_at_fork(before=_beginning.acquire, after_in_parent=_beginning.release, after_in_child=_beginning.release)


class Keeper:
    """Starts `command` in the folder `place`, and again whenever it ends, until it is told to stop."""

    def __init__(self, command: Sequence[str], place: Path) -> None:
        self.command = command
        self.place = place
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._keep_running, name="keeper", daemon=True).start()

    def stop(self) -> None:
        """Ask it to end, and after ten seconds end it."""
        self.stopping.set()
        if self.process is None or not self.is_alive():
            return
        self.process.terminate()
        deadline = time.monotonic() + 10
        while self.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        if self.is_alive():
            self.process.kill()

    def is_alive(self) -> bool:
        if self.process is None:
            return False
        # gunicorn collects every child that ends, so the process itself has to be looked for.
        try:
            os.kill(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return self.process.poll() is None

    def _keep_running(self) -> None:
        while not self.stopping.is_set():
            try:
                with _beginning:
                    self.process = subprocess.Popen(self.command, cwd=self.place)  # noqa: S603  # our own program
            except OSError as error:
                # No memory, no process left: perhaps in a moment.
                log.warning("the worker could not be started: %s", error)
            while not self.stopping.wait(1.0) and self.is_alive():
                pass
