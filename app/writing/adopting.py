"""A text that was kept in a file is written on the site from now on. The caller opens the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, ForbiddenError
from app.writing.kinds import Kind
from app.writing.models import Manuscript
from app.writing.policy import can_adopt
from app.writing.queries import content_of
from app.writing.rules import Origin, State, Step
from app.writing.service import add_version, lock, note_step

NOT_AN_EDITOR = _l("Only an editor may take a text over from its file.")


def adopt(
    session: Session,
    kind: Kind,
    manuscript: Manuscript,
    freed: Mapping[str, Any],
    *,
    number: int,
    actor: User,
    now: datetime,
) -> None:
    """The file is no longer followed. What readers see stays as it is; `freed` is the content of version `number` without the
    file's folder.

    Raises ForbiddenError, and ConflictError where it is written on the site already or the file has changed meanwhile.
    """
    lock(session, manuscript)
    if not can_adopt(actor):
        raise ForbiddenError(NOT_AN_EDITOR)
    path = manuscript.kept_in_file
    if path is None:
        raise ConflictError(_l("This is written on the site already. Nothing was changed."))
    if manuscript.latest_number != number:
        raise ConflictError(_l("The file has changed in the meantime. Nothing was changed; read it once more."))
    manuscript.kept_in_file = None
    if dict(freed) != content_of(manuscript):
        add_version(session, manuscript, freed, origin=Origin.FILE, actor=None, now=now)
        manuscript.published_number = manuscript.latest_number
    note_step(session, manuscript, Step.ADOPT, State(manuscript.state), actor=actor, comment=path, now=now)
    kind.let_go(session, manuscript)
    session.flush()
