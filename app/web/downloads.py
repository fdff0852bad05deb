"""Files that a page hands out."""

from __future__ import annotations

from flask import Response


def download(content: bytes | str, mimetype: str, name: str, *, is_shown: bool = False) -> Response:
    """A file to be saved as `name`, which is plain ASCII; with `is_shown` the browser shows it, if it can."""
    kind = "inline" if is_shown else "attachment"
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'{kind}; filename="{name}"'})
