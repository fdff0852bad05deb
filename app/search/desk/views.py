"""What people look for, and what editors make of it: redirects, and wishes on the board. And the signal that a result was opened."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.search.analysis import is_han
from app.search.asked.noting import note_click
from app.search.asked.queries import PERIODS, VIEWS, first_day, list_asked
from app.search.asked.wording import MAX_TEXT, normalise
from app.search.desk import redirects
from app.search.desk.forms import RedirectForm
from app.search.desk.wishes import current_wish_list
from app.search.editing.policy import can_look_after_search
from app.search.index import IndexBrokenError
from app.search.queries import SearchRequest, ShownHit, run_search
from app.web.access import readers, requires, the_member
from app.web.i18n import LANGUAGE_NAMES
from app.web.paging import requested_page, with_params
from app.web.security import csrf, limiter, require_same_origin

blueprint = Blueprint("search_desk", __name__, template_folder="../templates")
MOST_OFFERED = 8


# Pages for visitors hold no token: the origin is what is checked.
@blueprint.post("/search/clicked")
@readers
@csrf.exempt
@limiter.limit("120 per minute")
def clicked() -> ResponseReturnValue:
    """Sent by the script of the page of results when a result is opened. Nothing is kept of who it was."""
    require_same_origin()
    note_click(request.form.get("q", ""))
    return "", 204


@blueprint.get("/search/asked")
@requires(can_look_after_search)
def asked() -> str:
    view, days = request.args.get("view", ""), request.args.get("days", "")
    view = view if view in VIEWS else VIEWS[0]
    period = int(days) if days in map(str, PERIODS) else PERIODS[1]
    page = list_asked(view, first_day(period, utc_now()), number=requested_page())
    all_redirects, wish_list = redirects.list_redirects(the_member()), current_wish_list()
    return render_template(
        "search/desk/asked.html",
        page=page,
        view=view,
        views=[(name, with_params(view=name if name != VIEWS[0] else None, page=None)) for name in VIEWS],
        period=period,
        periods=[(each, with_params(days=each if each != PERIODS[1] else None, page=None)) for each in PERIODS],
        led={row.text: pinned for row, pinned in all_redirects},
        wished=wish_list.known([row.text for row in page.items]),
        redirects=all_redirects,
        wish_list=wish_list,
        language_of=_language_of,
    )


def _language_of(text: str) -> str:
    """The side of the glossary that a query belongs on."""
    return "zh" if any(map(is_han, text)) else "en"


@blueprint.route("/search/redirects/new", methods=["GET", "POST"])
@requires(can_look_after_search)
def new_redirect() -> ResponseReturnValue:
    """`text` is the query, `find` what the articles to choose from are found by."""
    form, actor = RedirectForm(text=request.args.get("text", "")[:MAX_TEXT]), the_member()
    find = request.args.get("find", form.text.data or "").strip()[:MAX_TEXT]
    offered = _offered(find, actor)
    form.target.choices = [(f"{hit.kind}:{hit.key}", f"{hit.found.title} ({_kind_of(hit)})") for hit in offered]
    if form.validate_on_submit():
        kind, key = form.chosen
        try:
            with transaction() as session:
                redirects.add_redirect(session, form.text.data, kind, key, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Whoever looks for “%(text)s” now sees it first.", text=normalise(form.text.data)), "good")
            return redirect(url_for("search_desk.asked"), 303)
    page = render_template("search/desk/redirect.html", form=form, find=find, offered=offered)
    return page, 422 if request.method == "POST" else 200


def _kind_of(hit: ShownHit) -> str:
    """What kind it is, and in which language: titles alone may be the same."""
    return ", ".join(filter(None, (str(hit.label), LANGUAGE_NAMES.get(hit.found.language))))


def _offered(find: str, reader: Any) -> list[ShownHit]:
    try:
        return run_search(SearchRequest(find), reader, size=MOST_OFFERED).hits if find else []
    except IndexBrokenError:
        return []


@blueprint.post("/search/redirects/<id:redirect_id>/delete")
@requires(can_look_after_search)
def delete_redirect(redirect_id: int) -> ResponseReturnValue:
    actor = the_member()
    with transaction() as session:
        redirects.remove_redirect(session, redirect_id, actor=actor, now=utc_now())
    flash(_("The redirect is gone."), "good")
    return redirect(url_for("search_desk.asked"), 303)
