"""The history of a manuscript, for those who may see it: its versions, what changed, and the way back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import NotFoundError
from app.web.access import ensure, member
from app.web.numbers import sent_revision, whole_number
from app.writing.history import service
from app.writing.history.pages import Place, comparison, render_comparison, render_history, render_version
from app.writing.history.policy import can_restore, can_vouch
from app.writing.history.queries import NO_SUCH_VERSION, marked_numbers, versions_for
from app.writing.history.rules import READ_BY_OTHERS
from app.writing.kinds import get_kind
from app.writing.models import Manuscript
from app.writing.policy import can_write, seen_number
from app.writing.queries import get_manuscript

blueprint = Blueprint("history", __name__)


@blueprint.get("/writing/<id:manuscript_id>/history")
@member
def index(manuscript_id: int) -> str:
    manuscript = get_manuscript(manuscript_id, me())
    return render_history(manuscript, versions_for(me(), manuscript), _place(manuscript))


@blueprint.get("/writing/<id:manuscript_id>/versions/<id:number>")
@member
def version(manuscript_id: int, number: int) -> str:
    manuscript = get_manuscript(manuscript_id, me())
    may_restore = can_restore(me(), manuscript) and number != manuscript.latest_number
    versions = versions_for(me(), manuscript)
    return render_version(manuscript, versions, number, _place(manuscript), may_restore=may_restore)


@blueprint.get("/writing/<id:manuscript_id>/differences")
@member
def differences(manuscript_id: int) -> str:
    manuscript = get_manuscript(manuscript_id, me())
    versions, marked = versions_for(me(), manuscript), marked_numbers(manuscript, READ_BY_OTHERS)
    # Whoever does not write it may have been shown nothing of what was saved since.
    latest = manuscript.latest_number if can_write(me(), manuscript) else max(marked, default=0)
    found = comparison(manuscript, versions, marked, latest)
    may_restore = can_restore(me(), manuscript) and found.before.number != manuscript.latest_number
    return render_comparison(manuscript, found, _place(manuscript), may_restore=may_restore)


@blueprint.post("/writing/<id:manuscript_id>/restoration")
@member
def restore(manuscript_id: int) -> ResponseReturnValue:
    """Save the version `number` once more, as the latest. `base`: the latest when the button was shown."""
    manuscript = get_manuscript(manuscript_id, me())
    ensure(can_restore(me(), manuscript))
    number, base = (whole_number(request.form.get(name)) for name in ("number", "base"))
    if number is None or base is None or not 0 < base <= manuscript.latest_number:
        raise NotFoundError(NO_SUCH_VERSION)
    note = _("Version %(number)s restored", number=number)
    with transaction() as session:
        saved = service.restore(
            session,
            get_kind(manuscript.kind),
            manuscript,
            number,
            base=base,
            note=note,
            actor=me(),
            now=utc_now(),
        )
    if saved.version is None:
        flash(_("The text says that already. Nothing was changed."))
    else:
        flash(_("Version %(number)s is back, as version %(new)s.", number=number, new=saved.version.number), "good")
    return _back(manuscript_id)


@blueprint.post("/writing/<id:manuscript_id>/source")
@member
def vouch(manuscript_id: int) -> ResponseReturnValue:
    """Say that the translation is up to date with version `number` of the original."""
    manuscript = get_manuscript(manuscript_id, me())
    ensure(can_vouch(me(), manuscript))
    with transaction() as session:
        service.vouch(session, manuscript, sent_revision(request.form.get("number")), actor=me(), now=utc_now())
    flash(_("Thank you. It counts as up to date with the original."), "good")
    return _back(manuscript_id)


def _place(manuscript: Manuscript) -> Place:
    text_url = url_for("writing.show", manuscript_id=manuscript.id)
    return Place("history", {"manuscript_id": manuscript.id}, text_url, seen_number(me(), manuscript))


def _back(manuscript_id: int) -> ResponseReturnValue:
    return redirect(url_for("writing.show", manuscript_id=manuscript_id), 303)
