"""A team says that it uses a practice; everybody reads which teams do, and how it came about."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.practices.adoption import service
from app.practices.adoption.parts import form_for, stop_form_for
from app.practices.adoption.policy import speaks_for
from app.practices.adoption.queries import Stand, list_histories, list_stands
from app.practices.adoption.rules import STAGE_MEANINGS, STAGE_NAMES, Stage
from app.practices.models import Practice
from app.practices.queries import find_in_language
from app.web.access import ensure, member, readers
from app.web.dates import request_today
from app.web.i18n import request_language
from app.web.security import safe_path
from app.web.shared import shared_page

blueprint = Blueprint("adoption", __name__)


@blueprint.get("/practices/<slug>/teams")
@readers
@shared_page
def history(slug: str) -> str:
    """Who uses it and who did, with everything they said."""
    return render_template("practices/adoption/history.html", practice=_practice(slug), adoptions=list_histories(slug))


@blueprint.route("/practices/<slug>/adoption", methods=["GET", "POST"])
@member
def adopt(slug: str) -> ResponseReturnValue:
    practice, actor, stands = _practice(slug), me(), _stands(slug)
    # Where a team is named, the form begins with what that one said.
    stands = sorted(stands, key=lambda stand: stand.team_slug != request.values.get("team"))
    form = form_for(stands, sent=True)
    if form.validate_on_submit():
        stand = _spoken_for(stands, form.team.data)
        try:
            with transaction() as session:
                service.say(session, slug, stand.team_id, form.said, actor=actor, today=request_today(), now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            name = STAGE_NAMES[Stage(form.stage.data)]
            flash(_("%(team)s: %(stage)s. Others can see it now.", team=stand.team_name, stage=name), "good")
            return _back(slug)
    page = render_template("practices/adoption/adopt.html", practice=practice, form=form, meanings=STAGE_MEANINGS)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/practices/<slug>/adoption/confirmation")
@member
def confirm(slug: str) -> ResponseReturnValue:
    actor, stand = me(), _spoken_for(_stands(slug), request.form.get("team"))
    with transaction() as session:
        service.confirm(session, slug, stand.team_id, actor=actor, now=utc_now())
    flash(_("Noted: it is still so."), "good")
    return _back(slug)


@blueprint.route("/practices/<slug>/adoption/stop", methods=["GET", "POST"])
@member
def stop(slug: str) -> ResponseReturnValue:
    practice, actor = _practice(slug), me()
    stand = _spoken_for(_stands(slug), request.values.get("team"))
    form = stop_form_for(stand, sent=True)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.stop(
                    session,
                    slug,
                    stand.team_id,
                    reason=form.reason.data,
                    today=request_today(),
                    actor=actor,
                    now=utc_now(),
                )
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Noted. Why you stopped stays in the history, for others to learn from."), "good")
            return _back(slug)
    page = render_template("practices/adoption/stop.html", practice=practice, form=form, stand=stand)
    return page, 422 if request.method == "POST" else 200


def _practice(slug: str) -> Practice:
    practice = find_in_language(slug, request_language())
    if practice is None:
        raise NotFoundError(_("There is no such practice. Search for it, or look through the library."))
    return practice


def _stands(slug: str) -> list[Stand]:
    """How the reader's teams stand to it. Whoever is in no team speaks for none."""
    stands = list_stands(me().id, [slug])[slug]
    ensure(bool(stands))
    return stands


def _spoken_for(stands: list[Stand], team_slug: str | None) -> Stand:
    stand = next((each for each in stands if each.team_slug == team_slug), None)
    if stand is None:
        raise NotFoundError(_("There is no such team."))
    ensure(speaks_for(me(), stand.team_id))
    return stand


def _back(slug: str) -> ResponseReturnValue:
    """To the page on which the button was; otherwise to who uses the practice."""
    page = safe_path(request.form.get("back"))
    return redirect(page or url_for("practices.show", slug=slug) + "#teams", 303)
