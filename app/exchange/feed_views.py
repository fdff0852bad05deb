"""Feeds to subscribe to.

A program that reads feeds sends no cookie. On a site for members alone it reads with the secret of the person's calendar,
which can be renewed and switched off (`training.feeds`).
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.config import Config
from app.exchange import entries
from app.exchange.atom import MIME_TYPE, write
from app.exchange.entries import Chosen, Entries, address
from app.kernel.types import LANGUAGES
from app.training.feeds.queries import get_reader
from app.web.access import public, readers
from app.web.facets import chosen_values
from app.web.i18n import request_language
from app.web.shared import shared_page
from app.web.stored import stored_page

blueprint = Blueprint("exchange_feeds", __name__, url_prefix="/feeds", template_folder="templates")

FEEDS: dict[str, tuple[object, Entries, str]] = {
    "everything": (_l("Everything new"), entries.everything, "home.index"),
    "practices": (_l("Practices"), entries.practices, "practices.index"),
    "case-studies": (_l("Case studies"), entries.stories, "case_studies.index"),
    "training": (_l("Training"), entries.sessions, "training.index"),
}


@blueprint.get("/")
@readers
@shared_page
def index() -> str:
    config: Config = current_app.config["GUILDHALL"]
    feeds = [(name, label, address("exchange_feeds.show", name=name)) for name, (label, _make, _home) in FEEDS.items()]
    return render_template("exchange/feeds.html", feeds=feeds, members_only=config.members_only)


@blueprint.get("/<name>.atom")
@readers
@stored_page
def show(name: str) -> Response:
    return _answer(name, address("exchange_feeds.show", name=name))


@blueprint.get("/<token>/<name>.atom")
@public
def own(token: str, name: str) -> Response:
    """The same for a program that cannot log in. Raises NotFoundError for a secret that is none."""
    get_reader(token)
    return _answer(name, address("exchange_feeds.own", token=token, name=name))


def _answer(name: str, url: str) -> Response:
    if name not in FEEDS:
        abort(404)
    label, make, home = FEEDS[name]
    config: Config = current_app.config["GUILDHALL"]
    languages = [language for language in chosen_values("lang") if language in LANGUAGES]
    found = make(Chosen(chosen_values("capability"), languages))
    title = _("%(what)s · %(site)s", what=label, site=config.site_name)
    feed = write(found, title=title, url=url, home=address(home), language=request_language())
    return Response(feed, mimetype=MIME_TYPE)
