"""Having an upload looked at by a program of its own, `app.media.press`."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

import structlog

from app.config import ROOT
from app.media.refusals import busy, refuse

log = structlog.get_logger()
# A picture of 50 million pixels takes three seconds, on a machine that is busy with other things many times as long.
SECONDS = 60
# So many at once in one process: each may need a few hundred megabytes for a moment.
AT_ONCE = 2
PATIENCE = 20
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Pressed:
    """What becomes of an upload: the suffix it is kept under, its bytes, and what else is known of it."""

    suffix: str
    data: bytes
    told: dict[str, Any]


def press_picture(data: bytes) -> Pressed:
    """`data` decoded and written anew. Raises InvalidInputError with the reason where it is no picture, BusyError."""
    return _press(data, "app.media.press.pictures")


def press_attachment(data: bytes, name: str) -> Pressed:
    """`data` as it is, with the suffix of what it is. Raises InvalidInputError where it is not taken, BusyError."""
    pressed = _press(data, "app.media.press.attachments", name)
    return Pressed(pressed.suffix, data, pressed.told)


def _press(data: bytes, program: str, *arguments: str) -> Pressed:
    if not data:
        raise refuse("empty")
    if not _places.acquire(timeout=PATIENCE):
        raise busy()
    try:
        done = subprocess.run(  # noqa: S603  # our own program
            (sys.executable, "-m", program, *arguments),
            input=data,
            cwd=ROOT,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or b""
        log.warning("an upload broke the press", program=program, error=said.decode(errors="replace")[-500:])
        raise refuse("broken") from None
    finally:
        _places.release()
    head, _, kept = done.stdout.partition(b"\n")
    told = json.loads(head)
    if "refused" in told:
        raise refuse(told["refused"])
    return Pressed(told["suffix"], kept, told)
