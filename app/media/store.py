"""The folder of pictures. A file is named by its content, so the same picture is kept once and never changes."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import imagesize

TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
MAX_BYTES = 10_000_000
NAME = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|jpeg|gif|webp|svg)")
_IMAGE = re.compile(r'<img ([^>]*?)src="/media/([0-9a-f]{32}\.[a-z]+)"([^>]*)>')


class MediaError(Exception):
    """The file is no picture that can be shown. The sentence says why."""


def keep(folder: Path, picture: Path) -> str:
    """Copy `picture` into `folder` and return its URL. Raises MediaError."""
    suffix = picture.suffix.lower()
    if suffix not in TYPES:
        raise MediaError(f"{picture.name} is no PNG, JPEG, GIF, WebP or SVG")
    data = picture.read_bytes()
    if len(data) > MAX_BYTES:
        raise MediaError(f"{picture.name} is larger than {MAX_BYTES // 1_000_000} MB")
    name = hashlib.sha256(data).hexdigest()[:32] + suffix
    target = folder / name
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.replace(target)
    return f"/media/{name}"


def with_sizes(html: str, folder: Path) -> str:
    """`html` with width and height on every kept picture, so that the text does not jump when it arrives."""

    def sized(match: re.Match[str]) -> str:
        before, name, after = match.groups()
        # A drawing may have half pixels, the attributes may not.
        width, height = map(round, imagesize.get(str(folder / name))) if (folder / name).exists() else (-1, -1)
        if width <= 0 or height <= 0 or "width=" in before + after:
            return match[0]
        return f'<img {before}src="/media/{name}" width="{width}" height="{height}"{after}>'

    return _IMAGE.sub(sized, html)
