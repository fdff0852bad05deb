"""Collections: the list, one of them, and everything its editors do with it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.queries import teams_of
from app.community.shelves import service
from app.community.shelves.forms import CollectionForm, NoteForm
from app.community.shelves.models import Collection
from app.community.shelves.pages import lines_of
from app.community.shelves.policy import can_delete, can_edit
from app.community.shelves.queries import get_collection, listed
from app.community.shelves.rules import SIGHT_BADGES, Sight
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.web.access import ensure, member, readers
from app.web.i18n import language
from app.web.paging import paginate, requested_page
from app.web.shared import reader, shared_page

blueprint = Blueprint("collections", __name__, template_folder="../templates")


@blueprint.get("/collections/")
@readers
@shared_page
def index() -> str:
    return render_template("community/shelves/index.html", page=paginate(listed(), number=requested_page()))


@blueprint.get("/collections/<slug>")
@readers
@shared_page
def show(slug: str) -> str:
    """Private ones are found by those who edit them alone, and made for each of them."""
    person = reader()
    key = request.args.get("key", "")
    collection = get_collection(person, slug, key)
    return render_template(
        "community/shelves/show.html",
        collection=collection,
        lines=lines_of(collection, person),
        badge=SIGHT_BADGES[Sight(collection.sight)],
        key=key,
    )


@blueprint.route("/collections/new", methods=["GET", "POST"])
@member
def new() -> ResponseReturnValue:
    form = _form(CollectionForm(language=language()))
    if form.validate_on_submit():
        actor = me()
        with transaction() as session:
            slug = service.create(session, form.details, actor=actor, now=utc_now()).slug
        flash(_("The collection is there. On every article you can put it in."), "good")
        return redirect(url_for("collections.show", slug=slug), 303)
    page = render_template("community/shelves/new.html", form=form)
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/collections/<slug>/edit", methods=["GET", "POST"])
@member
def edit(slug: str) -> ResponseReturnValue:
    collection = _own(slug)
    form = _form(CollectionForm(obj=collection, team=str(collection.team_id or "")), collection)
    if form.validate_on_submit():
        actor = me()
        with transaction() as session:
            service.change(session, slug, form.details, actor=actor, now=utc_now())
        flash(_("The collection is saved."), "good")
        return redirect(url_for("collections.show", slug=slug), 303)
    page = render_template(
        "community/shelves/edit.html",
        collection=collection,
        lines=lines_of(collection, me()),
        form=form,
        may_delete=can_delete(me(), collection),
    )
    return page, 422 if request.method == "POST" else 200


def _form(form: CollectionForm, collection: Collection | None = None) -> CollectionForm:
    """With the teams of whoever owns the collection to choose from. Others keep the team that it has."""
    if collection is None or collection.owner_id == me().id:
        return form.offer([(team.id, team.name) for team in teams_of(me())])
    team = collection.team
    return form.offer([(team.id, team.name)] if team is not None else [])


@blueprint.post("/collections/<slug>/delete")
@member
def remove(slug: str) -> ResponseReturnValue:
    collection, actor = _own(slug), me()
    title = collection.title
    with transaction() as session:
        service.remove(session, slug, actor=actor)
    flash(_("“%(title)s” is deleted.", title=title), "good")
    return redirect(url_for("shelves.index"), 303)


@blueprint.post("/collections/<slug>/copy")
@member
def copy(slug: str) -> ResponseReturnValue:
    actor = me()
    original = get_collection(actor, slug, request.form.get("key", ""))
    with transaction() as session:
        made = service.copy(session, original, actor=actor, now=utc_now()).slug
    flash(_("This copy is yours. Nobody else sees it until you say so."), "good")
    return redirect(url_for("collections.edit", slug=made), 303)


@blueprint.post("/collections/<slug>/entries/<id:entry_id>/delete")
@member
def take_out(slug: str, entry_id: int) -> ResponseReturnValue:
    actor = me()
    with transaction() as session:
        service.take_out(session, slug, entry_id, actor=actor, now=utc_now())
    return redirect(url_for("collections.edit", slug=slug) + "#entries", 303)


@blueprint.post("/collections/<slug>/entries/<id:entry_id>/place")
@member
def move(slug: str, entry_id: int) -> ResponseReturnValue:
    actor = me()
    with transaction() as session:
        service.move(session, slug, entry_id, up=request.form.get("direction") == "up", actor=actor, now=utc_now())
    return redirect(url_for("collections.edit", slug=slug) + f"#entry-{entry_id}", 303)


@blueprint.post("/collections/<slug>/entries/<id:entry_id>/note")
@member
def annotate(slug: str, entry_id: int) -> ResponseReturnValue:
    collection, actor, form = _own(slug), me(), NoteForm()
    if not form.validate_on_submit():
        raise InvalidInputError(_("A note has at most 300 characters."))
    with transaction() as session:
        service.annotate(session, collection.slug, entry_id, form.note.data or "", actor=actor, now=utc_now())
    flash(_("The note is saved."), "good")
    return redirect(url_for("collections.edit", slug=slug) + f"#entry-{entry_id}", 303)


def _own(slug: str) -> Collection:
    """The collection, for those who may change it."""
    collection = get_collection(me(), slug)
    ensure(can_edit(me(), collection))
    return collection
