"""The desk of any kind of text: a view of the kind hands over its `Desk`, and the rest is the same for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, DomainError, InvalidInputError
from app.web.access import ensure
from app.web.paging import with_params
from app.writing.desk.bench import Desk
from app.writing.desk.forms import new_key
from app.writing.desk.page import Laid, lay_out, preview_answer
from app.writing.desk.queries import find_unsaved, list_unsaved_at
from app.writing.desk.service import Sheet
from app.writing.desk.storing import Stored, store, store_new, submit
from app.writing.kinds import Content
from app.writing.models import Manuscript
from app.writing.policy import can_write
from app.writing.queries import content_of
from app.writing.rules import EDITABLE, STANDS, State
from app.writing.service import MergeConflictError, refuse_file

TAKEN = _l("There is a text at this address already. Choose another one.")


def write_new(desk: Desk, blank: Content) -> ResponseReturnValue:
    """The answer of a view for new texts, GET and POST."""
    address = with_params(unsaved=None, start=None)
    if request.method == "GET":
        return lay_out(_begun(desk, blank, address))
    form = desk.make_form(blank, request.form)
    form.key.data = form.sent_key
    sheet = Sheet(desk.kind.name, address, key=form.key.data)
    return _answer(
        Laid(desk, form, address),
        lambda session: store_new(session, desk, form, sheet, actor=me(), now=utc_now()),
    )


def _begun(desk: Desk, blank: Content, address: str) -> Laid:
    """An empty form, one to begin from, or one with words that were never saved."""
    kept = list_unsaved_at(me().id, address)
    taken = next((each for each in kept if str(each.id) == request.args.get("unsaved")), None)
    if taken:
        form = desk.make_form(blank, MultiDict(taken.typed))
        form.key.data = taken.key
        return Laid(desk, form, address, taken=taken)
    start = next((each for each in desk.starts if each.key == request.args.get("start")), None)
    form = desk.make_form(start.content if start else blank, None)
    form.key.data = new_key()
    return Laid(desk, form, address, unsaved=kept, start=start)


def write_on(desk: Desk, manuscript: Manuscript) -> ResponseReturnValue:
    """The answer of a view for a text that is there, GET and POST."""
    ensure(can_write(me(), manuscript))
    address = with_params(unsaved=None)
    if request.method == "GET":
        if manuscript.is_kept_in_file or State(manuscript.state) not in EDITABLE:
            return _to_the_page(manuscript)
        return lay_out(_opened(desk, manuscript, address))
    form = desk.make_form(content_of(manuscript), request.form)
    sheet = Sheet(desk.kind.name, address, manuscript_id=manuscript.id)
    return _answer(
        Laid(desk, form, address, manuscript),
        lambda session: store(session, desk, form, sheet, manuscript, actor=me(), now=utc_now()),
    )


def _opened(desk: Desk, manuscript: Manuscript, address: str) -> Laid:
    """The latest version in the form, or what the person typed and never saved."""
    latest = content_of(manuscript)
    kept = find_unsaved(me().id, manuscript.id)
    if kept and str(kept.id) == request.args.get("unsaved"):
        form = desk.make_form(latest, MultiDict(kept.typed))
        form.base.data = str(kept.base)
        return Laid(desk, form, address, manuscript, taken=kept)
    if kept and desk.make_form(latest, MultiDict(kept.typed)).content == latest:
        kept = None
    form = desk.make_form(latest, None)
    form.base.data = str(manuscript.latest_number)
    return Laid(desk, form, address, manuscript, unsaved=[kept] if kept else [])


def _to_the_page(manuscript: Manuscript) -> ResponseReturnValue:
    """Say at once that the text stands still, rather than after somebody has typed."""
    try:
        refuse_file(manuscript)
        flash(STANDS[State(manuscript.state)], "warn")
    except ConflictError as error:
        flash(str(error), "warn")
    return redirect(url_for("writing.show", manuscript_id=manuscript.id), 303)


def _answer(laid: Laid, keep: Callable[[Session], Stored]) -> ResponseReturnValue:
    """One form, several buttons: a preview, save, save and submit, and those of the kind. A form that fails comes back with
    every word in it.
    """
    form, action = laid.form, request.form.get("action", "save")
    if action in laid.desk.actions:
        laid.desk.actions[action](form)
        return lay_out(laid)
    if action == "preview":
        return preview_answer(laid)
    if not form.validate():
        return lay_out(laid), 422
    try:
        with transaction() as session:
            stored = keep(session)
            if action == "submit":
                comment = form.note.data or ""
                stored = submit(session, laid.desk, stored, comment=comment, actor=me(), now=utc_now())
    except IntegrityError:
        return _refused(laid, InvalidInputError(TAKEN, field="slug"))
    except DomainError as error:
        return _refused(laid, error)
    _say(stored, action)
    return redirect(url_for("writing.show", manuscript_id=stored.manuscript.id), 303)


def _refused(laid: Laid, error: DomainError) -> ResponseReturnValue:
    """The form with every word in it, and what was wrong."""
    if isinstance(error, MergeConflictError):
        laid = _both_wrote(laid, error)
    else:
        laid.form.blame(error)
    return lay_out(laid), error.status


def _both_wrote(laid: Laid, error: MergeConflictError) -> Laid:
    """The form with my words in it, to be saved over the latest version, and theirs beside it."""
    form = laid.desk.make_form(error.content, None)
    form.base.data, form.key.data, form.note.data = str(error.latest), laid.form.key.data, laid.form.note.data
    form.form_errors.append(str(error))
    return replace(laid, form=form, conflicts=error.conflicts)


def _say(stored: Stored, action: str) -> None:
    """What became of it, in a sentence."""
    if stored.is_submitted:
        flash(_("It is saved and submitted. Somebody who is not in your team will read it."), "good")
    elif action == "submit":
        flash(_("It is saved. It cannot be submitted yet: see below what it still needs."), "warn")
    elif stored.saved.merged:
        flash(_("It is saved. Somebody else had saved in the meantime; what both of you wrote is in it."), "good")
    elif stored.is_new or stored.saved.version:
        flash(_("It is saved."), "good")
    else:
        flash(_("Nothing had changed, so there is no new version."), "good")
