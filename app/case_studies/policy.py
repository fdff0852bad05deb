"""Who may see a case study, and who may do what with it. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission, Role, permits
from app.case_studies.models import CaseStudy
from app.case_studies.rules import DECISIONS, REVIEWED, State, Step
from app.search.sources import PUBLIC


def can_review(user: User) -> bool:
    """May the person review at all, whichever team it is?"""
    return user.may(Permission.REVIEW)


def is_of_team(user: User | None, case_study: CaseStudy) -> bool:
    return user is not None and case_study.team_id in user.team_ids


def is_reviewer(user: User | None, case_study: CaseStudy) -> bool:
    """Nobody reviews what the own team wrote."""
    return user is not None and can_review(user) and not is_of_team(user, case_study)


def can_read(user: User | None, case_study: CaseStudy) -> bool:
    if case_study.is_published or is_of_team(user, case_study):
        return True
    return is_reviewer(user, case_study) and case_study.state in REVIEWED


def can_see_history(user: User | None, case_study: CaseStudy) -> bool:
    return is_of_team(user, case_study) or is_reviewer(user, case_study)


def can_edit(user: User, case_study: CaseStudy) -> bool:
    """Every member of the team writes on its case studies."""
    return is_of_team(user, case_study)


def can_take(user: User, case_study: CaseStudy, step: Step) -> bool:
    """The team submits, withdraws and reopens; a reviewer decides. Whether the state allows it is another question."""
    return is_reviewer(user, case_study) if step in DECISIONS else is_of_team(user, case_study)


def audience(case_study: CaseStudy) -> frozenset[str]:
    """Who may find it: the same people who may read it, as marks for search."""
    if case_study.is_published:
        return frozenset({PUBLIC})
    marks = {f"team:{case_study.team_id}"}
    if State(case_study.state) in REVIEWED:
        marks |= {f"role:{role}" for role in Role if permits([role], Permission.REVIEW)}
    return frozenset(marks)
