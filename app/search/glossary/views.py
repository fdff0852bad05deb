"""The glossary, for those who look after search."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.search.analysis import fold
from app.search.editing.changes import list_changes
from app.search.editing.policy import can_look_after_search
from app.search.glossary import service
from app.search.glossary.current import WHAT, list_entries
from app.search.glossary.entry import Entry
from app.search.glossary.forms import GlossaryForm
from app.web.access import requires, the_member
from app.web.numbers import sent_revision
from app.web.paging import Page, requested_page, with_params

blueprint = Blueprint("glossary", __name__, template_folder="../templates")
PAGE_SIZE = 50
SHOW = ("all", "site", "off")


@blueprint.get("/search/glossary/")
@requires(can_look_after_search)
def index() -> str:
    sought = request.args.get("q", "").strip()[:80]
    show = request.args.get("show", "")
    show = show if show in SHOW else SHOW[0]
    entries = [entry for entry in list_entries() if _is_shown(entry, show) and _has(entry, fold(sought))]
    number = requested_page()
    items = entries[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "search/desk/glossary.html",
        page=Page(items, number, PAGE_SIZE, len(entries)),
        sought=sought,
        show=show,
        shows=[(name, with_params(show=name if name != SHOW[0] else None, page=None)) for name in SHOW],
    )


def _is_shown(entry: Entry, show: str) -> bool:
    return show == "all" or (not entry.active if show == "off" else entry.version > 0)


def _has(entry: Entry, sought: str) -> bool:
    return not sought or any(sought in fold(text) for text in (*entry.names, entry.note))


@blueprint.route("/search/glossary/new", methods=["GET", "POST"])
@requires(can_look_after_search)
def new() -> ResponseReturnValue:
    form = GlossaryForm(en=request.args.get("en", "")[:80], zh=request.args.get("zh", "")[:80])
    actor = the_member()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                entry = service.add_entry(session, form.names, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("“%(entry)s” is in the glossary, and search knows it already.", entry=entry.title), "good")
            return redirect(url_for("glossary.index"), 303)
    return _form_page(form, None)


@blueprint.route("/search/glossary/entry", methods=["GET", "POST"])
@requires(can_look_after_search)
def edit() -> ResponseReturnValue:
    key = request.args.get("key", "")
    entry, actor = service.get_entry(key), the_member()
    form = GlossaryForm(version=str(entry.version), en="\n".join(entry.en), zh="\n".join(entry.zh), note=entry.note)
    if form.validate_on_submit():
        version = sent_revision(form.version.data)
        try:
            with transaction() as session:
                service.change_entry(session, key, form.names, version=version, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        except ConflictError as error:
            # What was typed stays; to send it once more is then meant.
            entry = service.get_entry(key)
            form.version.data = str(entry.version)
            form.blame(error)
        else:
            flash(_("The entry is saved, and search goes by it already."), "good")
            return redirect(url_for("glossary.index"), 303)
    return _form_page(form, entry)


@blueprint.post("/search/glossary/switch")
@requires(can_look_after_search)
def switch() -> ResponseReturnValue:
    key, actor, active = request.form.get("key", ""), the_member(), request.form.get("active") == "1"
    version = sent_revision(request.form.get("version"))
    try:
        with transaction() as session:
            service.switch_entry(session, key, active=active, version=version, actor=actor, now=utc_now())
    except (InvalidInputError, ConflictError) as error:
        flash(str(error), "bad")
    else:
        flash(_("The entry counts again.") if active else _("The entry is switched off."), "good")
    return redirect(url_for("glossary.edit", key=key), 303)


@blueprint.post("/search/glossary/delete")
@requires(can_look_after_search)
def delete() -> ResponseReturnValue:
    key, actor, version = request.form.get("key", ""), the_member(), sent_revision(request.form.get("version"))
    try:
        with transaction() as session:
            left = service.remove_entry(session, key, version=version, actor=actor, now=utc_now())
    except (InvalidInputError, ConflictError) as error:
        flash(str(error), "bad")
        return redirect(url_for("glossary.edit", key=key), 303)
    flash(_("The entry says again what the file says.") if left else _("The entry is deleted."), "good")
    return redirect(url_for("glossary.index"), 303)


def _form_page(form: GlossaryForm, entry: Entry | None) -> ResponseReturnValue:
    changes = list_changes(WHAT, entry.key) if entry else []
    status = 422 if request.method == "POST" else 200
    return render_template("search/desk/entry.html", form=form, entry=entry, changes=changes), status
