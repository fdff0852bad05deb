"""The outbox as an administrator sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.jobs.mail import MAX_ATTEMPTS, queue_mail
from app.jobs.models import Mail, MailState
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from tests.factories.people import make_user

pytestmark = pytest.mark.usefixtures("clock")
SECRET = "https://guildhall.example/password/reset/secret"


def mail_in(state: MailState, error: str | None = None, attempts: int = 1) -> int:
    person = make_user()
    contact, person_id = person.contact, person.id
    with transaction() as session:
        queue_mail(session, contact, "reset password", {"link": SECRET}, now=utc_now(), user_id=person_id)
    with transaction() as session:
        mail = session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
        mail.state, mail.error, mail.attempts, mail.sent_at = state, error, attempts, utc_now()
        return mail.id


@pytest.fixture
def administrator(log_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return log_in(make_user("Ada Admin", Role.ADMINISTRATOR))


def test_states_reasons_and_no_secret(administrator: FlaskClient) -> None:
    for state in MailState:
        mail_in(state, f"because <{state}>")
    page = administrator.get("/admin/mail").text
    assert SECRET not in page
    assert "secret" not in page
    for state in MailState:
        assert f"because &lt;{state}&gt;" in page
        found = administrator.get(f"/admin/mail?state={state}").text
        assert [f"because &lt;{other}&gt;" in found for other in MailState] == [other == state for other in MailState]
    assert administrator.get("/admin/mail?state=nonsense").status_code == 200


def test_what_failed_is_tried_again(administrator: FlaskClient) -> None:
    mail_id = mail_in(MailState.FAILED, "550 No", MAX_ATTEMPTS)
    answer = administrator.post(f"/admin/mail/{mail_id}/retry")
    assert (answer.status_code, answer.location) == (303, "/admin/mail?state=queued")
    mail = db.session.get_one(Mail, mail_id)
    assert (mail.state, mail.attempts, mail.error, mail.due_at) == (MailState.QUEUED, 0, None, utc_now())
    assert mail.params == {"link": SECRET}


@pytest.mark.parametrize("state", [MailState.SENT, MailState.SENDING, MailState.DROPPED])
def test_what_is_sent_or_on_its_way_is_not(administrator: FlaskClient, state: MailState) -> None:
    mail_id = mail_in(state)
    assert administrator.post(f"/admin/mail/{mail_id}/retry").status_code == 409
    assert db.session.get_one(Mail, mail_id).state == state


def test_what_is_not_there_is_not_found(administrator: FlaskClient) -> None:
    assert administrator.post("/admin/mail/999/retry").status_code == 404
    assert "No mail here" in administrator.get("/admin/mail").text


@pytest.mark.parametrize("role", [Role.COACH, Role.EDITOR])
def test_for_administrators_alone(client: FlaskClient, log_in: Callable[[User], FlaskClient], role: Role) -> None:
    mail_id, browser = mail_in(MailState.FAILED), log_in(make_user("Somebody", role))
    assert [client.get("/admin/mail").status_code, browser.get("/admin/mail").status_code] == [303, 403]
    assert browser.post(f"/admin/mail/{mail_id}/retry").status_code == 403
    assert "/admin/mail" not in browser.get("/training/mine").text


def test_the_way_there_is_in_the_menu(administrator: FlaskClient) -> None:
    assert 'href="/admin/mail"' in administrator.get("/training/mine").text
