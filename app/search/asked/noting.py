"""What is looked for, noted while it is looked for: without the database, and without saying who asked.

A GET writes nothing to the database. Each process appends one line to a file of its own for every ten seconds in
DATA_DIR/search-queries, and the worker counts the files whose time is over (`tally`). A line names nobody: of whoever
asked it has a keyed hash, and what looks like a person's data is not written at all.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import time
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

import structlog
from flask import current_app

from app.config import Config
from app.search.asked.personal import looks_personal
from app.search.asked.wording import MAX_TEXT, is_query, normalise

log = structlog.get_logger()

FOLDER = "search-queries"
SLOT_SECONDS = 10
# More than this is a flood or a worker that has stopped; it is let go.
MAX_FILE_BYTES = 64_000
MAX_FILES = 1_000

_name = {"pid": 0, "token": ""}


def asker_of(reader: Any | None, address: str | None) -> str:
    """Whoever asks, in one word that is hashed before it goes anywhere. A visitor is known by the network address; of
    IPv6 by the network's half, for the other half changes by itself.
    """
    if reader is not None:
        return f"person {reader.id}"
    try:
        found = ip_address(address or "")
    except ValueError:
        return "visitor"
    return f"visitor {int(found) >> 64 if isinstance(found, IPv6Address) else found}"


def note_search(text: str, *, total: int, asker: str) -> None:
    """Note that `asker` (see `asker_of`) looked for `text` and found `total`. Never fails, never waits."""
    _note(text, {"empty": total == 0, "asker": keyed("asker", asker)})


def note_click(text: str) -> None:
    """Note that somebody opened a result of this query."""
    _note(text, {"clicked": True})


def keyed(*parts: str) -> str:
    """A hash that nobody can compute without the site's secret key."""
    key: str = current_app.config["SECRET_KEY"]
    return hmac.new(key.encode(), "\0".join(("search", *parts)).encode(), "sha256").hexdigest()[:32]


def folder() -> Path:
    config: Config = current_app.config["GUILDHALL"]
    return config.data_dir / FOLDER


def _note(text: str, what: dict[str, object]) -> None:
    text = text[: 4 * MAX_TEXT]
    normal = normalise(text)
    if not is_query(normal) or looks_personal(text):
        return
    now = time.time()
    line = json.dumps({"q": normal, "day": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}", **what}, ensure_ascii=False)
    try:
        _append(f"{int(now // SLOT_SECONDS)}-{_token()}.jsonl", f"{line}\n".encode())
    except OSError as error:
        log.warning("a search was not counted", error=str(error))


def _token() -> str:
    """This process's part of the names. Another one after a fork."""
    if _name["pid"] != os.getpid():
        _name.update(pid=os.getpid(), token=secrets.token_hex(8))
    return str(_name["token"])


def _append(name: str, line: bytes) -> None:
    """One write of one line, which threads cannot tear apart."""
    path = folder() / name
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, flags, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size > MAX_FILE_BYTES or (size == 0 and len(list(path.parent.iterdir())) > MAX_FILES):
            if size == 0:
                with suppress(FileNotFoundError):
                    path.unlink()
            return
        os.write(descriptor, line)
    finally:
        os.close(descriptor)
