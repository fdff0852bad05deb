"""A whole site as a user starts it: set up by the command, served by gunicorn with its worker, on a free port."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

from flask import Flask

from app.config import ROOT, Config
from app.factory import create_app
from app.kernel.db import db

T = TypeVar("T")
BIN = Path(sys.executable).parent


@dataclass
class Site:
    """A running site. `first_administrator` is the link that it printed, `output` what else it said."""

    config: Config
    process: subprocess.Popen[str]
    output: Path
    app: Flask

    @property
    def url(self) -> str:
        return self.config.site_url

    @property
    def first_administrator(self) -> str:
        match = re.search(r"https?://\S+/first-administrator/\S+", self.output.read_text(encoding="utf-8"))
        assert match, self.output.read_text(encoding="utf-8")
        return match[0]

    def do(self, action: Callable[[], T]) -> T:
        """Run something against the site's database, as a command would."""
        with self.app.app_context():
            try:
                return action()
            finally:
                db.session.remove()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        with self.app.app_context():
            db.engine.dispose()


class Stock:
    """Sites that are set up and not yet served: each kind once, in a folder that all test processes of a run share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, data_dir: Path, *, sample: bool) -> Site:
        """Serve a copy of one, in `data_dir`."""
        shutil.copytree(self._ready(sample=sample), data_dir, dirs_exist_ok=True)
        return serve(data_dir)

    def _ready(self, *, sample: bool) -> Path:
        ready = self.folder / ("furnished" if sample else "bare")
        with (self.folder / f"{ready.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.exists():
                begun = ready.with_suffix(".begun")
                _set_up(begun, sample=sample)
                begun.rename(ready)
        return ready


def _set_up(data_dir: Path, *, sample: bool) -> None:
    command = [str(BIN / "flask"), "setup", "--sample" if sample else "--no-sample"]
    environment = _environment(data_dir, _free_port())
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def serve(data_dir: Path) -> Site:
    """Serve what was set up."""
    config = Config(data_dir=data_dir, port=_free_port(), workers=1, log_level="warning")
    environment = _environment(data_dir, config.port)
    output = data_dir / "output.txt"
    with output.open("w") as out:
        command = [str(BIN / "gunicorn"), "--config", "gunicorn.conf.py"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, text=True)
    _wait_until_ready(config.site_url, process, output)
    return Site(config, process, output, create_app(config))


def _environment(data_dir: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "WORKERS": "1",
        "LOG_LEVEL": "warning",
        "ENVIRONMENT": "evaluation",
    }


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(url: str, process: subprocess.Popen[str], output: Path) -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"the site did not get ready:\n{output.read_text(encoding='utf-8')}")
