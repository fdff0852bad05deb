"""What the services promise on both databases, also when several people act at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.models import Invitation, LinkRequest, LoginAttempt, User
from app.accounts.passwords import hash_password, verify_password
from app.accounts.queries import count_administrators, find_by_email, find_by_session
from app.accounts.rules import LOCK_AFTER, LOCK_FOR, MAX_LINKS, Role
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, DomainError, InvalidInputError
from tests.accounts.keys import HASH, PASSWORD, mails
from tests.factories.people import make_user

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both_databases]
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def at_once(app: Flask, count: int, act: Callable[[Session], object]) -> list[object]:
    """`act` in `count` transactions at the same moment; what each of them returned, or the rule that stopped it."""
    results: list[object] = []
    barrier = threading.Barrier(count)

    def run() -> None:
        with app.app_context():
            barrier.wait(10)
            try:
                with transaction() as session:
                    results.append(act(session))
            except DomainError as error:
                results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    assert len(results) == count
    return results


def join(session: Session, email: str = "yue@example.com", *, invited_only: bool = False) -> User:
    return service.create_account(
        session,
        email=email,
        name="Lin Yue",
        password_hash=HASH,
        language="en",
        time_zone="Asia/Shanghai",
        now=NOW,
        invited_only=invited_only,
    )


def invite(email: str, role: Role | None, actor: User) -> None:
    with transaction() as session:
        service.invite(session, email=email, role=role, link="https://guildhall.example/x", actor=actor, now=NOW)


def test_an_account_is_made_once_for_an_address(app: Flask) -> None:
    results = at_once(app, 4, join)

    assert [type(result) for result in results if isinstance(result, DomainError)] == [InvalidInputError] * 3
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_an_address_in_other_letters_is_the_same_address() -> None:
    with transaction() as session:
        join(session, "Yue@Example.com")

    with pytest.raises(InvalidInputError, match="already"), transaction() as session:
        join(session, "YUE@example.com")
    assert find_by_email("yue@example.com") is not None


def test_an_invitation_brings_its_role_and_is_used_up() -> None:
    invite("yue@example.com", Role.EDITOR, make_user("Ada", Role.ADMINISTRATOR))

    with transaction() as session:
        user = join(session, invited_only=True)

    assert user.roles == ["editor"]
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_who_is_not_invited_stays_out_where_people_join_by_invitation() -> None:
    with pytest.raises(ConflictError, match="invitation"), transaction() as session:
        join(session, invited_only=True)

    assert find_by_email("yue@example.com") is None


def test_a_second_invitation_replaces_the_first() -> None:
    ada = make_user("Ada", Role.ADMINISTRATOR)
    invite("yue@example.com", Role.EDITOR, ada)
    invite("Yue@example.com", None, ada)

    assert [(each.email, each.role) for each in db.session.scalars(select(Invitation))] == [("yue@example.com", None)]
    assert [(mail.to, mail.kind) for mail in mails()] == [("yue@example.com", "invitation")] * 2


def test_who_has_an_account_is_not_invited() -> None:
    make_user(email="yue@example.com")

    with pytest.raises(InvalidInputError, match="already"):
        invite("yue@example.com", None, make_user("Ada", Role.ADMINISTRATOR))
    assert mails() == []


def test_a_revoked_invitation_opens_nothing() -> None:
    invite("yue@example.com", Role.EDITOR, make_user("Ada", Role.ADMINISTRATOR))
    with transaction() as session:
        service.take_back_invitation(session, db.session.scalars(select(Invitation.id)).one())

    with transaction() as session:
        assert join(session).roles == []


def test_one_person_becomes_the_first_administrator(app: Flask) -> None:
    names = iter("abcd")

    def become(session: Session) -> User:
        return service.create_first_administrator(
            session,
            email=f"{next(names)}@example.com",
            name="Ada",
            password_hash=HASH,
            language="en",
            time_zone="UTC",
            now=NOW,
        )

    results = at_once(app, 4, become)

    assert sum(isinstance(result, ConflictError) for result in results) == 3
    assert count_administrators() == 1


def test_parallel_guesses_do_not_get_past_the_lock_out(app: Flask) -> None:
    results = at_once(app, 12, lambda session: service.count_attempt(session, "yue@example.com", now=NOW))

    assert sum(isinstance(result, int) for result in results) == LOCK_AFTER
    assert sum(isinstance(result, ConflictError) for result in results) == 12 - LOCK_AFTER


def test_the_lock_out_holds_for_one_address_and_ends_after_a_quarter_of_an_hour() -> None:
    def attempt(email: str, now: datetime) -> int:
        with transaction() as session:
            return service.count_attempt(session, email, now=now)

    for _ in range(LOCK_AFTER):
        attempt("yue@example.com", NOW)

    with pytest.raises(ConflictError, match="15 minutes"):
        attempt("yue@example.com", NOW)
    with pytest.raises(ConflictError, match="in 1 minute,"):
        attempt("yue@example.com", NOW + LOCK_FOR - timedelta(seconds=20))
    assert attempt("chen@example.com", NOW)
    assert attempt("yue@example.com", NOW + LOCK_FOR)


def test_a_success_ends_the_count() -> None:
    user = make_user(email="yue@example.com", password_hash=HASH)
    for number in range(LOCK_AFTER - 1):
        with transaction() as session:
            attempt = service.count_attempt(session, user.email, now=NOW + timedelta(seconds=number))
    with transaction() as session:
        service.accept_attempt(session, attempt, user, PASSWORD)

    with transaction() as session:
        for number in range(LOCK_AFTER):
            service.count_attempt(session, user.email, now=NOW + timedelta(minutes=1, seconds=number))


def test_a_right_password_renews_an_old_hash() -> None:
    old = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQxMjM0$" + "2" * 22
    user = make_user(email="yue@example.com", password_hash=old)
    with transaction() as session:
        attempt = service.count_attempt(session, user.email, now=NOW)

    with transaction() as session:
        service.accept_attempt(session, attempt, user, PASSWORD)

    assert verify_password(user.password_hash, PASSWORD)


@pytest.mark.parametrize("known", [True, False])
def test_links_are_asked_for_five_times_an_hour_with_and_without_an_account(known: bool) -> None:
    if known:
        make_user(email="yue@example.com")

    def ask(now: datetime) -> None:
        with transaction() as session:
            service.count_link_request(session, "yue@example.com", now=now)

    for minute in range(MAX_LINKS):
        ask(NOW + timedelta(minutes=minute))

    with pytest.raises(ConflictError, match="several times"):
        ask(NOW + timedelta(minutes=59))
    ask(NOW + timedelta(minutes=61))


def test_old_attempts_and_requests_are_forgotten() -> None:
    with transaction() as session:
        for age in (1, 23, 25):
            session.add(LoginAttempt(email="yue@example.com", at=NOW - timedelta(hours=age)))
            session.add(LinkRequest(email="yue@example.com", at=NOW - timedelta(hours=age)))

    with transaction() as session:
        service.forget_attempts(session, now=NOW)

    for table in (LoginAttempt, LinkRequest):
        assert db.session.scalar(select(func.count()).select_from(table)) == 2


def test_a_password_is_set_once_for_the_one_it_replaces(app: Flask) -> None:
    user_id = make_user(password_hash=HASH).id
    fresh = hash_password("another fine sentence")

    def change(session: Session) -> None:
        service.set_password(session, session.get_one(User, user_id), fresh, before=HASH)

    results = at_once(app, 3, change)

    assert sum(isinstance(result, ConflictError) for result in results) == 2
    assert db.session.get_one(User, user_id).session_epoch == 1


def test_a_changed_password_ends_sessions_and_the_lock_out() -> None:
    user = make_user(password_hash=HASH)
    cookie = user.get_id()
    for _ in range(LOCK_AFTER):
        with transaction() as session:
            service.count_attempt(session, user.email, now=NOW)

    with transaction() as session:
        service.set_password(session, user, hash_password("another fine sentence"), before=HASH)

    assert find_by_session(cookie) is None
    assert find_by_session(user.get_id()) is user
    with transaction() as session:
        service.count_attempt(session, user.email, now=NOW)


@pytest.mark.parametrize("cookie", ["", ".", "1", "1.", ".0", "1.0.0", "a.b", "1.x", "-1.0", "99.0"])
def test_a_cookie_that_means_nobody(cookie: str) -> None:
    make_user()

    assert find_by_session(cookie) is None


def test_two_administrators_cannot_put_each_other_out(app: Flask) -> None:
    ids = [make_user(name, Role.ADMINISTRATOR).id for name in ("Ada", "Grace")]
    pairs = iter([(ids[0], ids[1]), (ids[1], ids[0])])

    def put_out(session: Session) -> None:
        actor, other = next(pairs)
        service.set_roles(session, session.get_one(User, other), set(), actor=session.get_one(User, actor))

    results = at_once(app, 2, put_out)

    assert sum(isinstance(result, ConflictError) for result in results) == 1
    assert count_administrators() == 1


def test_sample_people_do_not_count_as_administrators() -> None:
    ada = make_user("Ada", Role.ADMINISTRATOR)
    sample = make_user("Sample", Role.ADMINISTRATOR)
    with transaction():
        sample.is_sample = True

    with transaction() as session:
        service.set_roles(session, sample, set(), actor=ada)
    with pytest.raises(ConflictError, match="last administrator"), transaction() as session:
        service.set_roles(session, ada, set(), actor=sample)


def test_a_closed_account_is_opened_again_with_its_roles() -> None:
    ada, yue = make_user("Ada", Role.ADMINISTRATOR), make_user("Lin Yue", Role.COACH, password_hash=HASH)
    cookie = yue.get_id()

    with transaction() as session:
        service.disable(session, yue, actor=ada, now=NOW)
    assert find_by_session(cookie) is None
    assert find_by_session(yue.get_id()) is None
    with transaction() as session:
        service.disable(session, yue, actor=ada, now=NOW + timedelta(days=1))
    assert yue.disabled_at == NOW

    with transaction() as session:
        service.enable(session, yue)
    assert find_by_session(yue.get_id()) is yue
    assert yue.roles == ["coach"]


def test_credentials() -> None:
    yue = make_user("Lin Yue", email="yue@example.com", password_hash=HASH)
    make_user("No Password", email="none@example.com")

    assert service.check_credentials("yue@example.com", PASSWORD) is yue
    assert service.check_credentials("yue@example.com", "wrong") is None
    assert service.check_credentials("none@example.com", "") is None
    assert service.check_credentials("nobody@example.com", PASSWORD) is None
    assert service.check_credentials("nobody@example.com", "nobody has this password") is None


def test_only_who_knows_the_password_hears_that_an_account_is_closed() -> None:
    yue = make_user("Lin Yue", email="yue@example.com", password_hash=HASH)
    with transaction():
        yue.disabled_at = NOW

    assert service.check_credentials("yue@example.com", "wrong") is None
    with pytest.raises(ConflictError, match="closed"):
        service.check_credentials("yue@example.com", PASSWORD)


@pytest.mark.parametrize("typed", ["ｃｏｒｒｅｃｔ horse battery", "correct horse battery"])
def test_a_password_is_the_same_from_every_keyboard(typed: str) -> None:
    assert verify_password(HASH, typed)


@pytest.mark.parametrize("typed", [" correct horse battery", "Correct horse battery", "", "\udc80", "x" * 100_000])
def test_another_password_is_another_password(typed: str) -> None:
    assert not verify_password(HASH, typed)
