"""Logging in and out, joining, passwords, the own profile."""

from __future__ import annotations

import re

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.forms import (
    AskForm,
    FirstAdministratorForm,
    JoinForm,
    LoginForm,
    PasswordForm,
    ProfileForm,
    ResetForm,
)
from app.accounts.login import me
from app.accounts.models import User
from app.accounts.queries import count_administrators, find_by_email, find_invitation, find_user, teams_of
from app.accounts.rules import ROLE_NAMES
from app.accounts.tokens import (
    is_first_administrator,
    matches,
    read_join,
    read_reset,
    sign_join,
    sign_reset,
)
from app.config import Config
from app.jobs.mail import queue_mail
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.web.access import member, public
from app.web.forms import Form
from app.web.i18n import LOCALES, request_language, request_zone
from app.web.security import limiter, renew_session, safe_path, secret_key

blueprint = Blueprint("accounts", __name__, template_folder="templates")
LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")


@blueprint.route("/login", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute", methods=["POST"])
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(safe_path(request.args.get("next")) or url_for("home.index"), 303)
    form = LoginForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        wrong = InvalidInputError(_("E-mail address or password is wrong."))
        user = _prove(form, form.email.data, form.password.data, wrong)
        if user is not None:
            renew_session()
            login_user(user, remember=form.remember.data)
            return redirect(safe_path(form.next.data) or url_for("home.index"), 303)
    return _page("accounts/login.html", form, is_open=_is_open())


def _prove(form: Form, email: str, password: str, wrong: InvalidInputError) -> User | None:
    """The account, if it is the right password; else the form is blamed.

    Two transactions on purpose: the attempt is counted before the password is looked at.
    """
    try:
        with transaction() as session:
            attempt_id = service.count_attempt(session, email, now=utc_now())
        user = service.check_credentials(email, password)
    except ConflictError as error:
        form.blame(error)
        return None
    if user is None:
        form.blame(wrong)
        return None
    with transaction() as session:
        service.accept_attempt(session, attempt_id, user, password)
    return user


@blueprint.post("/logout")
@member
def logout() -> ResponseReturnValue:
    renew_session()
    logout_user()
    flash(_("You are logged out."), "good")
    return redirect(url_for("home.index"), 303)


@blueprint.route("/join", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute", methods=["POST"])
def join() -> ResponseReturnValue:
    """Ask for the link that proves an address. The answer is the same whether or not it has an account."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                link = _mail_join_link(session, form.email.data)
        except ConflictError as error:
            form.blame(error)
        else:
            return _asked(form.email.data, link)
    return _page("accounts/join.html", form, is_open=_is_open())


def _mail_join_link(session: Session, email: str) -> str | None:
    """Returns the link if it may be shown on the page, too: not that of an invitation, with which come roles."""
    now = utc_now()
    service.count_link_request(session, email, now=now)
    is_known, is_invited = find_by_email(email) is not None, find_invitation(email) is not None
    if is_known:
        kind, link = "known address", _link("accounts.login")
    elif _is_open() or is_invited:
        kind, link = "join", _link("accounts.accept", token=sign_join(secret_key(), email))
    else:
        return None
    reader = service.Invitee(email, request_language(), request_zone())
    queue_mail(session, reader, kind, {"link": link}, now=now)
    return None if is_known or is_invited else link


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    """Choose name and password, with the address that the link proves."""
    email = read_join(secret_key(), token)
    if email is not None and find_by_email(email) is not None:
        flash(_("This link was used: %(email)s has an account. Log in with it.", email=email), "warn")
        return redirect(url_for("accounts.login"), 303)
    if email is None or not (_is_open() or find_invitation(email) is not None):
        raise NotFoundError(_("This link is no longer valid. Ask for a new one."))
    form = JoinForm(language=request_language(), time_zone=request_zone())
    if form.validate_on_submit():
        try:
            secret = service.make_hash(form.password.data, email)
            with transaction() as session:
                user = service.create_account(
                    session,
                    email=email,
                    password_hash=secret,
                    now=utc_now(),
                    invited_only=not _is_open(),
                    **_profile(form),
                )
        except InvalidInputError as error:
            form.blame(error)
        else:
            return _welcome(user)
    return _page("accounts/accept.html", form, email=email)


@blueprint.route("/first-administrator/<token>", methods=["GET", "POST"])
@public
def first_administrator(token: str) -> ResponseReturnValue:
    """The link that `make run` prints on a new installation."""
    if not is_first_administrator(secret_key(), token) or count_administrators():
        raise NotFoundError(
            _("This link is no longer valid: there is an administrator already, or it is older than a week.")
        )
    form = FirstAdministratorForm(language=request_language(), time_zone=request_zone())
    if form.validate_on_submit():
        email = form.email.data
        try:
            secret = service.make_hash(form.password.data, email)
            with transaction() as session:
                user = service.create_first_administrator(
                    session, email=email, password_hash=secret, now=utc_now(), **_profile(form)
                )
        except InvalidInputError as error:
            form.blame(error)
        else:
            return _welcome(user)
    return _page("accounts/first_administrator.html", form)


def _profile(form: JoinForm | ProfileForm) -> dict[str, str]:
    return {"name": form.name.data, "language": form.language.data, "time_zone": form.time_zone.data}


def _welcome(user: User) -> ResponseReturnValue:
    renew_session()
    login_user(user)
    with force_locale(LOCALES[user.language]):
        flash(_("Welcome, %(name)s.", name=user.name), "good")
    return redirect(url_for("home.index"), 303)


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute", methods=["POST"])
def forgot() -> ResponseReturnValue:
    """Ask for the link that resets a password. The answer is the same whether or not the address has an account."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                _mail_reset_link(session, form.email.data)
        except ConflictError as error:
            form.blame(error)
        else:
            # Never with the link on the page: whoever asks could take any account over.
            return _asked(form.email.data, None)
    return _page("accounts/forgot.html", form)


def _mail_reset_link(session: Session, email: str) -> None:
    now = utc_now()
    service.count_link_request(session, email, now=now)
    user = find_by_email(email)
    if user is not None and user.is_active:
        link = _link("accounts.reset", token=sign_reset(secret_key(), user.id, user.password_hash))
        queue_mail(session, user, "reset password", {"link": link}, now=now)


def _asked(email: str, link: str | None) -> ResponseReturnValue:
    config = _config()
    is_mailed = config.is_production or bool(config.mail_server)
    shown = link if not is_mailed and _is_at_the_machine() else None
    return render_template("accounts/asked.html", email=email, link=shown, is_mailed=is_mailed)


def _is_at_the_machine() -> bool:
    """Does the request come from the computer that the site runs on? On an evaluation without a mail server nobody
    could read the mail, so the link is shown on the page; it is as good as a password, so to nobody else.
    """
    is_forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"))
    is_local = request.remote_addr in {"127.0.0.1", "::1"} and LOCAL_HOST.fullmatch(request.host) is not None
    return is_local and not is_forwarded and not _config().base_url


@blueprint.route("/password/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    claim = read_reset(secret_key(), token)
    user = find_user(claim[0]) if claim else None
    if claim is None or user is None or not user.is_active or not matches(claim[1], user.password_hash):
        raise NotFoundError(_("This link is no longer valid. Ask for a new one."))
    form = ResetForm()
    if form.validate_on_submit() and _change_password(form, user):
        flash(_("Your password is changed. Log in with the new one."), "good")
        return redirect(url_for("accounts.login"), 303)
    return _page("accounts/reset.html", form, email=user.email)


def _change_password(form: ResetForm | PasswordForm, user: User) -> bool:
    before = user.password_hash
    try:
        secret = service.make_hash(form.password.data, user.email)
        with transaction() as session:
            service.set_password(session, user, secret, before=before)
    except InvalidInputError as error:
        form.blame(error)
        return False
    return True


@blueprint.route("/profile", methods=["GET", "POST"])
@member
def profile() -> ResponseReturnValue:
    form = ProfileForm(obj=current_user)
    if form.validate_on_submit():
        user = me()
        with transaction() as session:
            service.change_profile(session, user, **_profile(form), now=utc_now())
        with force_locale(LOCALES[form.language.data]):
            flash(_("Your profile is saved."), "good")
        return redirect(url_for("accounts.profile"), 303)
    return _page("accounts/profile.html", form, teams=teams_of(me()), role_names=ROLE_NAMES)


@blueprint.route("/profile/password", methods=["GET", "POST"])
@member
@limiter.limit("10 per minute", methods=["POST"])
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        wrong = InvalidInputError(_("That is not your present password."), field="present")
        user = _prove(form, current_user.email, form.present.data, wrong)
        if user is not None and _change_password(form, user):
            login_user(user, remember=_is_remembered())
            flash(_("Your password is changed. Every other device is logged out."), "good")
            return redirect(url_for("accounts.profile"), 303)
    return _page("accounts/password.html", form)


@blueprint.post("/profile/sessions/end")
@member
def end_sessions() -> ResponseReturnValue:
    user = me()
    with transaction() as session:
        service.log_out_everywhere(session, user)
    login_user(user, remember=_is_remembered())
    flash(_("Every other device is logged out."), "good")
    return redirect(url_for("accounts.profile"), 303)


def _is_remembered() -> bool:
    """Was "keep me logged in" chosen on this device?"""
    return current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies


def _page(template: str, form: Form, **context: object) -> ResponseReturnValue:
    """A page with a form: 422 where what was sent cannot be taken."""
    return render_template(template, form=form, **context), 422 if request.method == "POST" else 200


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config


def _is_open() -> bool:
    return _config().registration == "open"


def _link(endpoint: str, token: str | None = None) -> str:
    return _config().site_url + url_for(endpoint, token=token)
