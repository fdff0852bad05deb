"""Retiring, bringing back, moving; and the list of what is retired."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.models import User
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.web.access import ensure, member, requires
from app.web.paging import paginate, requested_page
from app.writing.keeping import service
from app.writing.keeping.forms import AddressForm, RetireForm
from app.writing.keeping.policy import can_retire, keeps_library
from app.writing.keeping.queries import all_languages, find_former, list_live, retired
from app.writing.kinds import get_kind
from app.writing.models import Manuscript
from app.writing.preparing import prepare, retired_number
from app.writing.queries import get_manuscript
from app.writing.rooms import Way

blueprint = Blueprint("keeping", __name__)


@blueprint.route("/writing/<id:manuscript_id>/retirement", methods=["GET", "POST"])
@member
def retire(manuscript_id: int) -> ResponseReturnValue:
    manuscript = get_manuscript(manuscript_id, me())
    ensure(can_retire(me(), manuscript))
    kind = get_kind(manuscript.kind)
    offered = [(slug, title) for slug, title in list_live(kind.name) if slug != manuscript.slug]
    form = RetireForm(kind.name, offered)
    if form.validate_on_submit():
        actor, slug = me(), manuscript.slug
        try:
            with transaction() as session:
                service.retire(
                    session, kind, slug, note=form.note.data, replacement=form.chosen, actor=actor, now=utc_now()
                )
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("It is retired. Whoever follows an old link is told so."), "good")
            return redirect(url_for("writing.show", manuscript_id=manuscript_id), 303)
    page = render_template("writing/keeping/retire.html", form=form, manuscript=manuscript, kind=kind)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/writing/retired/<kind>/<slug>/return")
@member
def bring_back(kind: str, slug: str) -> ResponseReturnValue:
    languages = all_languages(kind, slug)
    if not languages or find_former(kind, slug) is None:
        raise NotFoundError(_("There is no such text, or it is not yours to see."))
    ensure(all(can_retire(me(), manuscript) for manuscript in languages))
    the_kind, actor = get_kind(kind), me()
    numbers = {manuscript.id: retired_number(manuscript) for manuscript in languages}
    prepared = {
        manuscript.id: prepare(the_kind, manuscript, number)
        for manuscript in languages
        if (number := numbers[manuscript.id]) is not None
    }
    with transaction() as session:
        service.bring_back(session, the_kind, slug, prepared, actor=actor, now=utc_now())
    flash(_("It is there again for every reader."), "good")
    return redirect(the_kind.url(slug, languages[0].language), 303)


@blueprint.route("/writing/<id:manuscript_id>/address", methods=["GET", "POST"])
@requires(keeps_library)
def move(manuscript_id: int) -> ResponseReturnValue:
    manuscript = get_manuscript(manuscript_id, me())
    kind, form = get_kind(manuscript.kind), AddressForm(data={"slug": manuscript.slug})
    if form.validate_on_submit():
        actor, old = me(), manuscript.slug
        try:
            with transaction() as session:
                service.move(session, kind, old, form.slug.data, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("It has a new address. The old one leads there for ever."), "good")
            return redirect(url_for("writing.show", manuscript_id=manuscript_id), 303)
    page = render_template("writing/keeping/move.html", form=form, manuscript=manuscript, kind=kind)
    return page, 422 if request.method == "POST" else 200


@blueprint.get("/writing/retired")
@requires(keeps_library)
def index() -> str:
    page = paginate(retired(), number=requested_page())
    return render_template("writing/keeping/index.html", page=page)


def ways(manuscript: Manuscript, person: User) -> list[Way]:
    """What the person may do with a text that readers see."""
    if not manuscript.is_live:
        return []
    found = []
    if keeps_library(person) and not manuscript.is_kept_in_file:
        found.append(Way(_("Change the address"), url_for("keeping.move", manuscript_id=manuscript.id), "signpost"))
    if can_retire(person, manuscript):
        found.append(Way(_("Retire"), url_for("keeping.retire", manuscript_id=manuscript.id), "archive"))
    return found
