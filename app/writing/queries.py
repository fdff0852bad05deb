"""Reading manuscripts: which a person may see, what is in them, whose they are, and what waits for a decision."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload, undefer
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import Membership, RoleGrant, User
from app.accounts.rules import Permission, Role, permits
from app.capabilities.models import Capability
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.writing.models import Assignment, Author, Manuscript, ManuscriptEvent, Version
from app.writing.policy import can_review
from app.writing.rules import REVIEWED, State

# What the policy asks of a row, and what a line of a list shows.
ROW: tuple[ORMOption, ...] = (
    joinedload(Manuscript.team),
    joinedload(Manuscript.capability).joinedload(Capability.area),
    joinedload(Manuscript.capability).joinedload(Capability.framework),
    selectinload(Manuscript.authors).joinedload(Author.user).selectinload(User.memberships),
    selectinload(Manuscript.saved_by).selectinload(User.memberships),
    selectinload(Manuscript.assignments).joinedload(Assignment.user),
)


def visible_to(user: User) -> Select[Manuscript]:
    """Every manuscript that `user` may see: the same as `policy.can_read`."""
    return select(Manuscript).where(or_(*_readable(user))).options(*ROW)


def _readable(user: User) -> list[ColumnElement[bool]]:
    allowed = [_of_team(user), and_(Manuscript.is_open, Manuscript.published_number.is_not(None))]
    reviewed = Manuscript.state.in_(REVIEWED)
    if can_review(user):
        allowed.append(reviewed)
    else:
        allowed.append(and_(reviewed, Manuscript.assignments.any(Assignment.user_id == user.id)))
    return allowed


def _of_team(user: User) -> ColumnElement[bool]:
    return or_(Manuscript.team_id.in_(user.team_ids), Manuscript.authors.any(Author.user_id == user.id))


def get_manuscript(manuscript_id: int, reader: User) -> Manuscript:
    """Raises NotFoundError for what the reader may not see."""
    query = visible_to(reader).where(Manuscript.id == manuscript_id)
    manuscript = db.session.execute(query).unique().scalar_one_or_none()
    if manuscript is None:
        raise NotFoundError(NO_SUCH)
    return manuscript


NO_SUCH = _l("There is no such text, or it is not yours to see.")


def find_manuscript(kind: str, slug: str, language: str) -> Manuscript | None:
    """Whoever may see it: for those who ask on behalf of the site."""
    query = select(Manuscript).where(Manuscript.kind == kind, Manuscript.slug == slug, Manuscript.language == language)
    return db.session.execute(query.options(*ROW)).unique().scalar_one_or_none()


def get_readable(kind: str, slug: str, language: str, reader: User) -> Manuscript:
    """By what it is and where it is. Raises NotFoundError for what the reader may not see."""
    query = visible_to(reader).where(Manuscript.kind == kind, Manuscript.slug == slug, Manuscript.language == language)
    manuscript = db.session.execute(query).unique().scalar_one_or_none()
    if manuscript is None:
        raise NotFoundError(NO_SUCH)
    return manuscript


def find_keeping(kind: str, slug: str, language: str) -> tuple[int, str | None] | None:
    """The number of a text's manuscript and the file that it is kept in, if it is: for pages that many read."""
    query = select(Manuscript.id, Manuscript.kept_in_file).where(
        Manuscript.kind == kind, Manuscript.slug == slug, Manuscript.language == language
    )
    row = db.session.execute(query).one_or_none()
    return (row.id, row.kept_in_file) if row else None


def get_version(manuscript: Manuscript, number: int) -> Version:
    """One version with its content. Raises NotFoundError."""
    query = (
        select(Version)
        .where(Version.manuscript_id == manuscript.id, Version.number == number)
        .options(undefer(Version.content), joinedload(Version.author))
    )
    version = db.session.execute(query).unique().scalar_one_or_none()
    if version is None:
        raise NotFoundError(_l("There is no such version."))
    return version


def content_of(manuscript: Manuscript, number: int | None = None) -> dict[str, Any]:
    """The content of a version, by default of the latest. Raises NotFoundError."""
    return get_version(manuscript, number or manuscript.latest_number).content


def find_last_event(manuscript: Manuscript) -> ManuscriptEvent | None:
    """The last step that was taken with it; None for what was only ever saved."""
    query = (
        select(ManuscriptEvent)
        .where(ManuscriptEvent.manuscript_id == manuscript.id)
        .options(joinedload(ManuscriptEvent.actor))
        .order_by(ManuscriptEvent.id.desc())
        .limit(1)
    )
    return db.session.execute(query).unique().scalar_one_or_none()


