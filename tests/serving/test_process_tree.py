"""One command runs web and worker as one tree: it starts whole, mends itself, and stops whole."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.site import Site, Stock

pytestmark = pytest.mark.race


@pytest.fixture
def site(stock: Stock, tmp_path: Path) -> Iterator[Site]:
    running = stock.start(tmp_path / "site", sample=False)
    yield running
    if running.process.poll() is None:
        running.stop()


def test_the_worker_is_started_again_when_it_is_killed(site: Site) -> None:
    worker = worker_of(site)
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    assert until(lambda: worker_of(site) not in {None, worker})


def test_a_killed_web_process_is_replaced(site: Site) -> None:
    web = next(pid for pid in children(site.process.pid) if pid != worker_of(site))
    os.kill(web, signal.SIGKILL)
    assert until(lambda: len([pid for pid in children(site.process.pid) if pid not in {web, worker_of(site)}]) == 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_stopping_the_server_leaves_nothing_behind(site: Site, number: signal.Signals) -> None:
    tree = [site.process.pid, *children(site.process.pid)]
    assert len(tree) == 3
    os.kill(site.process.pid, number)
    site.process.wait(20)
    assert until(lambda: [pid for pid in tree if is_alive(pid)] == [])


def worker_of(site: Site) -> int | None:
    return next((pid for pid in children(site.process.pid) if b"jobs" in command_of(pid).split(b"\0")), None)


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Does the condition come true in time?"""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False
