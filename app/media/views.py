"""Serving pictures."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_from_directory

from app.config import Config
from app.media.store import NAME, TYPES
from app.web.access import readers

blueprint = Blueprint("media", __name__)


@blueprint.get("/media/<name>")
@readers
def show(name: str) -> Response:
    config: Config = current_app.config["GUILDHALL"]
    if not NAME.fullmatch(name) or not (config.media_dir / name).is_file():
        abort(404)
    answer = send_from_directory(config.media_dir, name, mimetype=TYPES[Path(name).suffix], max_age=31_536_000)
    audience = "private" if config.members_only else "public"
    answer.headers["Cache-Control"] = f"{audience}, max-age=31536000, immutable"
    # An SVG opened by itself is a document: it gets to run nothing and load nothing.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
