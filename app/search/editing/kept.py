"""What a process has read and keeps, until it has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from flask import current_app

from app.config import Config

T = TypeVar("T")
# For so long a process may go on with what it knows before it looks again.
SECONDS = 1.0


class Kept(Generic[T]):
    """A value that is made again when its stamp has changed. Safe under threads: what is made is never changed."""

    def __init__(self, make: Callable[[], T], stamp: Callable[[], Hashable]) -> None:
        self._make, self._stamp = make, stamp
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._kept: tuple[Hashable, T] | None = None

    def get(self) -> T:
        kept = self._kept
        if kept is not None and time.monotonic() - self._looked_at < self._patience():
            return kept[1]
        stamp = self._stamp()
        if kept is None or kept[0] != stamp:
            with self._lock:
                kept = self._kept
                if kept is None or kept[0] != stamp:
                    # The stamp is older than the value, so that a change in between is noticed the next time.
                    kept = self._kept = (stamp, self._make())
        self._looked_at = time.monotonic()
        return kept[1]

    @staticmethod
    def _patience() -> float:
        config: Config = current_app.config["GUILDHALL"]
        return 0.0 if config.testing else SECONDS
