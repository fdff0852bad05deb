"""What cannot start says why in one sentence, and what to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app import preflight
from app.config import ROOT, Config, ConfigError

BIN = Path(sys.executable).parent


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.slow
def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run(BIN / "gunicorn", "--config", "gunicorn.conf.py", DATA_DIR=str(tmp_path), PORT=port)
    assert result.returncode != 0
    assert (
        result.stderr.strip() == f"Port {port} is in use. Stop the other program, or choose a port: PORT=8001 make run"
    )


def test_a_python_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert (preflight.main() or "").startswith("Guildhall needs Python 3.11 or later, and ")


def test_a_python_without_venv(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    result = run(sys.executable, "app/preflight.py", "run", PYTHONPATH=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr.strip() == (
        "This Python cannot make virtual environments. On Debian and Ubuntu: sudo apt install python3-venv"
    )


def test_a_read_only_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "_is_read_only", lambda _path: True)
    assert (
        preflight.main() == f"The folder {ROOT} cannot be written to. Move Guildhall to one that can, or set DATA_DIR."
    )


def test_all_is_well_here() -> None:
    assert preflight.main() is None


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT is 'eighty'; it must be a whole number."),
        ({"PORT": "70000"}, "PORT is 70000; it must be between 1 and 65535."),
        ({"VISITORS": "some"}, "VISITORS is 'some'; it must be one of read, none."),
        ({"DEFAULT_TIME_ZONE": "Mars/Olympus"}, "DEFAULT_TIME_ZONE is 'Mars/Olympus', which is no IANA time zone."),
        ({"ENVIRONMENT": "production"}, "SECRET_KEY is not set. Production needs one of its own: "),
        (
            {"ENVIRONMENT": "production", "SECRET_KEY": "short"},
            "SECRET_KEY is too weak: it needs at least 32 random characters.",
        ),
        (
            {"ENVIRONMENT": "production", "SECRET_KEY": "a" * 64},
            "SECRET_KEY is too weak: it needs at least 32 random characters.",
        ),
        ({"ENVIRONMENT": "production", "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz"}, "BASE_URL is not set. "),
    ],
)
def test_a_setting_that_cannot_be_used(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env(environment)
    assert str(caught.value).startswith(sentence)


@pytest.mark.slow
def test_the_command_line_says_it_in_one_line(tmp_path: Path) -> None:
    result = run(BIN / "flask", "setup", DATA_DIR=str(tmp_path), ENVIRONMENT="production", SECRET_KEY="short")
    assert result.returncode != 0
    assert (
        result.stderr.strip()
        == "Guildhall cannot start: SECRET_KEY is too weak: it needs at least 32 random characters."
    )
