"""The search page, and the searches that a person wants kept."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.search.asked.noting import asker_of, note_search
from app.search.desk.redirects import pinned_for
from app.search.index import IndexBrokenError
from app.search.pages import recent
from app.search.pages.address import is_first_look, page_of, requested_search, sort_links, without_filters
from app.search.pages.facets import facets_of
from app.search.pages.ways_out import way_out
from app.search.queries import run_search
from app.web.access import member, readers
from app.web.paging import with_params
from app.web.shared import reader

blueprint = Blueprint("search", __name__, template_folder="../templates")


@blueprint.get("/search")
@readers
def index() -> tuple[str, int]:
    wanted, person = requested_search(), reader()
    keeps = person is not None and recent.keeps_searches(person.id)
    if not wanted.text:
        texts = recent.list_recent(person.id) if person else []
        return render_template("search/start.html", wanted=wanted, keeps=keeps, recent=texts), 200
    try:
        answer = run_search(wanted, person)
        facets = facets_of(answer)
        way = None if answer.total else way_out(answer, facets, person)
    except IndexBrokenError:
        return render_template("search/rebuilding.html", text=wanted.text), 503
    if is_first_look(wanted):
        note_search(wanted.text, total=answer.total, asker=asker_of(person, request.remote_addr))
    shown = {
        "wanted": wanted,
        "text": wanted.text,
        "answer": answer,
        "page": page_of(answer),
        "facets": facets,
        "pinned": pinned_for(wanted.text, person) if is_first_look(wanted) else None,
        "way": way,
        "keeps": keeps,
        "sorts": sort_links(wanted.sort),
        "clear_url": without_filters(),
        "here": with_params,
    }
    return render_template("search/index.html", **shown), 200


@blueprint.post("/search/recent")
@member
def keep_recent() -> ResponseReturnValue:
    """Keep the person's searches on the server from now on, or no longer."""
    user_id, keep = current_user.id, request.form.get("keep") == "yes"
    with transaction() as session:
        recent.keep_searches(session, user_id, keep=keep)
    flash(_("Your searches are kept with your account.") if keep else _("Your searches are no longer kept."), "good")
    return redirect(url_for("search.index"), 303)


@blueprint.post("/search/recent/note")
@member
def note_recent() -> ResponseReturnValue:
    """Sent by the script of the page of results, because to read a page writes nothing."""
    user_id, text = current_user.id, request.form.get("text", "").replace("\x00", "")
    with transaction() as session:
        recent.note_search(session, user_id, text, now=utc_now())
    return redirect(url_for("search.index"), 303)


@blueprint.post("/search/recent/delete")
@member
def forget_recent() -> ResponseReturnValue:
    user_id = current_user.id
    with transaction() as session:
        recent.forget_searches(session, user_id)
    flash(_("Your recent searches are forgotten."), "good")
    return redirect(url_for("search.index"), 303)