def slug_is_free(kind: str, slug: str) -> bool:
    return not db.session.execute(select(exists().where(Manuscript.kind == kind, Manuscript.slug == slug))).scalar_one()


def is_alone(manuscript: Manuscript) -> bool:
    """Is there no other language of it, which shares its address?"""
    other = exists().where(
        Manuscript.kind == manuscript.kind, Manuscript.slug == manuscript.slug, Manuscript.id != manuscript.id
    )
    return not db.session.execute(select(other)).scalar_one()


def written_by(user: User) -> Select[Manuscript]:
    """What the person and the person's teams write: first what waits for them, then what waits for others, then the rest."""
    order = [State.CHANGES_REQUESTED, State.DRAFT, State.SUBMITTED, State.REJECTED, State.ACCEPTED]
    rank = case({state.value: number for number, state in enumerate(order)}, value=Manuscript.state)
    return (
        select(Manuscript)
        .where(_of_team(user))
        .options(*ROW)
        .order_by(rank, Manuscript.updated_at.desc(), Manuscript.id.desc())
    )


def still_open(query: Select[Manuscript]) -> Select[Manuscript]:
    """Of `query`, what somebody still has to do something about."""
    return query.where(Manuscript.state.in_([State.DRAFT, State.CHANGES_REQUESTED, State.SUBMITTED]))


def queue_of(user: User) -> Select[Manuscript]:
    """What waits for a decision that this person may take: the same as `policy.is_reviewer`. The longest wait comes first."""
    wrote = (Author.user_id, Author.manuscript_id), (Version.author_id, Version.manuscript_id)
    too_near = or_(*(_is_near(user, *columns) for columns in wrote))
    query = (
        select(Manuscript)
        .where(Manuscript.state == State.SUBMITTED, ~_of_team_or_nobody(user), ~too_near)
        .options(*ROW)
        .order_by(Manuscript.state_since, Manuscript.id)
    )
    if can_review(user):
        return query
    return query.where(Manuscript.assignments.any(Assignment.user_id == user.id))


def _is_near(user: User, writer: Any, written: Any) -> ColumnElement[bool]:
    """Is whoever wrote it the person, or in a team with the person?"""
    mine, theirs = aliased(Membership), aliased(Membership)
    colleagues = select(theirs.user_id).join(mine, mine.team_id == theirs.team_id).where(mine.user_id == user.id)
    near = or_(writer == user.id, writer.in_(colleagues))
    return select(writer).where(written == Manuscript.id, near).correlate(Manuscript).exists()


def _of_team_or_nobody(user: User) -> ColumnElement[bool]:
    """As `_of_team`, but never unknown: a text of no team is not the team's."""
    in_team = and_(Manuscript.team_id.is_not(None), Manuscript.team_id.in_(user.team_ids))
    return or_(in_team, Manuscript.authors.any(Author.user_id == user.id))


def list_reviewers(manuscript: Manuscript) -> list[User]:
    """Whoever may decide on everything others submit, without those who are too near."""
    roles = [role for role in Role if permits([role], Permission.REVIEW)]
    teams = {team for writer in manuscript.writers for team in writer.team_ids} | {manuscript.team_id}
    query = (
        select(User)
        .where(
            User.disabled_at.is_(None),
            User.grants.any(RoleGrant.role.in_(roles)),
            User.id.not_in([writer.id for writer in manuscript.writers]),
            ~User.memberships.any(Membership.team_id.in_([team for team in teams if team is not None])),
        )
        .order_by(User.name, User.id)
    )
    return list(db.session.execute(query).unique().scalars())


def list_writers(manuscript: Manuscript) -> list[User]:
    """Those who wrote it and the team it is of, as far as their accounts are open."""
    of_team = User.memberships.any(Membership.team_id == manuscript.team_id)
    query = (
        select(User)
        .where(User.disabled_at.is_(None), or_(User.id.in_(manuscript.author_ids), of_team))
        .order_by(User.name, User.id)
    )
    return list(db.session.execute(query).unique().scalars())


def list_author_ids(kind: str, slug: str, language: str) -> list[int]:
    """Who wrote a text, whoever may see the manuscript: what is published names them."""
    query = (
        select(Author.user_id)
        .join(Manuscript)
        .where(Manuscript.kind == kind, Manuscript.slug == slug, Manuscript.language == language)
        .order_by(Author.position)
    )
    return list(db.session.execute(query).scalars())
