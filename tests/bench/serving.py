"""Servers: the product as `make run` starts it, and the bound under the same settings of the same server."""

from __future__ import annotations

import os
import re
import runpy
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path

from app.config import ROOT, Config
from tests.bench.bound import DATABASE, LIGHTEST
from tests.bench.load import HOST, fetch, get

BIN = Path(sys.executable).parent
PROC = Path("/proc")
# What both servers have in common, out of the product's own file.
SHARED_SETTINGS = (
    "worker_class",
    "threads",
    "preload_app",
    "timeout",
    "graceful_timeout",
    "keepalive",
    "max_requests",
    "max_requests_jitter",
    "limit_request_line",
    "control_socket_disable",
    "loglevel",
)


@dataclass(frozen=True)
class Cores:
    """Which cores serve and which ask. Both empty where the system cannot keep a process to a core, or has one only."""

    serving: frozenset[int] = frozenset()
    asking: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Server:
    """A server that answers at `port`; `root` is the process that started the others."""

    port: int
    root: int


def divide_cores() -> Cores:
    """One core for the web process, the others for the load and for the product's worker."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    return Cores(frozenset(cores[:1]), frozenset(cores[1:])) if len(cores) > 1 else Cores()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def environment(config: Config) -> dict[str, str]:
    """The process environment that makes this configuration, whatever is set outside or stands in a `.env`."""
    settings = {item.name: "" for item in fields(Config)}
    settings |= {"data_dir": str(config.data_dir), "port": str(config.port), "workers": str(config.workers)}
    return {**os.environ, **{name.upper(): value for name, value in settings.items()}}


def set_up(config: Config) -> None:
    """What `make run` does before it serves. Raises RuntimeError with what the command said."""
    result = subprocess.run(
        [BIN / "flask", "setup"], cwd=ROOT, env=environment(config), capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise RuntimeError(f"flask setup failed:\n{result.stdout}{result.stderr}")


@contextmanager
def product(config: Config, cores: Cores, *, wait_for_worker: bool = True) -> Iterator[Server]:
    """Serve the product, with its worker beside it."""
    command = [str(BIN / "gunicorn"), "--config", "gunicorn.conf.py"]
    with _served(command, environment(config), config.data_dir / "product.log", config.port, "/healthz") as process:
        if wait_for_worker:
            _wait_for_the_worker(process)
        for number in tree_of(process):
            _keep_to(number, cores.asking if role_of(number) == "worker" else cores.serving)
        yield Server(config.port, process)


@contextmanager
def bound(database: Path, port: int, *, workers: int, cores: Cores) -> Iterator[Server]:
    """Serve the bound with the product's settings."""
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    lines = [f"{name} = {settings[name]!r}" for name in SHARED_SETTINGS]
    lines += [f"workers = {workers}", f"bind = '{HOST}:{port}'", "wsgi_app = 'tests.bench.bound:app'"]
    config = database.with_suffix(".gunicorn.py")
    config.write_text("\n".join(lines), encoding="utf-8")
    command = [str(BIN / "gunicorn"), "--config", str(config)]
    variables = {**os.environ, DATABASE: str(database)}
    with _served(command, variables, database.with_suffix(".log"), port, f"/page/{LIGHTEST}") as process:
        for number in tree_of(process):
            _keep_to(number, cores.serving)
        yield Server(port, process)


@contextmanager
def _served(command: list[str], variables: dict[str, str], log: Path, port: int, path: str) -> Iterator[int]:
    with log.open("a") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_it_answers(process, log, port, path)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_answers(process: subprocess.Popen[bytes], log: Path, port: int, path: str) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            if fetch(port, get(path)).status == 200:
                return
        time.sleep(0.02)
    process.kill()
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")


def _wait_for_the_worker(root: int) -> None:
    """It is started beside the web processes, and may be a moment later than they are."""
    deadline = time.monotonic() + 10
    while PROC.exists() and "worker" not in map(role_of, tree_of(root)):
        if time.monotonic() > deadline:
            raise RuntimeError("the product started no worker")
        time.sleep(0.02)


def tree_of(root: int) -> list[int]:
    """A process and all that it started, where the system shows them; else the process alone."""
    parents: dict[int, int] = {}
    for stat in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name in brackets may hold anything; what follows it is orderly.
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    tree = [root]
    for process in tree:
        tree += sorted(child for child, parent in parents.items() if parent == process)
    return tree


def role_of(process: int) -> str:
    """`worker` for the product's worker, `web` for a process that serves, `master` for the one that started them."""
    with suppress(OSError):
        if b"jobs\0run" in (PROC / str(process) / "cmdline").read_bytes():
            return "worker"
    children = tree_of(process)[1:]
    return "master" if children else "web"


def memory_of(process: int) -> tuple[float, float] | None:
    """(resident, own share of it) in MB: memory that several processes share counts in part for each in the second."""
    with suppress(OSError):
        text = (PROC / str(process) / "smaps_rollup").read_text()
        sizes = {
            name: int(kilobytes) / 1024 for name, kilobytes in re.findall(r"^(\w+): +(\d+) kB", text, re.MULTILINE)
        }
        return sizes["Rss"], sizes["Pss"]
    return None


def web_seconds(root: int) -> float | None:
    """The processor time that serving has taken so far: what the other programs of this machine do is not in it."""
    ticks = 0
    for process in tree_of(root):
        if role_of(process) != "worker":
            with suppress(OSError):
                numbers = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
                # Own user and system time; of the root also that of web processes that have ended.
                ticks += sum(map(int, numbers[11 : 15 if process == root else 13]))
    return ticks / os.sysconf("SC_CLK_TCK") if ticks else None


def _keep_to(process: int, cores: frozenset[int]) -> None:
    """Keep a process with all its threads to `cores`; leave it free if there are none."""
    if cores:
        for thread in (PROC / str(process) / "task").iterdir():
            with suppress(OSError):
                os.sched_setaffinity(int(thread.name), cores)
