"""Putting links beside a session. Each function is one action of those who run it; the caller opens the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.training.materials.models import Material
from app.training.materials.rules import GONE, MAX_LINKS, MAX_TITLE, MAX_URL, Audience, check_url
from app.training.seats.ledger import lock


@dataclass(frozen=True, kw_only=True)
class Link:
    """What is said about one."""

    title: str
    url: str
    audience: Audience


def add(session: Session, training_id: int, link: Link, *, now: datetime) -> Material:
    """Put a link at the end. The same address a second time changes the one that is there, so that a form sent twice does
    no harm. Raises InvalidInputError, ConflictError where there are too many.
    """
    lock(session, training_id)
    present = _in_order(session, training_id)
    same = next((each for each in present if each.url == link.url), None)
    if same is not None:
        _write(same, link)
        return same
    if len(present) >= MAX_LINKS:
        raise ConflictError(_l("A session has room for 50 links. Take one away first."))
    last = session.execute(
        select(func.coalesce(func.max(Material.position), 0)).where(Material.training_id == training_id)
    ).scalar_one()
    material = Material(training_id=training_id, position=last + 1, added_at=now)
    _write(material, link)
    session.add(material)
    session.flush()
    return material


def change(session: Session, training_id: int, material_id: int, link: Link) -> None:
    """Say something else about a link. Raises NotFoundError, InvalidInputError."""
    _write(_get(session, training_id, material_id), link)
    session.flush()


def remove(session: Session, training_id: int, material_id: int) -> None:
    """Raises NotFoundError."""
    session.delete(_get(session, training_id, material_id))
    session.flush()


def move_up(session: Session, training_id: int, material_id: int) -> None:
    """Put a link before the one before it. The first one stays. Raises NotFoundError."""
    material = _get(session, training_id, material_id)
    present = _in_order(session, training_id)
    index = present.index(material)
    if index:
        present[index - 1], present[index] = present[index], present[index - 1]
    for position, each in enumerate(present, 1):
        each.position = position
    session.flush()


def _write(material: Material, link: Link) -> None:
    if not link.title or len(link.title) > MAX_TITLE:
        raise InvalidInputError(_l("Use at most 120 characters."), field="title")
    if len(link.url) > MAX_URL:
        raise InvalidInputError(_l("Use at most 1,000 characters."), field="url")
    material.title, material.url, material.audience = link.title, check_url(link.url), link.audience


def _get(session: Session, training_id: int, material_id: int) -> Material:
    lock(session, training_id)
    material = session.get(Material, material_id, populate_existing=True)
    if material is None or material.training_id != training_id:
        raise NotFoundError(GONE)
    return material


def _in_order(session: Session, training_id: int) -> list[Material]:
    query = select(Material).where(Material.training_id == training_id).order_by(Material.position, Material.id)
    return list(session.execute(query.execution_options(populate_existing=True)).scalars())
