"""The next version of a framework while it is edited: one draft for all its editors, from the first change to publishing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.capabilities.checking import Problem, check, is_whole
from app.capabilities.differing import differences
from app.capabilities.documents import Document, as_document
from app.capabilities.models import Framework, FrameworkDraft, FrameworkVersion
from app.capabilities.rows import find_rows, new_rows
from app.capabilities.versions import Editor, find_latest_version, publish, take_framework
from app.kernel.db import db
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.search.outbox import note_everything

MAX_NOTE = 500


class WrongDraftError(InvalidInputError):
    """A step would leave a draft that cannot stand. `problems` say why, each with its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].text)
        self.problems = problems


@dataclass(frozen=True)
class Draft:
    """What is edited. Before the first change it is what the live version says (`row` is None), at revision 0."""

    slug: str
    framework: Framework | None
    live: Document | None
    number: int
    row: FrameworkDraft | None
    content: Document

    @property
    def revision(self) -> int:
        return self.row.revision if self.row else 0

    @property
    def is_outdated(self) -> bool:
        """Was a version published since the draft was begun?"""
        return self.row is not None and self.row.based_on != self.number


def get_draft(slug: str) -> Draft:
    """The draft of a framework, or of one that is new. Raises NotFoundError."""
    framework = find_rows(db.session(), slug)
    if framework is None:
        row = next((row for row in list_new_drafts() if row.content["slug"] == slug), None)
        if row is None:
            raise NotFoundError(_l("There is no such framework."))
        return Draft(slug, None, None, 0, row, row.content)
    latest = find_latest_version(framework.id)
    live = latest.content if latest else as_document(framework)
    row = _of_framework(framework.id)
    return Draft(slug, framework, live, framework.number, row, row.content if row else live)


def list_new_drafts() -> list[FrameworkDraft]:
    """The drafts of frameworks that do not exist yet."""
    query = select(FrameworkDraft).where(FrameworkDraft.framework_id.is_(None)).order_by(FrameworkDraft.id)
    return list(db.session.execute(query.options(joinedload(FrameworkDraft.editor))).unique().scalars())


def _of_framework(framework_id: int) -> FrameworkDraft | None:
    query = select(FrameworkDraft).where(FrameworkDraft.framework_id == framework_id)
    return db.session.execute(query.options(joinedload(FrameworkDraft.editor))).unique().scalar_one_or_none()


def begin_framework(session: Session, content: Document, *, editor: Editor, now: datetime) -> FrameworkDraft:
    """Begin a framework that there is not yet. Raises InvalidInputError where the slug is taken."""
    slug = content["slug"]
    take_framework(session, slug)
    is_taken = session.execute(select(Framework.id).where(Framework.slug == slug)).first() is not None
    if is_taken or any(row.content["slug"] == slug for row in list_new_drafts()):
        raise InvalidInputError(_l("There is a framework with this slug already."), field="slug")
    checked = check(content)
    if checked.problems:
        raise WrongDraftError(checked.problems)
    row = FrameworkDraft(revision=1, based_on=0, content=checked.document, editor_id=editor.id, updated_at=now)
    session.add(row)
    session.flush()
    return row


def change_draft(
    session: Session, slug: str, step: Callable[[Draft], Document], *, editor: Editor, now: datetime
) -> dict[str, Any]:
    """Take one step from what the draft says by now. `step` raises ConflictError where it was made for something else. Raises
    WrongDraftError where the outcome cannot stand. Answers with what the draft says then.
    """
    take_framework(session, slug)
    draft = get_draft(slug)
    checked = check(step(draft))
    if checked.problems:
        raise WrongDraftError(checked.problems)
    if checked.document["slug"] != slug:
        raise InvalidInputError(_l("The slug of a framework stays: addresses and links hang on it."), field="slug")
    framework_id = draft.framework.id if draft.framework else None
    row = draft.row or FrameworkDraft(framework_id=framework_id, based_on=draft.number)
    row.content, row.revision = checked.document, draft.revision + 1
    row.editor_id, row.updated_at = editor.id, now
    session.add(row)
    session.flush()
    return checked.document


def ensure_seen(draft: Draft, revision: int) -> None:
    """Raises ConflictError where somebody has changed the draft since it was shown at `revision`."""
    if draft.revision != revision:
        raise ConflictError(said_by(draft))


def said_by(draft: Draft) -> str:
    """The sentence that tells somebody that another was quicker."""
    editor = draft.row.editor if draft.row else None
    if editor is None:
        return _(
            "Somebody has changed the draft since you opened this page. Look at what it says now, and then send yours again."
        )
    return _(
        "%(name)s has changed the draft since you opened this page. Look at what it says now, and then send yours again.",
        name=editor.name,
    )


def keep_draft(session: Session, slug: str, revision: int, *, editor: Editor, now: datetime) -> None:
    """Go on with a draft although a version was published since it was begun: its editor has seen the differences."""
    take_framework(session, slug)
    draft = get_draft(slug)
    ensure_seen(draft, revision)
    if draft.row is not None:
        draft.row.based_on, draft.row.revision = draft.number, draft.revision + 1
        draft.row.editor_id, draft.row.updated_at = editor.id, now
    session.flush()


def discard_draft(session: Session, slug: str, revision: int) -> None:
    """Throw away what was not published."""
    take_framework(session, slug)
    draft = get_draft(slug)
    ensure_seen(draft, revision)
    if draft.row is not None:
        session.delete(draft.row)
    session.flush()


def publish_draft(
    session: Session, slug: str, revision: int, *, label: str, note: str, editor: Editor, now: datetime
) -> FrameworkVersion:
    """Make the draft the next version. Raises ConflictError where it is not what was seen, where a version came in between, and
    where there is nothing to publish.
    """
    take_framework(session, slug)
    draft = get_draft(slug)
    ensure_seen(draft, revision)
    if draft.row is None or (draft.live is not None and not differences(draft.live, draft.content)):
        raise ConflictError(_l("The draft says the same as the live version: there is nothing to publish."))
    if draft.is_outdated:
        raise ConflictError(
            _l("Another version was published since this draft was begun. Look at the differences first.")
        )
    if not is_whole(draft.content):
        raise ConflictError(_l("There is no capability in it yet, and a framework needs one at least."))
    content = check({**draft.content, "version": label}).document
    framework = draft.framework or new_rows(session, content)
    session.delete(draft.row)
    version = publish(session, framework, content, note=note[:MAX_NOTE], editor=editor, now=now)
    # Names of areas and capabilities stand in the documents of whatever hangs on them.
    note_everything(session)
    return version
