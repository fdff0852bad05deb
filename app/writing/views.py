"""What people write, and the page of one manuscript, on which it is submitted and taken back."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.queries import find_by_email
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.web.access import ensure, member
from app.web.paging import paginate, requested_page
from app.writing import adopting, authors
from app.writing.forms import AuthorForm, SubmissionForm
from app.writing.kinds import get_kind
from app.writing.pages import manuscript_page
from app.writing.policy import can_adopt, can_take, is_of_team
from app.writing.queries import content_of, get_manuscript, written_by
from app.writing.rooms import mine_blocks, offers
from app.writing.rules import Step
from app.writing.service import take_step

blueprint = Blueprint("writing", __name__, template_folder="templates")


@blueprint.get("/writing/")
@member
def mine() -> str:
    """What the reader and the reader's teams write, by state."""
    page = paginate(written_by(me()), number=requested_page())
    groups = [
        (rows[0].state_name, rows)
        for _state, group in groupby(page.items, lambda row: row.state)
        if (rows := list(group))
    ]
    return render_template("writing/mine.html", page=page, groups=groups, offers=offers(), blocks=mine_blocks(me()))


@blueprint.get("/writing/<id:manuscript_id>")
@member
def show(manuscript_id: int) -> str:
    return manuscript_page(get_manuscript(manuscript_id, me()), me())


@blueprint.post("/writing/<id:manuscript_id>/submission")
@member
def submit(manuscript_id: int) -> ResponseReturnValue:
    manuscript = get_manuscript(manuscript_id, me())
    ensure(can_take(me(), manuscript, Step.SUBMIT))
    form = SubmissionForm()
    if not form.validate_on_submit():
        return manuscript_page(manuscript, me(), submission=form), 422
    kind, comment = get_kind(manuscript.kind), form.comment.data or ""
    with transaction() as session:
        take_step(session, kind, manuscript, Step.SUBMIT, actor=me(), now=utc_now(), comment=comment)
    flash(_("It is submitted. Somebody who is not in your team will read it."), "good")
    return _back(manuscript_id)


@blueprint.post("/writing/<id:manuscript_id>/recall")
@member
def recall(manuscript_id: int) -> ResponseReturnValue:
    manuscript = get_manuscript(manuscript_id, me())
    ensure(can_take(me(), manuscript, Step.TAKE_BACK))
    kind = get_kind(manuscript.kind)
    with transaction() as session:
        take_step(session, kind, manuscript, Step.TAKE_BACK, actor=me(), now=utc_now())
    flash(_("It is taken back. You can work on it and submit it again."), "good")
    return _back(manuscript_id)


@blueprint.post("/writing/<id:manuscript_id>/authors")
@member
def name_author(manuscript_id: int) -> ResponseReturnValue:
    """Name somebody who writes on it, or with `action=leave` write on it no longer."""
    manuscript = get_manuscript(manuscript_id, me())
    if request.form.get("action") == "leave":
        return _leave(manuscript_id)
    ensure(is_of_team(me(), manuscript))
    form = AuthorForm()
    if form.validate_on_submit():
        person = find_by_email((form.email.data or "").lower())
        try:
            with transaction() as session:
                named = authors.name_author(session, manuscript, person, actor=me(), now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("They can write on it now.") if named else _("They write on it already."), "good")
            return _back(manuscript_id)
    return manuscript_page(get_manuscript(manuscript_id, me()), me(), author=form), 422


def _leave(manuscript_id: int) -> ResponseReturnValue:
    with transaction() as session:
        authors.leave(session, get_manuscript(manuscript_id, me()), actor=me())
    flash(_("You do not write on it any more. What you wrote stays in its versions."), "good")
    return redirect(url_for("writing.mine"), 303)


@blueprint.post("/writing/<id:manuscript_id>/adoption")
@member
def adopt(manuscript_id: int) -> ResponseReturnValue:
    """Write on the site from now on what was kept in a file."""
    manuscript = get_manuscript(manuscript_id, me())
    ensure(can_adopt(me()))
    kind = get_kind(manuscript.kind)
    number = manuscript.latest_number
    freed = kind.freed(manuscript, content_of(manuscript, number))
    with transaction() as session:
        adopting.adopt(session, kind, manuscript, freed, number=number, actor=me(), now=utc_now())
    flash(_("It is written on the site from now on. The file is not followed any more."), "good")
    return _back(manuscript_id)


def _back(manuscript_id: int) -> ResponseReturnValue:
    return redirect(url_for("writing.show", manuscript_id=manuscript_id), 303)
