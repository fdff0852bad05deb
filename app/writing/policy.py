"""Who may see a manuscript, and who may do what with it. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission, Role, permits
from app.search.sources import MEMBER
from app.writing.models import Manuscript
from app.writing.rules import DECISIONS, REVIEWED, Step


def can_review(user: User) -> bool:
    """May the person review whatever others submit?"""
    return user.may(Permission.REVIEW)


def is_of_team(user: User | None, manuscript: Manuscript) -> bool:
    """Is it the text of the person's own team, or written by the person?"""
    return user is not None and (user.id in manuscript.author_ids or manuscript.team_id in user.team_ids)


def is_near(user: User, manuscript: Manuscript) -> bool:
    """Too near to judge it: it is the own team's, or the person or one of a team in which the person is wrote of it. Whoever
    is no author any more has written it all the same.
    """
    return is_of_team(user, manuscript) or any(
        writer.id == user.id or writer.team_ids & user.team_ids for writer in manuscript.writers
    )


def is_reviewer(user: User | None, manuscript: Manuscript) -> bool:
    """May the person decide on it? Editors and those who were asked; nobody on what the own team wrote."""
    if user is None or is_near(user, manuscript):
        return False
    return can_review(user) or user.id in manuscript.reviewer_ids


def can_read(user: User | None, manuscript: Manuscript) -> bool:
    """Drafts are for those who write them; what was submitted, for those who review, too. A text that every member may
    change is there for every member once it is published.
    """
    if user is None:
        return False
    if is_of_team(user, manuscript) or (manuscript.is_open and manuscript.is_live):
        return True
    return manuscript.state in REVIEWED and (can_review(user) or user.id in manuscript.reviewer_ids)


def can_write(user: User, manuscript: Manuscript) -> bool:
    """Whoever writes it and the team it is of; every member, where a published text is open to all."""
    return is_of_team(user, manuscript) or (manuscript.is_open and manuscript.is_live)


def seen_number(user: User, manuscript: Manuscript) -> int:
    """The version that somebody sees who may see the manuscript: those who write it the latest, all others what they were
    given to read, and nothing of what is being made of it since.
    """
    if can_write(user, manuscript):
        return manuscript.latest_number
    return manuscript.given_number


def can_adopt(user: User) -> bool:
    """May the person take a text over from the file that it is kept in?"""
    return user.may(Permission.EDIT_LIBRARY)


def can_take(user: User, manuscript: Manuscript, step: Step) -> bool:
    """Those who write save, submit and take back; a reviewer decides. Whether the state allows it is another question."""
    return is_reviewer(user, manuscript) if step in DECISIONS else can_write(user, manuscript)


def audience(manuscript: Manuscript) -> frozenset[str]:
    """Who may find what it says now, as marks for search: those who may read it, but reviewers only as long as that is what
    was submitted to them.
    """
    marks = {f"user:{user_id}" for user_id in manuscript.author_ids}
    if manuscript.team_id is not None:
        marks.add(f"team:{manuscript.team_id}")
    if manuscript.is_open and manuscript.is_live:
        marks.add(MEMBER)
    if manuscript.state in REVIEWED and manuscript.submitted_number == manuscript.latest_number:
        marks |= {f"role:{role}" for role in Role if permits([role], Permission.REVIEW)}
        marks |= {f"user:{user_id}" for user_id in manuscript.reviewer_ids}
    return frozenset(marks)
