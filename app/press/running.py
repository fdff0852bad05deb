"""Having something printed: a program of its own is started, given sheets, and answers with papers. It may be started from
a web process, for nothing of what printing needs is loaded here.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from app.config import ROOT

log = structlog.get_logger()
# Out of memory, or the machine is shutting down.
_ENDED = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT})


def program(package: str) -> tuple[str, ...]:
    """The command that runs a package of ours as a program."""
    return (sys.executable, "-m", package)


def press(
    command: Sequence[str], sheets: Sequence[Mapping[str, Any]], *, seconds: float
) -> list[dict[str, str]] | None:
    """What the program answers for each sheet; None where it fails or takes longer. Raises CalledProcessError where it was
    ended from outside: no sheet is to blame for that.
    """
    try:
        done = subprocess.run(  # noqa: S603  # our own program; what was typed goes through its input alone
            command, input=json.dumps(sheets).encode(), cwd=ROOT, capture_output=True, timeout=seconds, check=True
        )
    except subprocess.SubprocessError as error:
        if getattr(error, "returncode", 0) in _ENDED:
            raise
        said = getattr(error, "stderr", None) or b""
        log.warning("not printed", program=command[-1], number=len(sheets), error=said.decode(errors="replace")[-500:])
        return None
    answers: list[dict[str, str]] = json.loads(done.stdout)
    return answers
