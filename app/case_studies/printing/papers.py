"""Having a case study printed while somebody waits, and keeping the paper as long as it would come out the same.

The file is named by everything that the press is told, so a change of the story, of a name in it or of the wording makes
another one. The folder can be emptied at any time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from app.kernel.errors import ConflictError
from app.press.running import press, program

PROGRAM = program("app.case_studies.printing.press")
SECONDS = 30
# Of each process one at a time: whoever asks for all papers at once waits for them and holds up nobody else's pages.
_TURN = threading.Semaphore(1)
WAIT_FOR_TURN = 20
# The papers that were printed last.
MOST_KEPT = 300


@dataclass(frozen=True)
class Paper:
    """The PDF; or why there is none: the characters that no font has, or that the press did not manage."""

    pdf: bytes | None
    lacking: str = ""


def paper_of(sheet: Mapping[str, Any], folder: Path) -> Paper:
    """The paper of what the sheet says, printed if it is not kept in `folder`. Raises ConflictError where too many wait."""
    digest = hashlib.sha256(json.dumps(sheet, sort_keys=True).encode()).hexdigest()[:32]
    kept = folder / f"{digest}.json"
    found = _read(kept)
    if found is not None:
        return found
    if not _TURN.acquire(timeout=WAIT_FOR_TURN):
        raise ConflictError(BUSY)
    try:
        # Whoever had the turn before may have asked for the same.
        found = _read(kept)
        if found is None:
            (answer,) = press(PROGRAM, [sheet], seconds=SECONDS) or [{}]
            _keep(kept, answer)
            found = _paper(answer)
    finally:
        _TURN.release()
    return found


def print_once(sheet: Mapping[str, Any]) -> Paper:
    """The same for what is not for everybody who reads: printed, handed over and kept nowhere. Raises ConflictError where too many
    wait.
    """
    if not _TURN.acquire(timeout=WAIT_FOR_TURN):
        raise ConflictError(BUSY)
    try:
        (answer,) = press(PROGRAM, [sheet], seconds=SECONDS) or [{}]
    finally:
        _TURN.release()
    return _paper(answer)


BUSY = _l("Others are having something printed just now. Try again in a minute, or print the page from your browser.")


def _read(path: Path) -> Paper | None:
    try:
        return _paper(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None


def _paper(answer: Mapping[str, str]) -> Paper:
    pdf = base64.b64decode(answer["pdf"]) if "pdf" in answer else None
    return Paper(pdf, answer.get("lacking", "")[:200])


def _keep(path: Path, answer: Mapping[str, str]) -> None:
    """What cannot be printed is kept as well, so that asking again costs nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{threading.get_ident()}.new")
    fresh.write_text(json.dumps(answer), encoding="utf-8")
    fresh.replace(path)
    files = sorted(path.parent.glob("*.json"), key=_age, reverse=True)
    for old in files[MOST_KEPT:]:
        old.unlink(missing_ok=True)


def _age(path: Path) -> float:
    """When it was printed; long ago for one that another process has just taken away."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
