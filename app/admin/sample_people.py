"""The sample people, teams and coach profiles of `content/sample/people.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, RoleGrant, Team, User
from app.admin.sample_dates import Data
from app.capabilities.queries import list_main_capabilities
from app.case_studies.models import CaseStudy, CreditedCoach
from app.coaches.models import Coach
from app.coaches.service import save_profile
from app.practices.models import Practice
from app.training.courses.models import CourseCoach
from app.training.models import TrainingCoach
from app.training.talks.models import Speaker
from app.writing.models import Manuscript


def load_people(
    session: Session, data: Data, *, time_zone: str, now: datetime
) -> tuple[dict[str, User], dict[str, Team]]:
    """Bring in whoever is not there yet. Returns everybody by address, and the teams by slug."""
    teams = {item["slug"]: _team(session, item) for item in data["teams"]}
    people = {item["email"]: _person(session, item, teams, time_zone=time_zone, now=now) for item in data["people"]}
    levels = {capability.slug: capability.id for capability in list_main_capabilities()}
    for item in data["coaches"]:
        _coach(session, item, people[item["person"]], levels, now=now)
    return people, teams


def _team(session: Session, item: Data) -> Team:
    team = session.execute(select(Team).where(Team.slug == item["slug"])).scalar_one_or_none()
    if team is None:
        team = Team(
            slug=item["slug"],
            name=item["name"],
            organisation=item["organisation"],
            about=item["about"],
            is_benchmark=item["benchmark"],
            is_sample=True,
        )
        session.add(team)
        session.flush()
    return team


def _person(session: Session, item: Data, teams: Mapping[str, Team], *, time_zone: str, now: datetime) -> User:
    user = session.execute(select(User).where(User.email == item["email"])).unique().scalar_one_or_none()
    if user is None:
        user = User(
            email=item["email"],
            name=item["name"],
            language=item["language"],
            time_zone=time_zone,
            created_at=now,
            is_sample=True,
            grants=[RoleGrant(role=role) for role in item.get("roles", ())],
        )
        if "team" in item:
            user.memberships = [Membership(team=teams[item["team"]], is_lead=item.get("lead", False))]
        session.add(user)
        session.flush()
    return user


def _coach(session: Session, item: Data, user: User, capabilities: Mapping[str, int], *, now: datetime) -> None:
    coach = session.execute(select(Coach).where(Coach.user_id == user.id)).scalar_one_or_none()
    if coach is None:
        coach = save_profile(
            session,
            user,
            None,
            headline=item["headline"],
            bio=item["bio"],
            site=item["site"],
            is_taking_requests=item["requests"],
            languages=item["languages"],
            skills={capabilities[slug]: level for slug, level in item["skills"].items() if slug in capabilities},
            now=now,
        )
        coach.slug = item["slug"]
    owned = session.execute(
        select(Practice).where(Practice.slug.in_(item.get("owns", ())), Practice.owner_id.is_(None))
    )
    for practice in owned.scalars():
        practice.owner_id = user.id
    session.flush()


def remove_people(session: Session) -> tuple[int, int]:
    """Take out every sample person and team, and what hangs on them. Returns how many of each."""
    people = session.execute(select(User).where(User.is_sample)).unique().scalars().all()
    teams = session.execute(select(Team).where(Team.is_sample)).scalars().all()
    user_ids = [user.id for user in people]
    for practice in session.execute(select(Practice).where(Practice.owner_id.in_(user_ids))).scalars():
        practice.owner_id = None
    # The database would take these out by itself, but then search would not hear of it.
    stories = select(CaseStudy).where(CaseStudy.team_id.in_([team.id for team in teams]))
    manuscripts = select(Manuscript).where(Manuscript.team_id.in_([team.id for team in teams]))
    hanging: list[Select[Any]] = [
        stories,
        manuscripts,
        select(CreditedCoach).where(CreditedCoach.user_id.in_(user_ids)),
        select(TrainingCoach).where(TrainingCoach.user_id.in_(user_ids)),
        select(CourseCoach).where(CourseCoach.user_id.in_(user_ids)),
        select(Speaker).where(Speaker.user_id.in_(user_ids)),
    ]
    rows = [row for query in hanging for row in session.execute(query).unique().scalars()]
    for row in (*rows, *people, *teams):
        session.delete(row)
    session.flush()
    return len(people), len(teams)
