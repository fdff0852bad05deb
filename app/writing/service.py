"""What people do with manuscripts. Each function is one action; the caller opens the transaction.

Whatever takes time (rendering) is done by the caller beforehand, for nothing that anybody else waits for may take long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.community.follows.service import leave_out
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.kernel.markup import Rendered
from app.kernel.state import WrongStepError
from app.notifications.service import notify
from app.writing.kinds import Kind
from app.writing.mentioning import tell_published
from app.writing.merging import Conflict, merge
from app.writing.models import Author, Manuscript, ManuscriptEvent, Version
from app.writing.policy import can_take, can_write
from app.writing.queries import content_of, list_reviewers, list_writers
from app.writing.rules import COMMENT_NEEDED, DECISIONS, STANDS, TRANSITIONS, Origin, State, Step
from app.writing.watching import ask_guards, tell_watchers


def begin(
    session: Session, kind: Kind, content: Mapping[str, Any], *, slug: str, language: str, actor: User, now: datetime
) -> Manuscript:
    """A new manuscript of the actor's, with its first version. Raises ForbiddenError for a team that is not the actor's."""
    manuscript = new_manuscript(kind, slug, language, now=now)
    session.add(manuscript)
    _take_in(session, manuscript, kind, content, actor)
    add_version(session, manuscript, content, origin=Origin.WEB, actor=actor, now=now)
    return manuscript


def new_manuscript(kind: Kind, slug: str, language: str, *, now: datetime) -> Manuscript:
    """An empty one, not yet in the session."""
    return Manuscript(
        kind=kind.name,
        slug=slug,
        language=language,
        title="",
        is_open=kind.is_open,
        state=State.DRAFT,
        state_since=now,
        latest_number=0,
        created_at=now,
        updated_at=now,
    )


@dataclass(frozen=True)
class Saved:
    """A new version. `merged`: somebody else had saved since, and what both wrote is in it. None of `version`: nothing had
    changed.
    """

    version: Version | None
    merged: bool = False


class MergeConflictError(ConflictError):
    """Both changed the same passage. `content` is what can be merged, with the actor's own words where both wrote;
    `conflicts` say what the other wrote there; `latest` is the version that it is to be saved over.
    """

    def __init__(self, content: Mapping[str, Any], conflicts: Sequence[Conflict], latest: int) -> None:
        super().__init__(BOTH_WROTE)
        self.content, self.conflicts, self.latest = content, conflicts, latest


BOTH_WROTE = _l(
    "Somebody else changed the same passages while you wrote. Nothing is lost: theirs is saved and shown beside yours. "
    "Take over what you want, then save again."
)
NOT_YOURS = _l("Only those who write this text may do that.")
NOT_A_REVIEWER = _l("Only a reviewer who is not in the authors' teams may decide on this.")


def save(
    session: Session,
    kind: Kind,
    manuscript: Manuscript,
    content: Mapping[str, Any],
    *,
    base: int,
    actor: User,
    now: datetime,
    note: str = "",
    origin: Origin = Origin.WEB,
) -> Saved:
    """Save what the actor wrote, beginning from version `base`; what others saved since is merged with it. A `base` that is not
    there counts as the first, so that nothing that anybody wrote is taken for deleted.

    Raises ForbiddenError, ConflictError where the text stands still, and MergeConflictError where both changed the same.
    """
    lock(session, manuscript)
    if not can_write(actor, manuscript):
        raise ForbiddenError(NOT_YOURS)
    refuse_file(manuscript)
    before = State(manuscript.state)
    after = _after(before, Step.SAVE)
    latest = content_of(manuscript)
    merged = dict(content)
    base = base if 0 < base <= manuscript.latest_number else 1
    if base != manuscript.latest_number:
        both = merge(content_of(manuscript, base), content, latest)
        if both.conflicts:
            raise MergeConflictError(both.content, both.conflicts, manuscript.latest_number)
        merged = both.content
    if merged == latest:
        return Saved(None)
    _take_in(session, manuscript, kind, merged, actor)
    is_merge = merged != content
    origin = Origin.MERGED if is_merge else origin
    version = add_version(session, manuscript, merged, origin=origin, actor=actor, now=now, note=note)
    if after is not before:
        _move(manuscript, Step.SAVE, after, actor, "", now)
    session.flush()
    return Saved(version, is_merge)


@dataclass(frozen=True)
class Prepared:
    """A version that was rendered before the transaction began."""

    number: int
    content: Mapping[str, Any]
    rendered: Rendered


def take_step(
    session: Session,
    kind: Kind,
    manuscript: Manuscript,
    step: Step,
    *,
    actor: User,
    now: datetime,
    comment: str = "",
    prepared: Prepared | None = None,
) -> ManuscriptEvent:
    """The only way, but for saving, in which a manuscript changes its state. Writes the history and tells those whom it
    concerns. Accepting publishes what was `prepared` of the submitted version.

    Raises ForbiddenError for a person who may not, ConflictError where the table has no such step (of two people who
    decide at once, the second gets it), where the text is not complete, or where another version was prepared, and
    InvalidInputError for the field `comment` where the step needs one.
    """
    lock(session, manuscript)
    if not can_take(actor, manuscript, step):
        raise ForbiddenError(NOT_A_REVIEWER if step in DECISIONS else NOT_YOURS)
    refuse_file(manuscript)
    after = _after(State(manuscript.state), step)
    if step in COMMENT_NEEDED and not comment.strip():
        raise InvalidInputError(COMMENT_NEEDED[step], field="comment")
    ask_guards(session, kind, manuscript, step)
    if step is Step.SUBMIT:
        _check_complete(kind, manuscript)
        manuscript.submitted_number = manuscript.latest_number
    if step is Step.ACCEPT:
        if prepared is None or prepared.number != manuscript.submitted_number:
            raise ConflictError(_l("Another version was submitted in the meantime. Read that one before you decide."))
        before, manuscript.published_number = manuscript.published_number, prepared.number
        tell_published(session, kind, manuscript, prepared.content, before, now=now)
        kind.publish(session, manuscript, prepared.content, prepared.rendered, now=now)
        leave_out(session, (manuscript.kind, manuscript.slug), {actor.id, *manuscript.author_ids})
    event = _move(manuscript, step, after, actor, comment.strip(), now)
    session.flush()
    tell_watchers(session, manuscript, event, actor)
    _tell(session, manuscript, event, actor)
    return event


def add_version(
    session: Session,
    manuscript: Manuscript,
    content: Mapping[str, Any],
    *,
    origin: Origin,
    actor: User | None,
    now: datetime,
    note: str = "",
) -> Version:
    """The next version. Whoever saves is an author from then on."""
    manuscript.latest_number += 1
    manuscript.updated_at = now
    version = Version(
        number=manuscript.latest_number,
        content=dict(content),
        origin=origin,
        author_id=actor.id if actor else None,
        at=now,
        note=note.strip(),
    )
    manuscript.versions.add(version)
    if actor is not None and actor.id not in manuscript.author_ids:
        manuscript.authors.append(Author(user=actor, position=len(manuscript.authors)))
    session.flush()
    return version


def note_step(
    session: Session, manuscript: Manuscript, step: Step, after: State, *, actor: User, comment: str, now: datetime
) -> None:
    """A step that is about the published version rather than about the text that is written."""
    event = _move(manuscript, step, after, actor, comment, now)
    event.number = manuscript.published_number or manuscript.latest_number
    session.flush()


def lock(session: Session, manuscript: Manuscript) -> None:
    """Write the row before reading it, which makes everybody else wait on either database; then read it afresh."""
    session.execute(
        update(Manuscript)
        .where(Manuscript.id == manuscript.id)
        .values(revision=Manuscript.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(manuscript)


def refuse_file(manuscript: Manuscript) -> None:
    """Raises ConflictError where only the file may be changed."""
    if manuscript.is_kept_in_file:
        raise ConflictError(
            _l(
                "This text is kept in the file %(path)s. Change the file; the site follows it.",
                path=manuscript.kept_in_file,
            )
        )


def _after(state: State, step: Step) -> State:
    try:
        return TRANSITIONS.after(state, step)
    except WrongStepError:
        raise ConflictError(STANDS[state]) from None


def _move(
    manuscript: Manuscript, step: Step, after: State, actor: User | None, comment: str, now: datetime
) -> ManuscriptEvent:
    event = ManuscriptEvent(
        step=step,
        from_state=manuscript.state,
        to_state=after,
        number=manuscript.latest_number,
        comment=comment,
        actor_id=actor.id if actor else None,
        at=now,
    )
    manuscript.events.add(event)
    manuscript.state, manuscript.state_since, manuscript.updated_at = after, now, now
    return event


def _take_in(session: Session, manuscript: Manuscript, kind: Kind, content: Mapping[str, Any], actor: User) -> None:
    """Let the row show what the content says. Nobody writes in the name of a team that is not theirs."""
    with session.no_autoflush:
        face = kind.face(session, content)
    if face.team_id is not None and face.team_id not in {manuscript.team_id, *actor.team_ids}:
        raise ForbiddenError(NOT_YOURS)
    manuscript.title, manuscript.team_id, manuscript.capability_id = face.title, face.team_id, face.capability_id


def _check_complete(kind: Kind, manuscript: Manuscript) -> None:
    missing = kind.missing(content_of(manuscript))
    if missing:
        raise ConflictError(_l("This is still missing: %(parts)s.", parts="; ".join(str(name) for name in missing)))


def _tell(session: Session, manuscript: Manuscript, event: ManuscriptEvent, actor: User) -> None:
    """Those who were asked to review, or else all who may, hear of a submission; those who write it, of a decision."""
    if event.step == Step.SUBMIT:
        asked = [assignment.user for assignment in manuscript.assignments if assignment.user.is_active]
        people = asked or list_reviewers(manuscript)
    elif event.step in DECISIONS:
        people = list_writers(manuscript)
    else:
        return
    params = {
        "id": manuscript.id,
        "kind": manuscript.kind,
        "slug": manuscript.slug,
        "language": manuscript.language,
        "title": manuscript.title,
        "actor": actor.name,
        "comment": event.comment,
    }
    for person in people:
        if person.id != actor.id:
            notify(session, person, f"writing {event.step}", params, now=event.at)
