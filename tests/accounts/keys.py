"""What these tests know: a password, its hash, and how to read a link out of the mail."""

from __future__ import annotations

from urllib.parse import urlsplit

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.jobs.models import Mail
from app.kernel.db import db

PASSWORD = "correct horse battery"
# The same algorithm at next to no cost: at the full one a hash takes a fifth of a second of processor time, and these
# tests ask for more than a hundred.
QUICK = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
HASH = QUICK.hash(PASSWORD)
OTHER = "another fine sentence"


def mails() -> list[Mail]:
    """What stands in the outbox, oldest first."""
    return list(db.session.execute(select(Mail).order_by(Mail.id)).scalars())


def mailed_link() -> str:
    """The path of the link in the newest mail."""
    return urlsplit(mails()[-1].params["link"]).path


def type_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Fill in the log-in form."""
    return client.post("/login", data={"email": email, "password": password, **more})


def is_logged_in(client: FlaskClient) -> bool:
    return client.get("/profile").status_code == 200
