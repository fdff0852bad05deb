"""The folder of pictures and attachments. A file is named by its content, so the same one is kept once and never changes."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from html import escape, unescape
from pathlib import Path, PurePath
from urllib.parse import quote, unquote

import imagesize

TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
ATTACHMENT_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
MAX_BYTES = 10_000_000
NAME = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|jpeg|gif|webp|svg)")
# Beneath the folder of pictures, so that a backup has both.
ATTACHMENTS = "files"
# Pictures and documents of which `guarding` knows who may read them. No text shows them, so no export has them.
GUARDED = "guarded"
# What is being written; should its process be killed, this is what is left of it.
UNFINISHED = ".new"
_IMAGE = re.compile(r'<img ([^>]*?)src="/media/([0-9a-f]{32}\.[a-z]+)"([^>]*)>')
_ATTACHMENT = re.compile(
    r'(<a href="/media/files/(?P<hash>[0-9a-f]{32})/(?P<name>[^"/]*)"[^>]*)>(?P<text>.*?)</a>', re.DOTALL
)
_REFERENCE = re.compile(
    r"/media/(?:(?P<picture>[0-9a-f]{32}\.[a-z]+)|files/(?P<hash>[0-9a-f]{32})/(?P<name>[^\s/)\"'<>\]]+))"
)
_STORED = re.compile(r"/media/(?:files/|guarded/)?([0-9a-f]{32})\b")


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
    name = name_for(data, suffix)
    write(folder, name, data)
    return f"/media/{name}"


def name_for(data: bytes, suffix: str) -> str:
    """What `data` is kept as: 128 bits of its SHA-256, which nobody guesses who does not have the file."""
    return hashlib.sha256(data).hexdigest()[:32] + suffix


def write(folder: Path, name: str, data: bytes) -> None:
    """Keep `data` under its name: whole, or not at all. Raises OSError where the disk is full."""
    target = folder / name
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    # A name of its own for every writer: two with the same picture do not write into each other's file.
    fresh = folder / f"{name}.{secrets.token_hex(4)}{UNFINISHED}"
    try:
        with fresh.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def attachment_url(name: str, original_name: str) -> str:
    """The address of an attachment; its last part is what it is called when it is saved."""
    return f"/media/files/{PurePath(name).stem}/{quote(original_name, safe='')}"


def guarded_url(name: str, original_name: str) -> str:
    """The address of a file whose readers are asked."""
    return f"/media/{GUARDED}/{PurePath(name).stem}/{quote(original_name, safe='')}"


def find_attachment(folder: Path, stem: str, shown_name: str) -> Path | None:
    """The kept file behind an address. The suffix of the shown name says which, and cannot turn it into another type."""
    suffix = PurePath(shown_name).suffix.lower()
    path = folder / ATTACHMENTS / f"{stem}{suffix}"
    return path if suffix in ATTACHMENT_TYPES and re.fullmatch("[0-9a-f]{32}", stem) and path.is_file() else None


def find_guarded(folder: Path, url: str) -> Path | None:
    """The kept file behind the whole address of one whose readers are asked."""
    match = re.fullmatch(rf"/media/{GUARDED}/([0-9a-f]{{32}})/([^/]+)", url)
    suffix = PurePath(unquote(match[2])).suffix.lower() if match else ""
    if match is None or suffix not in TYPES | ATTACHMENT_TYPES:
        return None
    path = folder / GUARDED / f"{match[1]}{suffix}"
    return path if path.is_file() else None


def stored_in(text: str) -> set[str]:
    """The hashes of all pictures and attachments that a text, its source or its HTML refers to."""
    return set(_STORED.findall(text))


def kept_names(text: str) -> list[str]:
    """The files that a text refers to, as they are called in the folder of pictures, in order; none of them outside of it."""
    found = dict.fromkeys(
        match["picture"] or f"{ATTACHMENTS}/{match['hash']}{PurePath(unquote(match['name'])).suffix.lower()}"
        for match in _REFERENCE.finditer(text)
    )
    return [name for name in found if is_kept_name(name)]


def is_kept_name(name: str) -> bool:
    """Can a file in the folder of pictures be called so?"""
    folder, _slash, rest = name.rpartition("/")
    if folder == ATTACHMENTS:
        return re.fullmatch("[0-9a-f]{32}", rest[:32]) is not None and rest[32:] in ATTACHMENT_TYPES
    return not folder and NAME.fullmatch(rest) is not None


def with_sizes(html: str, folder: Path) -> str:
    """`html` with width and height on every kept picture, so that the text does not jump when it arrives, and with type and
    size after every attachment, so that nobody begins to load twenty megabytes unawares.
    """

    def sized(match: re.Match[str]) -> str:
        before, name, after = match.groups()
        # A drawing may have half pixels, the attributes may not.
        width, height = map(round, imagesize.get(str(folder / name))) if (folder / name).exists() else (-1, -1)
        if width <= 0 or height <= 0 or "width=" in before + after:
            return match[0]
        return f'<img {before}src="/media/{name}" width="{width}" height="{height}"{after}>'

    def told(match: re.Match[str]) -> str:
        path = find_attachment(folder, match["hash"], unquote(unescape(match["name"])))
        if path is None or 'class="attachment"' in match[1]:
            return match[0]
        note = f"{path.suffix[1:].upper()}, {size_in_words(path.stat().st_size)}"
        return (
            f'{match[1]} class="attachment">{match["text"]} <span class="attachment-size">({escape(note)})</span></a>'
        )

    return _ATTACHMENT.sub(told, _IMAGE.sub(sized, html))


def size_in_words(size: int) -> str:
    """Bytes as people read them; the same in both languages."""
    return f"{max(1, round(size / 1000))} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
