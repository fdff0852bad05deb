"""The keeper notices every death, whoever divides in the moment in which it starts its program."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.jobs.keeper import Keeper

pytestmark = pytest.mark.slow


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    keeper = Keeper([sys.executable, "-S", "-c", "import time; time.sleep(60)"], tmp_path)
    yield keeper
    keeper.stop()


def test_what_ends_is_started_again(keeper: Keeper) -> None:
    keeper.start()
    first = pid_of(keeper)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    second = pid_of(keeper, other_than=first)
    assert second is not None
    keeper.stop()
    assert not keeper.is_alive()


@pytest.mark.parametrize("wait", [number * 1e-4 for number in range(8)])
def test_a_process_that_divides_meanwhile_does_not_hold_it_up(keeper: Keeper, wait: float) -> None:
    keeper.start()
    time.sleep(wait)
    child = os.fork()
    if child == 0:
        time.sleep(60)
        os._exit(0)
    try:
        assert pid_of(keeper) is not None
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def pid_of(keeper: Keeper, other_than: int | None = None) -> int | None:
    """The process that the keeper knows, within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if keeper.process is not None and keeper.process.pid != other_than:
            return keeper.process.pid
        time.sleep(0.02)
    return None
