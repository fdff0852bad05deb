"""What is looked for, noted while it is looked for: without the database, and without saying who asked.

A GET writes nothing to the database. Each process appends one line to a file of its own in DATA_DIR/search-queries
(`kernel.spool`), and the worker counts the files whose time is over (`tally`). A line names nobody: of whoever asked it
has a keyed hash, and what looks like a person's data is not written at all.
"""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

import structlog
from flask import current_app

from app.config import Config
from app.kernel.spool import Spool
from app.search.asked.personal import looks_personal
from app.search.asked.wording import MAX_TEXT, is_query, normalise

log = structlog.get_logger()

FOLDER = "search-queries"
# More than this is a flood or a worker that has stopped; it is let go.
SPOOL = Spool(seconds=10, max_file_bytes=64_000, max_files=1_000)


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
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    line = json.dumps({"q": normal, "day": day, **what}, ensure_ascii=False)
    try:
        SPOOL.append(folder(), line.encode())
    except OSError as error:
        log.warning("a search was not counted", error=str(error))
