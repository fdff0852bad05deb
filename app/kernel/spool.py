"""Notes of processes that must not wait: lines in files, a file for each process and few seconds, read later by somebody else.

A line is one write, which threads cannot tear apart. What is in a file survives the process; what would flood the folder, or comes
when nobody reads it any more, is let go.
"""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# No line can still be on its way into a file whose time was over so many slots ago.
SLOTS_TO_WAIT = 2


@dataclass
class Spool:
    """The notes of one sort. `seconds` is the time of a file."""

    seconds: int
    max_file_bytes: int
    max_files: int
    _pid: int = field(default=0, init=False)
    _token: str = field(default="", init=False)

    def append(self, folder: Path, line: bytes) -> None:
        """Write one line, without its end. Raises OSError."""
        path = folder / f"{int(time.time() // self.seconds)}-{self._name()}.jsonl"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileNotFoundError:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, flags, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            if size > self.max_file_bytes or (size == 0 and len(list(folder.iterdir())) > self.max_files):
                if size == 0:
                    with suppress(FileNotFoundError):
                        path.unlink()
                return
            os.write(descriptor, line + b"\n")
        finally:
            os.close(descriptor)

    def ripe(self, folder: Path) -> list[Path]:
        """The files whose time is over, oldest first; those from the future were written before somebody put the clock back."""
        current = time.time() // self.seconds
        try:
            paths = sorted(folder.glob("*.jsonl"))
        except OSError:
            return []
        slots = [(path.name.partition("-")[0], path) for path in paths]
        return [path for slot, path in slots if slot.isdigit() and abs(current - int(slot)) > SLOTS_TO_WAIT]

    def read(self, path: Path) -> list[bytes]:
        """The lines of a file; none if it is gone."""
        try:
            return path.read_bytes()[: 2 * self.max_file_bytes].splitlines()
        except FileNotFoundError:
            return []

    def _name(self) -> str:
        """This process's part of the names. Another one after a fork."""
        if self._pid != os.getpid():
            self._pid, self._token = os.getpid(), secrets.token_hex(8)
        return self._token
