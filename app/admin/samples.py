"""Made-up people and sessions for trying the product out: loaded on request, taken out by one command."""

from __future__ import annotations

import click
import yaml
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.admin.sample_people import load_people, remove_people
from app.admin.sample_sessions import load_sessions, remove_sessions
from app.config import ROOT, Config
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction

group = AppGroup("samples", help="Made-up people and sessions for trying Guildhall out.")
FOLDER = ROOT / "content" / "sample"


def has_people() -> bool:
    """Has anybody, real or made up, an account?"""
    return db.session.execute(select(User.id).limit(1)).first() is not None


def load_samples(session: Session) -> None:
    """Bring in what is not there yet."""
    config: Config = current_app.config["GUILDHALL"]
    now = utc_now()
    zone = config.default_time_zone
    people = load_people(session, _read("people.yaml"), time_zone=zone, now=now)
    load_sessions(session, _read("sessions.yaml"), people, time_zone=zone, now=now)


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
        sessions = remove_sessions(session)
        people, teams = remove_people(session)
    click.echo(f"Taken out: {people} people, {teams} teams, {sessions} sessions.")
