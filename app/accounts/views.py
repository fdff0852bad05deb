"""Logging in and out, joining, passwords, the own profile."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, session as cookie, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

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
from app.accounts.models import User
from app.accounts.queries import count_administrators, find_by_email, find_invitation, find_user, teams_of
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
from app.web.i18n import request_language, request_zone
from app.web.security import limiter, safe_path

blueprint = Blueprint("accounts", __name__, template_folder="templates")


@blueprint.route("/login", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute", methods=["POST"])
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(safe_path(request.args.get("next")) or url_for("home.index"), 303)
    form = LoginForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        user = _log_in(form)
        if user is not None:
            return redirect(safe_path(form.next.data) or url_for("home.index"), 303)
    return _page("accounts/login.html", form)


def _log_in(form: LoginForm) -> User | None:
    """Two transactions on purpose: the attempt is counted before the password is looked at."""
    now = utc_now()
    try:
        with transaction() as session:
            attempt_id = service.count_attempt(session, form.email.data, now=now)
    except ConflictError as error:
        form.blame(InvalidInputError(error.message))
        return None
    user = service.check_credentials(form.email.data, form.password.data)
    if user is None:
        form.blame(InvalidInputError(_("E-mail address or password is wrong.")))
        return None
    with transaction() as session:
        service.accept_attempt(session, attempt_id, user, form.password.data)
    cookie.clear()
    login_user(user, remember=form.remember.data)
    return user


@blueprint.post("/logout")
@member
def logout() -> ResponseReturnValue:
    logout_user()
    cookie.pop("csrf_signed", None)
    cookie.pop("csrf_token", None)
    flash(_("You are logged out."), "good")
    return redirect(url_for("home.index"), 303)


@blueprint.route("/join", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute", methods=["POST"])
def join() -> ResponseReturnValue:
    """Ask for the link that proves an address. The answer is the same whether or not it has an account."""
    form = AskForm()
    if not form.validate_on_submit():
        return _page("accounts/join.html", form, is_open=_is_open())
    link = None
    if _is_open() or find_invitation(form.email.data):
        link = _mail_join_link(form.email.data)
    return render_template("accounts/asked.html", email=form.email.data, link=link if _shows_links() else None)


def _mail_join_link(email: str) -> str:
    known = find_by_email(email) is not None
    link = _link("accounts.login") if known else _link("accounts.accept", token=sign_join(_secret(), email))
    invitee = service.Invitee(email, request_language(), request_zone())
    with transaction() as session:
        queue_mail(session, invitee, "known address" if known else "join", {"link": link}, now=utc_now())
    return link


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@public
def accept(token: str) -> ResponseReturnValue:
    """Choose name and password, with the address that the link proves."""
    email = read_join(_secret(), token)
    if email is None or not (_is_open() or find_invitation(email) or find_by_email(email)):
        raise NotFoundError(_("This link is no longer valid. Ask for a new one."))
    form = JoinForm(language=request_language(), time_zone=request_zone())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                user = service.create_account(
                    session, email=email, now=utc_now(), **_profile(form), password=form.password.data
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
    if not is_first_administrator(_secret(), token) or count_administrators():
        raise NotFoundError(
            _("This link is no longer valid: there is an administrator already, or it is older than a week.")
        )
    form = FirstAdministratorForm(language=request_language(), time_zone=request_zone())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                user = service.create_first_administrator(
                    session, email=form.email.data, now=utc_now(), **_profile(form), password=form.password.data
                )
        except InvalidInputError as error:
            form.blame(error)
        else:
            return _welcome(user)
    return _page("accounts/first_administrator.html", form)


def _profile(form: JoinForm) -> dict[str, str]:
    return {"name": form.name.data, "language": form.language.data, "time_zone": form.time_zone.data}


def _welcome(user: User) -> ResponseReturnValue:
    cookie.clear()
    login_user(user)
    flash(_("Welcome, %(name)s.", name=user.name), "good")
    return redirect(url_for("home.index"), 303)


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute", methods=["POST"])
def forgot() -> ResponseReturnValue:
    form = AskForm()
    if not form.validate_on_submit():
        return _page("accounts/forgot.html", form)
    user = find_by_email(form.email.data)
    link = None
    if user is not None and user.is_active:
        link = _link("accounts.reset", token=sign_reset(_secret(), user.id, user.password_hash))
        with transaction() as session:
            queue_mail(session, user, "reset password", {"link": link}, now=utc_now())
    return render_template("accounts/asked.html", email=form.email.data, link=link if _shows_links() else None)


@blueprint.route("/password/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    claim = read_reset(_secret(), token)
    user = find_user(claim[0]) if claim else None
    if claim is None or user is None or not user.is_active or not matches(claim[1], user.password_hash):
        raise NotFoundError(_("This link is no longer valid. Ask for a new one."))
    form = ResetForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.reset_password(session, user, form.password.data)
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Your password is changed. Log in with the new one."), "good")
            return redirect(url_for("accounts.login"), 303)
    return _page("accounts/reset.html", form, email=user.email)


@blueprint.route("/profile", methods=["GET", "POST"])
@member
def profile() -> ResponseReturnValue:
    form = ProfileForm(obj=current_user)
    if form.validate_on_submit():
        user = _me()
        with transaction() as session:
            service.change_profile(
                session, user, name=form.name.data, language=form.language.data, time_zone=form.time_zone.data
            )
        flash(_("Your profile is saved."), "good")
        return redirect(url_for("accounts.profile"), 303)
    return _page("accounts/profile.html", form, teams=teams_of(current_user))


@blueprint.route("/profile/password", methods=["GET", "POST"])
@member
@limiter.limit("10 per minute", methods=["POST"])
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        user = _me()
        try:
            with transaction() as session:
                service.change_password(session, user, present=form.present.data, fresh=form.password.data)
        except InvalidInputError as error:
            form.blame(error)
        else:
            login_user(user)
            flash(_("Your password is changed. Every other device is logged out."), "good")
            return redirect(url_for("accounts.profile"), 303)
    return _page("accounts/password.html", form)


@blueprint.post("/profile/sessions/end")
@member
def end_sessions() -> ResponseReturnValue:
    user = _me()
    with transaction() as session:
        service.log_out_everywhere(session, user)
    login_user(user)
    flash(_("Every other device is logged out."), "good")
    return redirect(url_for("accounts.profile"), 303)


def _me() -> User:
    """The account itself rather than Flask-Login's proxy for it."""
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user


def _page(template: str, form: object, **context: object) -> ResponseReturnValue:
    """A page with a form: 422 where what was sent cannot be taken."""
    return render_template(template, form=form, **context), 422 if request.method == "POST" else 200


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _is_open() -> bool:
    return _config().registration == "open"


def _shows_links() -> bool:
    """On an evaluation without a mail server, links are shown on the page: nobody could read the mail."""
    return not _config().is_production and not _config().mail_server


def _link(endpoint: str, **values: str) -> str:
    return _config().site_url + url_for(endpoint, **values)
