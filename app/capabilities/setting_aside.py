"""A framework that nobody is to begin with any more. Nothing of it goes: snapshots and targets stand on it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capabilities.models import Framework
from app.kernel.errors import ConflictError, NotFoundError


def set_aside(session: Session, slug: str, *, is_aside: bool) -> None:
    """Raises NotFoundError, and ConflictError for the framework that the library is sorted by."""
    framework = session.execute(select(Framework).where(Framework.slug == slug)).scalar_one_or_none()
    if framework is None:
        raise NotFoundError(_l("There is no such framework."))
    if framework.is_main:
        raise ConflictError(_l("The library is sorted by this framework. It cannot be set aside."))
    framework.is_aside = is_aside
