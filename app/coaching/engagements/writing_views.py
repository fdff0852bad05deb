"""What coach and team write down on the page of an engagement: goals, notes, actions, sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.login import me
from app.capabilities.choices import choices_by_area
from app.capabilities.queries import list_main_areas
from app.coaching.engagements import working
from app.coaching.engagements.forms import ActionForm, GoalForm, NoteForm, SessionForm
from app.coaching.engagements.page import back, page_of, people_of
from app.coaching.engagements.queries import list_fitting
from app.coaching.models import AgreedAction, Engagement, Note
from app.coaching.queries import get_engagement
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.kernel.markup import render
from app.web.access import ensure, member
from app.web.dates import request_now
from app.web.forms import Form

blueprint = Blueprint("engagement_writing", __name__, template_folder="../templates")
_HERE = "/coaching/engagements/<id:engagement_id>"
P = ParamSpec("P")
Row = TypeVar("Row", Note, AgreedAction)


@blueprint.post(f"{_HERE}/goals")
@member
def add_goal(engagement_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    form = GoalForm().offer(choices_by_area(list_main_areas()))
    return _add("goals", form, engagement, working.add_goal, form.draft, actor=me())


@blueprint.post(f"{_HERE}/goals/<id:goal_id>")
@member
def mark_goal(engagement_id: int, goal_id: int) -> ResponseReturnValue:
    reached = request.form.get("reached") == "y"
    return _do("goals", working.mark_goal, engagement_id, goal_id, is_reached=reached, actor=me(), now=utc_now())


@blueprint.post(f"{_HERE}/goals/<id:goal_id>/delete")
@member
def remove_goal(engagement_id: int, goal_id: int) -> ResponseReturnValue:
    return _do("goals", working.remove_goal, engagement_id, goal_id, actor=me())


@blueprint.post(f"{_HERE}/notes")
@member
def add_note(engagement_id: int) -> ResponseReturnValue:
    engagement, form = get_engagement(me(), engagement_id), NoteForm()
    # Rendered before the transaction begins: a long text takes its time.
    html = render(form.text.data or "").html if form.validate() else ""
    said = {"on": form.on.data, "text": form.text.data, "html": html}
    return _add("notes", form, engagement, working.add_note, **said, actor=me(), now=utc_now())


@blueprint.route(f"{_HERE}/notes/<id:note_id>/edit", methods=["GET", "POST"])
@member
def edit_note(engagement_id: int, note_id: int) -> ResponseReturnValue:
    engagement, theirs, status = get_engagement(me(), engagement_id), None, 422
    note = _find(engagement.notes, note_id)
    if note is None:
        return _gone(engagement, NoteForm())
    ensure(note.author_id == me().id)
    form = NoteForm(obj=note)
    if form.validate_on_submit():
        actor, html = me(), render(form.text.data).html
        try:
            with transaction() as session:
                working.change_note(
                    session,
                    engagement_id,
                    note_id,
                    on=form.on.data,
                    text=form.text.data,
                    html=html,
                    revision=form.was,
                    actor=actor,
                )
        except (ConflictError, NotFoundError) as error:
            engagement, status = get_engagement(me(), engagement_id), error.status
            theirs = _find(engagement.notes, note_id)
            if theirs is None:
                return _gone(engagement, form)
            note = theirs
            form.overtaken(error, theirs.revision)
        else:
            flash(_("The note is saved."), "good")
            return back(engagement_id, "notes")
    page = render_template("coaching/engagements/note.html", form=form, engagement=engagement, note=note, theirs=theirs)
    return page, status if request.method == "POST" else 200


@blueprint.post(f"{_HERE}/notes/<id:note_id>/delete")
@member
def delete_note(engagement_id: int, note_id: int) -> ResponseReturnValue:
    return _do("notes", working.delete_note, engagement_id, note_id, actor=me())


@blueprint.post(f"{_HERE}/actions")
@member
def agree(engagement_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    form = ActionForm().offer(people_of(engagement))
    said = {"text": form.text.data, "owner_id": form.owner_id, "due_on": form.due_on.data}
    return _add("actions", form, engagement, working.agree, **said, actor=me(), now=utc_now())


@blueprint.route(f"{_HERE}/actions/<id:action_id>/edit", methods=["GET", "POST"])
@member
def edit_action(engagement_id: int, action_id: int) -> ResponseReturnValue:
    engagement, theirs, status = get_engagement(me(), engagement_id), None, 422
    action = _find(engagement.actions, action_id)
    if action is None:
        return _gone(engagement, ActionForm().offer(people_of(engagement)))
    owner = str(action.owner_id) if action.owner_id is not None else ""
    form = ActionForm(obj=action, data={"owner": owner}).offer(people_of(engagement))
    if form.validate_on_submit():
        actor = me()
        try:
            with transaction() as session:
                working.change_action(
                    session,
                    engagement_id,
                    action_id,
                    text=form.text.data,
                    owner_id=form.owner_id,
                    due_on=form.due_on.data,
                    revision=form.was,
                    actor=actor,
                    now=utc_now(),
                )
        except (ConflictError, NotFoundError) as error:
            engagement, status = get_engagement(me(), engagement_id), error.status
            theirs = _find(engagement.actions, action_id)
            if theirs is None:
                return _gone(engagement, form)
            action = theirs
            form.overtaken(error, theirs.revision)
        else:
            flash(_("Saved."), "good")
            return back(engagement_id, "actions")
    page = render_template(
        "coaching/engagements/action.html", form=form, engagement=engagement, action=action, theirs=theirs
    )
    return page, status if request.method == "POST" else 200


@blueprint.post(f"{_HERE}/actions/<id:action_id>")
@member
def mark_action(engagement_id: int, action_id: int) -> ResponseReturnValue:
    done = request.form.get("done") == "y"
    return _do("actions", working.mark_action, engagement_id, action_id, is_done=done, actor=me(), now=utc_now())


@blueprint.post(f"{_HERE}/actions/<id:action_id>/delete")
@member
def remove_action(engagement_id: int, action_id: int) -> ResponseReturnValue:
    return _do("actions", working.remove_action, engagement_id, action_id, actor=me())


@blueprint.post(f"{_HERE}/sessions")
@member
def add_session(engagement_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    form = SessionForm().offer([(each.slug, each.title) for each in list_fitting(engagement, now=request_now())])
    return _add("sessions", form, engagement, working.add_session, form.slug.data, actor=me())


@blueprint.post(f"{_HERE}/sessions/<slug>/delete")
@member
def remove_session(engagement_id: int, slug: str) -> ResponseReturnValue:
    return _do("sessions", working.remove_session, engagement_id, slug, actor=me())


def _find(rows: Sequence[Row], row_id: int) -> Row | None:
    return next((each for each in rows if each.id == row_id), None)


def _gone(engagement: Engagement, form: Form) -> ResponseReturnValue:
    """It was removed while somebody changed it: what was typed stands in the form for a new one. Raises NotFoundError where nothing
    was typed.
    """
    error = NotFoundError(working.GONE)
    if request.method == "GET":
        raise error
    form.blame(error)
    return page_of(engagement, form), ConflictError.status


def _add(
    place: str,
    form: Form,
    engagement: Engagement,
    act: Callable[Concatenate[Session, int, P], object],
    *args: P.args,
    **said: P.kwargs,
) -> ResponseReturnValue:
    """What was typed, or the page again with what is wrong with it."""
    engagement_id = engagement.id
    if not form.validate():
        return page_of(engagement, form), 422
    try:
        with transaction() as session:
            act(session, engagement_id, *args, **said)
    except (InvalidInputError, ConflictError) as error:
        form.blame(error)
        return page_of(get_engagement(me(), engagement_id), form), error.status
    return back(engagement_id, place)


def _do(
    place: str,
    act: Callable[Concatenate[Session, int, P], object],
    engagement_id: int,
    *args: P.args,
    **said: P.kwargs,
) -> ResponseReturnValue:
    """One press of a button."""
    get_engagement(me(), engagement_id)
    with transaction() as session:
        act(session, engagement_id, *args, **said)
    return back(engagement_id, place)
