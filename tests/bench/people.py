"""A site with something going on: people, sessions, places taken, and the cookies of people who are logged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, select

from app.accounts.models import User
from app.capabilities.queries import list_main_capabilities
from app.case_studies.models import CaseStudy
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.practices.models import Practice
from app.search.outbox import drain
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat
from tests.bench.load import post
from tests.factories.people import make_user
from tests.factories.training import make_coach, make_training

PEOPLE = 200
SESSIONS = 60
SEATS = 30
ALREADY_TAKEN = 12
RUSH_SESSION = "bench-rush"
RUSH_SEATS = 20


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in: the cookie, and the token that their forms hold."""

    cookie: str
    token: str

    def sign_up(self, slug: str) -> bytes:
        """The request that the button of a session sends."""
        return post(f"/training/{slug}/enrolment", f"csrf_token={self.token}", Cookie=self.cookie)


@dataclass(frozen=True)
class Site:
    """What the bench asks for: people, slugs of sessions, and one address of each kind."""

    people: Sequence[Person]
    sessions: Sequence[str]
    practice: str
    case_study: str

    def sign_ups(self) -> list[bytes]:
        """Every person in every session, each session in its turn."""
        return [person.sign_up(slug) for person in self.people for slug in self.sessions]


def populate(app: Flask) -> Site:
    """Fill the database beyond the samples, and bring the index up to date."""
    with app.app_context():
        people = [make_user(f"Person {number}", email=f"person{number}@bench.example") for number in range(PEOPLE)]
        before = [make_user(f"Early {number}", email=f"early{number}@bench.example") for number in range(ALREADY_TAKEN)]
        sessions = _add_sessions(before)
        start = utc_now() + timedelta(days=7)
        make_training(_coach(99), slug=RUSH_SESSION, starts_at=start, now=utc_now(), capacity=RUSH_SEATS)
        drain()
        case_study = db.session.execute(select(CaseStudy.slug).order_by(CaseStudy.slug).limit(1)).scalar_one()
        practice, names = _typical_practice(), [person.get_id() for person in people]
        db.session.remove()
        db.engine.dispose()
    # Outside of that context, so that each of them gets a token of their own.
    return Site([log_in(app, name) for name in names], sessions, practice, case_study)


def _add_sessions(before: Sequence[User]) -> list[str]:
    """Two months of sessions on all capabilities, each with some seats taken."""
    capabilities = [capability.id for capability in list_main_capabilities()]
    coaches = [_coach(number) for number in range(6)]
    now = utc_now()
    slugs = []
    for number in range(SESSIONS):
        training = make_training(
            coaches[number % len(coaches)],
            slug=f"bench-{number}",
            title=f"Small steps, part {number + 1}",
            description="Bring a **laptop** and a change of your own.\n\n" * 4,
            capability_id=capabilities[number % len(capabilities)],
            level=number % 5 + 1,
            starts_at=now + timedelta(days=2 + number),
            now=now,
            capacity=SEATS,
        )
        slugs.append(training.slug)
        with transaction() as database:
            database.add_all(
                Enrolment(
                    training_id=training.id,
                    user_id=person.id,
                    state=Seat.CONFIRMED,
                    queue=queue,
                    enrolled_at=now,
                    changed_at=now,
                )
                for queue, person in enumerate(before, start=1)
            )
    return slugs


def _coach(number: int) -> User:
    return make_coach(f"Coach {number}", email=f"coach{number}@bench.example")


def _typical_practice() -> str:
    """The English article of middling length."""
    order = select(Practice.slug).where(Practice.language == "en").order_by(func.length(Practice.html))
    slugs = db.session.execute(order).scalars().all()
    return slugs[len(slugs) // 2]


def log_in(app: Flask, name: str) -> Person:
    """The session that a log-in leaves in the browser, without the tenth of a second that checking a password takes."""
    with app.test_request_context():
        session.update(_user_id=name, _fresh=True)
        token = generate_csrf()
        session["csrf_signed"] = token
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return Person(f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", token)
