"""What has to be read, who has confirmed it, and the editors' side of it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.queries import list_teams
from app.community.acknowledgements import service
from app.community.acknowledgements.forms import AgainForm, DemandForm
from app.community.acknowledgements.mine import items_of
from app.community.acknowledgements.models import RequiredReading
from app.community.acknowledgements.overview import by_team, overview, sheet
from app.community.acknowledgements.policy import can_ask, teams_seen
from app.community.acknowledgements.queries import find_reading, get_reading, list_people
from app.community.articles import article_kinds, texts_of
from app.community.subjects import Ref, Subject, find_subject, get_subject
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.web.access import ensure, member, requires
from app.web.dates import request_now
from app.web.downloads import download
from app.web.i18n import request_language

blueprint = Blueprint("acknowledgements", __name__, template_folder="templates")
USUAL = timedelta(days=14)


@blueprint.get("/acknowledgements/")
@member
def index() -> str:
    person = me()
    return render_template(
        "community/acknowledgements/index.html",
        items=items_of(person),
        rows=overview(person),
        is_editor=can_ask(person),
    )


@blueprint.post("/acknowledgements/<id:reading_id>/read")
@member
def confirm(reading_id: int) -> ResponseReturnValue:
    """I have read this. What changed meanwhile has to be read first."""
    reading, person = get_reading(reading_id), me()
    subject = _article(reading)
    language, text = request.form.get("language", ""), request.form.get("text", "")
    current = _texts(subject.ref)
    try:
        with transaction() as session:
            service.confirm(session, reading_id, language, text, current, actor=person, now=utc_now())
    except ConflictError as error:
        flash(str(error), "warn")
    else:
        flash(_("Thank you. It is noted that you have read this."), "good")
    return redirect(subject.url, 303)


@blueprint.route("/acknowledgements/new", methods=["GET", "POST"])
@requires(can_ask)
def new() -> ResponseReturnValue:
    ref = Ref.parse(request.args.get("of", ""))
    if ref.kind not in article_kinds():
        raise NotFoundError(_("There is no such article."))
    subject = get_subject(ref, None, request_language())
    known = find_reading(ref)
    if known is not None:
        return redirect(url_for("acknowledgements.show", reading_id=known.id), 303)
    form = DemandForm(due_on=(request_now() + USUAL).date()).offer(list_teams())
    if form.validate_on_submit():
        actor, texts = me(), _texts(ref)
        try:
            with transaction() as session:
                reading_id = service.require(session, ref, form.demand, texts, actor=actor, now=utc_now()).id
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The people are being told."), "good")
            return redirect(url_for("acknowledgements.show", reading_id=reading_id), 303)
    return _form(form, subject, None)


@blueprint.route("/acknowledgements/<id:reading_id>/edit", methods=["GET", "POST"])
@requires(can_ask)
def edit(reading_id: int) -> ResponseReturnValue:
    reading = get_reading(reading_id)
    form = DemandForm(obj=reading, teams=sorted(reading.team_ids)).offer(list_teams())
    if form.validate_on_submit():
        actor = me()
        try:
            with transaction() as session:
                service.change(session, reading_id, form.demand, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("acknowledgements.show", reading_id=reading_id), 303)
    return _form(form, _find_article(reading), reading)


def _form(form: DemandForm, subject: Subject | None, reading: RequiredReading | None) -> ResponseReturnValue:
    page = render_template("community/acknowledgements/edit.html", form=form, subject=subject, reading=reading)
    return page, 422 if request.method == "POST" else 200


@blueprint.get("/acknowledgements/<id:reading_id>")
@member
def show(reading_id: int) -> str:
    """Who has read it and who has not: for editors all teams, for whoever leads one that team."""
    reading, person = get_reading(reading_id), me()
    seen = _seen(reading)
    people = list_people(reading, seen)
    current = set(_texts(Ref(reading.kind, reading.slug)).values())
    return render_template(
        "community/acknowledgements/show.html",
        reading=reading,
        subject=_find_article(reading),
        teams=by_team(people),
        asked=len({each.id for each in people}),
        confirmed=len({each.id for each in people if each.confirmed_at}),
        older=len({each.id for each in people if each.text_hash and each.text_hash not in current}),
        has_changed=bool(current) and not current <= set(reading.texts.values()),
        current=current,
        is_editor=can_ask(person),
        form=AgainForm(due_on=(request_now() + USUAL).date(), formdata=None),
    )


@blueprint.get("/acknowledgements/<id:reading_id>.csv")
@member
def as_text(reading_id: int) -> Response:
    reading = get_reading(reading_id)
    people = list_people(reading, _seen(reading))
    return download(sheet(people), "text/csv", f"read-{reading.slug}.csv")


@blueprint.post("/acknowledgements/<id:reading_id>/again")
@requires(can_ask)
def again(reading_id: int) -> ResponseReturnValue:
    reading, form, actor = get_reading(reading_id), AgainForm(), me()
    if not form.validate_on_submit():
        raise InvalidInputError(_("Choose a day."))
    texts = _texts(Ref(reading.kind, reading.slug))
    with transaction() as session:
        service.ask_again(session, reading_id, texts, form.due_on.data, actor=actor, now=utc_now())
    flash(_("Everybody is asked again, for the text as it is now."), "good")
    return redirect(url_for("acknowledgements.show", reading_id=reading_id), 303)


@blueprint.post("/acknowledgements/<id:reading_id>/delete")
@requires(can_ask)
def delete(reading_id: int) -> ResponseReturnValue:
    get_reading(reading_id)
    actor = me()
    with transaction() as session:
        service.give_up(session, reading_id, actor=actor)
    flash(_("Nobody has to read it any more."), "good")
    return redirect(url_for("acknowledgements.index"), 303)


def _seen(reading: RequiredReading) -> frozenset[int] | None:
    """The teams whose people the reader sees, None for all. Raises ForbiddenError where there are none."""
    seen = teams_seen(me(), for_everybody=reading.for_everybody, required=reading.team_ids)
    ensure(seen is None or bool(seen))
    return seen


def _find_article(reading: RequiredReading) -> Subject | None:
    return find_subject(Ref(reading.kind, reading.slug), me(), request_language())


def _article(reading: RequiredReading) -> Subject:
    return get_subject(Ref(reading.kind, reading.slug), me(), request_language())


def _texts(ref: Ref) -> dict[str, str]:
    """The hashes of the article's texts, by language."""
    return {language: text for (_ref, language), text in texts_of([ref]).items()}
