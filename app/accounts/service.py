"""What people do with their accounts. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Invitation, LinkRequest, LoginAttempt, RoleGrant, User
from app.accounts.passwords import hash_password, needs_rehash, verify_password
from app.accounts.queries import (
    count_administrators,
    count_link_requests,
    failures_since_success,
    find_by_email,
    find_invitation,
)
from app.accounts.rules import LINKS_WITHIN, MAX_LINKS, Role, check_password, locked_until, normalize_email
from app.jobs.mail import queue_mail
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, InvalidInputError
from app.notifications.choosing import reschedule

KEEP_ATTEMPTS = timedelta(days=1)
KNOWN_ADDRESS = _l("This address has an account already.")


class Invitee:
    """Somebody without an account who gets mail."""

    def __init__(self, email: str, language: str, time_zone: str) -> None:
        self.email, self.language, self.time_zone = email, language, time_zone


def count_attempt(session: Session, email: str, *, now: datetime) -> int:
    """Write down a try to log in before the password is looked at, so that no number of parallel guesses gets past
    the lock-out. Returns the attempt's id. Raises ConflictError while the address is locked.
    """
    take_turns(session, f"log-in attempts of {email}")
    until = locked_until(failures_since_success(email, now), now)
    if until is not None:
        minutes = max(1, -(-int((until - now).total_seconds()) // 60))
        raise ConflictError(
            lazy_ngettext(
                "Too many failed attempts. Try again in %(num)s minute, or reset your password.",
                "Too many failed attempts. Try again in %(num)s minutes, or reset your password.",
                minutes,
            )
        )
    attempt = LoginAttempt(email=email[:254], at=now)
    session.add(attempt)
    session.flush()
    return attempt.id


def check_credentials(email: str, password: str) -> User | None:
    """The account with this address and password. Takes as long when there is none; needs no transaction.

    Raises ConflictError where the account is closed, which only who knows the password gets to hear.
    """
    user = find_by_email(email)
    if not verify_password(user.password_hash if user else None, password) or user is None:
        return None
    if not user.is_active:
        raise ConflictError(_l("This account is closed. An administrator can open it again."))
    return user


def accept_attempt(session: Session, attempt_id: int, user: User, password: str) -> None:
    """The password was right: end the count of failures, and renew a hash that was made with older parameters."""
    session.execute(update(LoginAttempt).where(LoginAttempt.id == attempt_id).values(succeeded=True))
    if user.password_hash and needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)


def count_link_request(session: Session, email: str, *, now: datetime) -> None:
    """Write down that a link by mail was asked for, with or without an account behind the address, so that the answer
    is the same and takes as long. Raises ConflictError when it was asked for too often.
    """
    take_turns(session, f"link requests of {email}")
    if count_link_requests(email, since=now - LINKS_WITHIN) >= MAX_LINKS:
        raise ConflictError(
            _l("A link was asked for several times within the hour. Look for the mail, also among the unwanted ones.")
        )
    session.add(LinkRequest(email=email, at=now))
    session.flush()


def make_hash(password: str, email: str) -> str:
    """The hash of a password that will do for the account of `email`. Raises InvalidInputError for one that will not.

    Takes a twentieth of a second, so it is made before the transaction, not while others wait to write.
    """
    check_password(password, email)
    return hash_password(password)


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: str,
    language: str,
    time_zone: str,
    now: datetime,
    invited_only: bool = False,
) -> User:
    """A new account for an address that its owner has proved. An invitation's role comes with it.

    Raises InvalidInputError for an address that has an account already, and where `invited_only`, ConflictError for
    one whose invitation is gone.
    """
    email = normalize_email(email)
    if find_by_email(email) is not None:
        raise InvalidInputError(KNOWN_ADDRESS, field="email")
    invitation = find_invitation(email)
    if invitation is None and invited_only:
        raise ConflictError(_l("The invitation was taken back. Ask whoever invited you for a new one."))
    user = User(
        email=email,
        name=name,
        password_hash=password_hash,
        language=language,
        time_zone=time_zone,
        created_at=now,
    )
    if invitation is not None:
        if invitation.role:
            user.grants.append(RoleGrant(role=invitation.role))
        session.delete(invitation)
    session.add(user)
    try:
        session.flush()
    except IntegrityError:
        # Somebody made it at the same moment.
        raise InvalidInputError(KNOWN_ADDRESS, field="email") from None
    return user


def create_first_administrator(
    session: Session, *, email: str, name: str, password_hash: str, language: str, time_zone: str, now: datetime
) -> User:
    """The account that lets all others in. Raises ConflictError where there is an administrator already."""
    take_turns(session, "administrators")
    if count_administrators():
        raise ConflictError(_l("There is an administrator already. Ask them for an invitation."))
    user = create_account(
        session,
        email=email,
        name=name,
        password_hash=password_hash,
        language=language,
        time_zone=time_zone,
        now=now,
    )
    give_role(session, user, Role.ADMINISTRATOR)
    return user


def set_password(session: Session, user: User, password_hash: str, *, before: str | None) -> None:
    """Give the account another password; ends every session, every "remember me" and the lock-out.

    `before` is the hash that the person has proved to know or to have had when the link was sent. Raises ConflictError
    where it is no longer the account's: a link works once.
    """
    session.refresh(user, with_for_update={"of": User})
    if user.password_hash != before:
        raise ConflictError(_l("The password was changed a moment ago. Log in with the new one."))
    user.password_hash = password_hash
    session.execute(delete(LoginAttempt).where(LoginAttempt.email == user.email))
    log_out_everywhere(session, user)


def log_out_everywhere(session: Session, user: User) -> None:
    """Make every session and every "remember me" of the person worthless."""
    user.session_epoch += 1
    session.flush()


def change_profile(session: Session, user: User, *, name: str, language: str, time_zone: str, now: datetime) -> None:
    user.name, user.language, user.time_zone = name, language, time_zone
    session.flush()
    # What waits for a digest comes at that hour on the new clock.
    reschedule(session, user.id, time_zone=time_zone, now=now)


def give_role(session: Session, user: User, role: Role) -> None:
    if role not in user.roles:
        user.grants.append(RoleGrant(role=role))
    session.flush()


def set_roles(session: Session, user: User, roles: set[Role], *, actor: User) -> None:
    """Give `user` exactly these roles. Raises ConflictError where that would leave nobody to administer."""
    take_turns(session, "administrators")
    if Role.ADMINISTRATOR in user.roles and Role.ADMINISTRATOR not in roles:
        _keep_an_administrator(user, actor)
    user.grants = [grant for grant in user.grants if grant.role in roles]
    user.grants.extend(RoleGrant(role=role) for role in sorted(roles - set(user.roles)))
    session.flush()


def disable(session: Session, user: User, *, actor: User, now: datetime) -> None:
    """Close the account: no log-in, sessions end; what the person wrote stays. Raises ConflictError."""
    take_turns(session, "administrators")
    if Role.ADMINISTRATOR in user.roles or user.id == actor.id:
        _keep_an_administrator(user, actor)
    if user.is_active:
        user.disabled_at = now
        log_out_everywhere(session, user)


def enable(session: Session, user: User) -> None:
    user.disabled_at = None
    session.flush()


def _keep_an_administrator(user: User, actor: User) -> None:
    if user.id == actor.id:
        raise ConflictError(_l("You cannot do this to your own account. Ask another administrator."))
    if not count_administrators(without=user.id):
        raise ConflictError(_l("This is the last administrator. Make somebody else one first."))


def invite(session: Session, *, email: str, role: Role | None, link: str, actor: User, now: datetime) -> Invitation:
    """Let somebody in, and send the link by mail. A second invitation replaces the first.

    Raises InvalidInputError where the address has an account.
    """
    email = normalize_email(email)
    if find_by_email(email) is not None:
        raise InvalidInputError(KNOWN_ADDRESS, field="email")
    invitation = find_invitation(email) or Invitation(email=email)
    invitation.role, invitation.invited_by_id, invitation.created_at = role, actor.id, now
    session.add(invitation)
    reader = Invitee(email, actor.language, actor.time_zone)
    queue_mail(session, reader, "invitation", {"inviter": actor.name, "link": link}, now=now)
    session.flush()
    return invitation


def take_back_invitation(session: Session, invitation_id: int) -> None:
    """The link that was sent no longer opens an account where people join by invitation only."""
    session.execute(delete(Invitation).where(Invitation.id == invitation_id))


def forget_attempts(session: Session, *, now: datetime) -> None:
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - KEEP_ATTEMPTS))
    session.execute(delete(LinkRequest).where(LinkRequest.at < now - KEEP_ATTEMPTS))
