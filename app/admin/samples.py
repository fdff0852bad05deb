"""Made-up people, sessions and wishes for trying the product out: loaded on request, taken out by one command."""

from __future__ import annotations

import click
import yaml
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.admin.sample_coaching import CoachingLoader
from app.admin.sample_community import CommunityLoader, remove_community
from app.admin.sample_courses import list_sample_series, load_courses, load_series, remove_courses
from app.admin.sample_dates import Calendar
from app.admin.sample_maturity import MaturityLoader
from app.admin.sample_people import load_people, remove_people
from app.admin.sample_sessions import Cast, load_sessions, remove_sessions
from app.admin.sample_traces import find_traces, remove_traces
from app.admin.sample_wishes import load_wishes, remove_wishes
from app.admin.sample_writing import WritingLoader, remove_writing
from app.capabilities.queries import list_main_capabilities
from app.config import ROOT, Config
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction

group = AppGroup("samples", help="Made-up people and sessions for trying Guildhall out.")
FOLDER = ROOT / "content" / "sample"
SESSIONS = ("sessions.yaml", "seats.yaml", "programmes.yaml", "afterwards.yaml")


def has_people() -> bool:
    """Has anybody, real or made up, an account?"""
    return db.session.execute(select(User.id).limit(1)).first() is not None


def load_samples(session: Session) -> None:
    """Bring in what is not there yet."""
    config: Config = current_app.config["GUILDHALL"]
    calendar = Calendar(utc_now(), config.default_time_zone)
    people, teams = load_people(session, _read("people.yaml"), time_zone=calendar.time_zone, now=calendar.now)
    capabilities = {capability.slug: capability.id for capability in list_main_capabilities()}
    courses = _read("courses.yaml")
    cast = Cast(
        people=people,
        teams=teams,
        capabilities=capabilities,
        courses=load_courses(session, courses, people, capabilities, calendar),
        wishes=load_wishes(session, _read("wishes.yaml"), people, capabilities, calendar),
    )
    CommunityLoader(session, people, teams, calendar).load(_read("community.yaml"))
    WritingLoader(session, people, calendar).load(_read("writing.yaml"), capabilities)
    secret = str(current_app.config["SECRET_KEY"])
    for name in SESSIONS:
        load_sessions(session, _read(name), cast, calendar, secret=secret)
    load_series(session, courses, cast, calendar)
    MaturityLoader(session, people, teams, calendar).load(_read("maturity.yaml"))
    CoachingLoader(session, people, teams, capabilities, calendar).load(_read("coaching.yaml"))


def _read(name: str) -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return data


@group.command("load")
def load() -> None:
    """Bring in the sample people, teams, coaches and sessions."""
    with transaction() as session:
        load_samples(session)
    click.echo("The samples are in. `flask samples remove` takes them out again.")


@group.command("remove")
def remove() -> None:
    """Take out everything that is marked as a sample."""
    with transaction() as session:
        traces, series = find_traces(session), list_sample_series(session)
        sessions = remove_sessions(session)
        courses, wishes = remove_courses(session, series), remove_wishes(session)
        remove_community(session)
        texts = remove_writing(session)
        people, teams = remove_people(session)
        remove_traces(session, traces)
    click.echo(
        f"Taken out: {people} people, {teams} teams, {sessions} sessions, {courses} courses, {wishes} wishes, {texts} texts."
    )
