"""Taking what people upload. Each function is an action of its own, with its own transactions: a file is looked at for
seconds, and nobody else may have to wait for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import Config
from app.kernel.db import db, take_turns, transaction
from app.kernel.sanitising import without_hidden_signs
from app.media.models import Upload
from app.media.pressing import press_attachment, press_picture
from app.media.refusals import too_large, used_up
from app.media.store import ATTACHMENTS, GUARDED, MAX_BYTES, attachment_url, guarded_url, name_for, write

MEGABYTE = 1_000_000
DAY = timedelta(days=1)
# Everybody who writes or deletes kept files takes turns, so that none is deleted at the moment it is uploaded again.
TURNS = "uploads"
MAX_NAME = 120
MAX_TEXT = 300


@dataclass(frozen=True)
class Taken:
    """An upload that is kept. `markdown` is what goes into a text to show it."""

    id: int
    kind: str
    url: str
    name: str
    size: int
    markdown: str
    width: int | None = None
    height: int | None = None
    was_animated: bool = False


def take_picture(
    data: bytes,
    original_name: str,
    *,
    user_id: int,
    config: Config,
    now: datetime,
    text: str = "",
    is_guarded: bool = False,
) -> Taken:
    """Keep a picture, written anew. `text` says in words what it shows; who reads one that `is_guarded` is asked. Raises InvalidInputError, TooLargeError,
    ConflictError for whoever has uploaded enough for a day, OSError for a full disk.
    """
    if len(data) > MAX_BYTES:
        raise too_large(MAX_BYTES // MEGABYTE)
    _check_allowance(user_id, config, now=now)
    pressed = press_picture(data)
    name = name_for(pressed.data, pressed.suffix)
    original_name, text = _shown_name(original_name, pressed.suffix), _one_line(text)[:MAX_TEXT]
    upload = Upload(
        user_id=user_id,
        kind="picture",
        name=name,
        original_name=original_name,
        text=text,
        is_guarded=is_guarded,
        at=now,
    )
    upload_id = _keep(upload, config.media_dir / (GUARDED if is_guarded else ""), pressed.data, config)
    return Taken(
        id=upload_id,
        kind="picture",
        url=guarded_url(name, original_name) if is_guarded else f"/media/{name}",
        name=original_name,
        size=len(pressed.data),
        markdown=markdown_for("picture", name, original_name, text),
        width=pressed.told["width"],
        height=pressed.told["height"],
        was_animated=pressed.told["was_animated"],
    )


def take_attachment(
    data: bytes, original_name: str, *, user_id: int, config: Config, now: datetime, is_guarded: bool = False
) -> Taken:
    """Keep a document as it is. Raises as `take_picture` does."""
    if len(data) > config.max_attachment_mb * MEGABYTE:
        raise too_large(config.max_attachment_mb)
    _check_allowance(user_id, config, now=now)
    pressed = press_attachment(data, original_name)
    name = name_for(data, pressed.suffix)
    original_name = _shown_name(original_name, pressed.suffix)
    upload = Upload(
        user_id=user_id, kind="attachment", name=name, original_name=original_name, is_guarded=is_guarded, at=now
    )
    upload_id = _keep(upload, config.media_dir / (GUARDED if is_guarded else ATTACHMENTS), data, config)
    return Taken(
        id=upload_id,
        kind="attachment",
        url=guarded_url(name, original_name) if is_guarded else attachment_url(name, original_name),
        name=original_name,
        size=len(data),
        markdown=markdown_for("attachment", name, original_name),
    )


def markdown_for(kind: str, name: str, original_name: str, text: str = "") -> str:
    """What goes into a text to show an upload. Brackets would end the words in them."""
    if kind == "picture":
        return f"![{_in_brackets(text)}](/media/{name})"
    return f"[{_in_brackets(original_name)}]({attachment_url(name, original_name)})"


def list_own(user_id: int, limit: int = 30) -> list[Upload]:
    """What the person uploaded for texts, the latest first."""
    own = select(Upload).where(Upload.user_id == user_id, Upload.is_guarded.is_(False))
    query = own.order_by(Upload.at.desc(), Upload.id.desc()).limit(limit)
    return list(db.session.execute(query).scalars())


def used_today(user_id: int, *, now: datetime) -> int:
    """Bytes that the person uploaded within a day."""
    query = select(func.coalesce(func.sum(Upload.bytes), 0)).where(Upload.user_id == user_id, Upload.at > now - DAY)
    return int(db.session.execute(query).scalar_one())


def _check_allowance(user_id: int, config: Config, *, now: datetime, more: int = 0) -> None:
    if used_today(user_id, now=now) + more > config.uploads_a_day_mb * MEGABYTE:
        raise used_up(config.uploads_a_day_mb)


def _keep(upload: Upload, folder: Path, data: bytes, config: Config) -> int:
    """Write the row, then the file: a row without a file is forgotten in time, a file without a row never would be."""
    with transaction() as session:
        take_turns(session, TURNS)
        assert upload.user_id is not None
        _check_allowance(upload.user_id, config, now=upload.at, more=len(data))
        upload.bytes = len(data)
        session.add(upload)
        session.flush()
        upload_id = upload.id
    with _or_forgotten(upload_id):
        write(folder, upload.name, data)
    return upload_id


@contextmanager
def _or_forgotten(upload_id: int) -> Iterator[None]:
    """What could not be written counts for nothing."""
    try:
        yield
    except OSError:
        with transaction() as session:
            _forget(session, upload_id)
        raise


def _forget(session: Session, upload_id: int) -> None:
    row = session.get(Upload, upload_id)
    if row is not None:
        session.delete(row)


def _shown_name(original_name: str, suffix: str) -> str:
    """The name as it is shown and saved: without folders and signs that cannot be seen, with the suffix of what it is."""
    name = re.sub(r'[\x00-\x1f"*:<>?|\\/‹›]+', " ", _one_line(PurePath(original_name.replace("\\", "/")).name))
    stem = PurePath(" ".join(name.split())).stem.strip(". ")[: MAX_NAME - len(suffix)]
    return (stem or "file") + suffix


def _one_line(text: str) -> str:
    return " ".join(without_hidden_signs(text).split())


def _in_brackets(text: str) -> str:
    return re.sub(r"([\[\]\\`*_<])", r"\\\1", text)
