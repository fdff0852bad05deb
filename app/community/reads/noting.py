"""A read is noted while the page is answered: without the database, and without saying who reads.

A GET writes nothing to the database, and a stored page is answered from memory; so each process appends a line to a file of its own
for every ten seconds in DATA_DIR/reads, and the worker counts the files whose time is over. A line has the article, the language
and a mark (`rules.mark_of`). A process that is killed loses the line that it was about to write.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog
from flask import Flask, Response, current_app, request

from app.community.reads.rules import Salt, is_human, mark_of
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.spool import Spool
from app.kernel.types import LANGUAGES
from app.web.i18n import request_language

log = structlog.get_logger()
FOLDER = "reads"
SPOOL = Spool(seconds=10, max_file_bytes=400_000, max_files=1_000)
# Made before the processes divide, so that all have the same.
_salt = Salt(utc_now().date())


def init_app(app: Flask) -> None:
    # Known at the start, because this is asked of every request.
    app.extensions["pages to count"] = {kind.endpoint: name for name, kind in app.extensions["article kinds"].items()}
    app.after_request(_note)


def folder() -> Path:
    config: Config = current_app.config["GUILDHALL"]
    return config.data_dir / FOLDER


def _note(response: Response) -> Response:
    """A page that is seen counts, also one that the browser has already, of which it will get a 304."""
    kind = current_app.extensions["pages to count"].get(request.endpoint)
    if kind is None or request.method != "GET" or response.status_code != 200 or not is_human(dict(request.headers)):
        return response
    try:
        _write(kind, str((request.view_args or {})["slug"]))
    except OSError as error:
        log.warning("a read was not counted", error=str(error))
    return response


def _write(kind: str, slug: str) -> None:
    now = time.time()
    wanted = request.args.get("lang")
    salt = _salt.at(datetime.fromtimestamp(now, UTC).date())
    note = {
        "kind": kind,
        "slug": slug,
        "language": wanted if wanted in LANGUAGES else request_language(),
        "at": round(now),
        "mark": mark_of(salt, request.remote_addr or "", request.headers.get("User-Agent", "")),
    }
    SPOOL.append(folder(), json.dumps(note, ensure_ascii=False).encode())
