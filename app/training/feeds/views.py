"""The page of calendars to subscribe to, and the calendars.

A calendar program sends no cookie, so on a site for members alone it gets nothing but what a secret address gives.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.training.feeds.others import other_entries
from app.training.feeds.queries import find_feed, get_coach, get_reader, list_coaches, list_own, list_sessions
from app.training.feeds.rules import window
from app.training.feeds.service import renew_feed, switch_off_feed
from app.training.feeds.writing import personal_feed, public_feed
from app.training.lists import FACETS, Choices
from app.web.access import member, public, readers
from app.web.dates import request_now
from app.web.facets import chosen_values
from app.web.i18n import LOCALES
from app.web.stored import stored_page

blueprint = Blueprint("feeds", __name__, url_prefix="/calendars", template_folder="templates")


@blueprint.get("/")
@readers
def index() -> str:
    return _page()


@blueprint.post("/mine")
@member
def renew() -> str:
    """Shows the address at once and never again, as only its hash is kept."""
    user_id = current_user.id
    with transaction() as session:
        token = renew_feed(session, user_id, now=utc_now())
    return _page(token)


@blueprint.post("/mine/delete")
@member
def switch_off() -> ResponseReturnValue:
    user_id = current_user.id
    with transaction() as session:
        switch_off_feed(session, user_id)
    flash(_("The address is switched off. Calendars that used it get nothing any more."), "good")
    return redirect(url_for("feeds.index"), 303)


@blueprint.get("/sessions.ics")
@readers
@stored_page
def sessions() -> Response:
    trainings = list_sessions(_choices(), "", now=request_now())
    return _answer(public_feed(trainings, _name(_("Training"))))


@blueprint.get("/coaches/<slug>.ics")
@readers
@stored_page
def coach(slug: str) -> Response:
    trainings = list_sessions(Choices(), slug, now=request_now())
    return _answer(public_feed(trainings, _name(get_coach(slug).user.name)))


@blueprint.get("/<token>/mine.ics")
@public
def own(token: str) -> Response:
    person, now = get_reader(token), request_now()
    with force_locale(LOCALES[person.language]):
        name = _name(_("My training"))
        others = other_entries(person, *window(now))
    return _answer(personal_feed(list_own(person, now=now), person, name, others))


@blueprint.get("/<token>/sessions.ics")
@public
def own_sessions(token: str) -> Response:
    """All sessions or one coach's, for a person: on a site for members alone, and with the links to join."""
    person = get_reader(token)
    with force_locale(LOCALES[person.language]):
        name = _name(_("Training"))
    trainings = list_sessions(_choices(), request.args.get("coach", ""), now=request_now())
    return _answer(personal_feed(trainings, person, name))


def _page(token: str = "") -> str:
    chosen = _filters()
    config: Config = current_app.config["GUILDHALL"]
    feed = find_feed(current_user.id) if current_user.is_authenticated else None
    return render_template(
        "training/feeds/index.html",
        feed=feed,
        own_url=_address("feeds.own", token=token) if token else "",
        own_sessions_url=_address("feeds.own_sessions", token=token, **chosen) if token else "",
        sessions_url="" if config.members_only else _address("feeds.sessions", **chosen),
        is_filtered=bool(chosen),
        chosen=chosen,
        coaches=[] if config.members_only else [(each, _coach_address(each.slug)) for each in _coaches()],
    )


def _coaches() -> list[Any]:
    return list_coaches(now=request_now())


def _coach_address(slug: str) -> str:
    return _address("feeds.coach", slug=slug)


def _address(endpoint: str, **values: Any) -> str:
    config: Config = current_app.config["GUILDHALL"]
    return config.site_url + url_for(endpoint, **values)


def _filters() -> dict[str, list[str]]:
    """The filters of the list that stand in the address, and nothing else of it."""
    return {name: chosen_values(name) for name in FACETS if chosen_values(name)}


def _choices() -> Choices:
    return Choices(**{name: chosen_values(name) for name in FACETS})


def _name(what: str) -> str:
    config: Config = current_app.config["GUILDHALL"]
    return f"{what} · {config.site_name}"


def _answer(content: bytes) -> Response:
    return Response(content, mimetype="text/calendar")
