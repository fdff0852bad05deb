"""Notes in files, which are read when their time is over."""

from __future__ import annotations

import os
from pathlib import Path

import time_machine

from app.kernel.spool import Spool

SPOOL = Spool(seconds=10, max_file_bytes=40, max_files=3)


def test_what_is_written_is_read_once_its_time_is_over(tmp_path: Path, clock: time_machine.Traveller) -> None:
    folder = tmp_path / "notes"
    assert SPOOL.ripe(folder) == []
    SPOOL.append(folder, b"one")
    SPOOL.append(folder, b"two")
    clock.shift(20)
    assert SPOOL.ripe(folder) == []
    clock.shift(10)
    (path,) = SPOOL.ripe(folder)
    assert SPOOL.read(path) == [b"one", b"two"]
    assert oct(path.stat().st_mode)[-3:] == "600"
    path.unlink()
    assert SPOOL.read(path) == []


def test_a_flood_is_let_go(tmp_path: Path, clock: time_machine.Traveller) -> None:
    for _number in range(30):
        SPOOL.append(tmp_path, b"x" * 9)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size == 50
    for _number in range(10):
        clock.shift(10)
        SPOOL.append(tmp_path, b"x")
    assert len(list(tmp_path.iterdir())) == 3


def test_each_process_has_a_file_of_its_own(tmp_path: Path, clock: time_machine.Traveller) -> None:
    SPOOL.append(tmp_path, b"parent")
    child = os.fork()
    if child == 0:
        SPOOL.append(tmp_path, b"child")
        os._exit(0)
    os.waitpid(child, 0)
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [b"child\n", b"parent\n"]
