"""The own shelf: what one keeps, what one has read, and putting things into collections."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.community.shelves import service
from app.community.shelves.pages import kept
from app.community.shelves.queries import bookmarks_of, list_edited_by
from app.community.shelves.rules import MAX_TITLE, Sight
from app.community.subjects import Ref, Subject, get_subject
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.web.access import member
from app.web.i18n import language
from app.web.paging import paginate, requested_page
from app.web.security import safe_path

blueprint = Blueprint("shelves", __name__, template_folder="../templates")


@blueprint.get("/shelf")
@member
def index() -> str:
    page = paginate(bookmarks_of(me().id), number=requested_page())
    return render_template(
        "community/shelves/shelf.html",
        page=page,
        lines=kept([Ref(row.kind, row.slug) for row in page.items], me()),
        collections=list_edited_by(me()),
    )


@blueprint.post("/shelf/bookmarks/<kind>/<slug>")
@member
def keep(kind: str, slug: str) -> ResponseReturnValue:
    actor, subject = me(), get_subject(Ref(kind, slug), me(), language())
    with transaction() as session:
        service.keep(session, subject.ref, actor=actor, now=utc_now())
    flash(_("It is on your shelf."), "good")
    return _back(subject.url)


@blueprint.post("/shelf/bookmarks/<kind>/<slug>/delete")
@member
def let_go(kind: str, slug: str) -> ResponseReturnValue:
    """What is gone can be let go of, too."""
    actor = me()
    with transaction() as session:
        service.let_go(session, Ref(kind, slug), actor=actor)
    flash(_("It is off your shelf."), "good")
    return _back(url_for("shelves.index"))


@blueprint.post("/shelf/read/<kind>/<slug>")
@member
def tick(kind: str, slug: str) -> ResponseReturnValue:
    actor, subject = me(), get_subject(Ref(kind, slug), me(), language())
    with transaction() as session:
        service.tick(session, subject.ref, actor=actor, now=utc_now())
    return _back(subject.url)


@blueprint.post("/shelf/read/<kind>/<slug>/delete")
@member
def untick(kind: str, slug: str) -> ResponseReturnValue:
    actor = me()
    with transaction() as session:
        service.untick(session, Ref(kind, slug), actor=actor)
    return _back(url_for("shelves.index"))


@blueprint.get("/shelf/collect/<kind>/<slug>")
@member
def collect(kind: str, slug: str) -> str:
    """Into which collection?"""
    return _collect_page(get_subject(Ref(kind, slug), me(), language()))


@blueprint.post("/shelf/collect/<kind>/<slug>")
@member
def put(kind: str, slug: str) -> ResponseReturnValue:
    """Into the collection that was chosen, or, with a title, into a new one that nobody else sees yet."""
    actor, subject = me(), get_subject(Ref(kind, slug), me(), language())
    title = " ".join(request.form.get("title", "").split())
    chosen = request.form.get("collection", "")
    if not chosen and (not title or len(title) > MAX_TITLE):
        flash(_("Give the new collection a title of at most 120 characters."), "bad")
        return _collect_page(subject), 422
    with transaction() as session:
        if not chosen:
            details = service.Details(title=title, about="", language=language(), sight=Sight.PRIVATE, team_id=None)
            chosen = service.create(session, details, actor=actor, now=utc_now()).slug
        collection = service.add(session, chosen, subject, actor=actor, now=utc_now())
        name = collection.title
    flash(_("It is in “%(title)s”.", title=name), "good")
    return redirect(subject.url, 303)


def _collect_page(subject: Subject) -> str:
    choices = [(each, any(entry.ref == subject.ref for entry in each.entries)) for each in list_edited_by(me())]
    return render_template("community/shelves/collect.html", subject=subject, choices=choices)


def _back(other: str) -> ResponseReturnValue:
    """To the page on which the button was."""
    return redirect(safe_path(request.form.get("back")) or other, 303)
