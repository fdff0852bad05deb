"""What has to be read has to be read under another address, too."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.community.acknowledgements.models import RequiredReading
from app.community.acknowledgements.queries import find_reading
from app.community.subjects import Ref


def move(session: Session, kind: str, old: str, new: str) -> None:
    """Where the new address is required already, that stays as it is."""
    if find_reading(Ref(kind, new)) is None:
        of_old = (RequiredReading.kind == kind, RequiredReading.slug == old)
        session.execute(update(RequiredReading).where(*of_old).values(slug=new))
