"""What coach and team write down on the page of an engagement: goals, notes, actions, sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.login import me
from app.accounts.models import User
from app.capabilities.choices import choices_by_area
from app.capabilities.queries import list_main_areas
from app.coaching.engagements import working
from app.coaching.engagements.forms import ActionForm, GoalForm, NoteForm, SessionForm
from app.coaching.engagements.page import page_of, people_of
from app.coaching.engagements.queries import list_fitting
from app.coaching.models import Engagement
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
Act = Callable[[Session, User, datetime], object]


@blueprint.post(f"{_HERE}/goals")
@member
def add_goal(engagement_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    form = GoalForm().offer(choices_by_area(list_main_areas()))
    return _add(
        engagement, form, lambda s, actor, _now: working.add_goal(s, engagement_id, form.draft, actor=actor), "goals"
    )


@blueprint.post(f"{_HERE}/goals/<id:goal_id>")
@member
def mark_goal(engagement_id: int, goal_id: int) -> ResponseReturnValue:
    reached = request.form.get("reached") == "y"
    return _do(
        engagement_id,
        lambda s, actor, now: working.mark_goal(s, engagement_id, goal_id, is_reached=reached, actor=actor, now=now),
        "goals",
    )


@blueprint.post(f"{_HERE}/goals/<id:goal_id>/delete")
@member
def remove_goal(engagement_id: int, goal_id: int) -> ResponseReturnValue:
    return _do(
        engagement_id, lambda s, actor, _now: working.remove_goal(s, engagement_id, goal_id, actor=actor), "goals"
    )


@blueprint.post(f"{_HERE}/notes")
@member
def add_note(engagement_id: int) -> ResponseReturnValue:
    engagement, form = get_engagement(me(), engagement_id), NoteForm()
    # Rendered before the transaction begins: a long text takes its time.
    html = render(form.text.data or "").html if form.validate() else ""
    return _add(
        engagement,
        form,
        lambda s, actor, now: working.add_note(
            s, engagement_id, on=form.on.data, text=form.text.data, html=html, actor=actor, now=now
        ),
        "notes",
    )


@blueprint.route(f"{_HERE}/notes/<id:note_id>/edit", methods=["GET", "POST"])
@member
def edit_note(engagement_id: int, note_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    note = next((each for each in engagement.notes if each.id == note_id), None)
    if note is None:
        raise NotFoundError(_("This note is not there any more."))
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
        except ConflictError as error:
            form.blame(error)
            engagement = get_engagement(me(), engagement_id)
            theirs = next(each for each in engagement.notes if each.id == note_id)
            form.revision.data = str(theirs.revision)
            page = render_template(
                "coaching/engagements/note.html", form=form, engagement=engagement, note=theirs, theirs=theirs
            )
            return page, 409
        flash(_("The note is saved."), "good")
        return _back(engagement_id, "notes")
    page = render_template("coaching/engagements/note.html", form=form, engagement=engagement, note=note, theirs=None)
    return page, 422 if request.method == "POST" else 200


@blueprint.post(f"{_HERE}/notes/<id:note_id>/delete")
@member
def delete_note(engagement_id: int, note_id: int) -> ResponseReturnValue:
    return _do(
        engagement_id, lambda s, actor, _now: working.delete_note(s, engagement_id, note_id, actor=actor), "notes"
    )


@blueprint.post(f"{_HERE}/actions")
@member
def agree(engagement_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    form = ActionForm().offer(people_of(engagement))
    return _add(
        engagement,
        form,
        lambda s, actor, now: working.agree(
            s,
            engagement_id,
            text=form.text.data,
            owner_id=form.owner_id,
            due_on=form.due_on.data,
            actor=actor,
            now=now,
        ),
        "actions",
    )


@blueprint.route(f"{_HERE}/actions/<id:action_id>/edit", methods=["GET", "POST"])
@member
def edit_action(engagement_id: int, action_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    action = next((each for each in engagement.actions if each.id == action_id), None)
    if action is None:
        raise NotFoundError(_("This is not there any more."))
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
        except ConflictError as error:
            form.blame(error)
            engagement = get_engagement(me(), engagement_id)
            theirs = next(each for each in engagement.actions if each.id == action_id)
            form.revision.data = str(theirs.revision)
            return render_template(
                "coaching/engagements/action.html", form=form, engagement=engagement, action=theirs, theirs=theirs
            ), 409
        flash(_("Saved."), "good")
        return _back(engagement_id, "actions")
    page = render_template(
        "coaching/engagements/action.html", form=form, engagement=engagement, action=action, theirs=None
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.post(f"{_HERE}/actions/<id:action_id>")
@member
def mark_action(engagement_id: int, action_id: int) -> ResponseReturnValue:
    done = request.form.get("done") == "y"
    return _do(
        engagement_id,
        lambda s, actor, now: working.mark_action(s, engagement_id, action_id, is_done=done, actor=actor, now=now),
        "actions",
    )


@blueprint.post(f"{_HERE}/actions/<id:action_id>/delete")
@member
def remove_action(engagement_id: int, action_id: int) -> ResponseReturnValue:
    return _do(
        engagement_id,
        lambda s, actor, _now: working.remove_action(s, engagement_id, action_id, actor=actor),
        "actions",
    )


@blueprint.post(f"{_HERE}/sessions")
@member
def add_session(engagement_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    form = SessionForm().offer([(each.slug, each.title) for each in list_fitting(engagement, now=request_now())])
    return _add(
        engagement,
        form,
        lambda s, actor, _now: working.add_session(s, engagement_id, form.slug.data, actor=actor),
        "sessions",
    )


@blueprint.post(f"{_HERE}/sessions/<slug>/delete")
@member
def remove_session(engagement_id: int, slug: str) -> ResponseReturnValue:
    return _do(
        engagement_id, lambda s, actor, _now: working.remove_session(s, engagement_id, slug, actor=actor), "sessions"
    )


def _add(engagement: Engagement, form: Form, act: Act, place: str) -> ResponseReturnValue:
    """What was typed, or the page again with what is wrong with it."""
    engagement_id = engagement.id
    if not form.validate():
        return page_of(engagement, form), 422
    actor = me()
    try:
        with transaction() as session:
            act(session, actor, utc_now())
    except InvalidInputError as error:
        form.blame(error)
        return page_of(get_engagement(me(), engagement_id), form), 422
    return _back(engagement_id, place)


def _do(engagement_id: int, act: Act, place: str) -> ResponseReturnValue:
    """One press of a button."""
    actor = me()
    get_engagement(actor, engagement_id)
    with transaction() as session:
        act(session, actor, utc_now())
    return _back(engagement_id, place)


def _back(engagement_id: int, place: str) -> ResponseReturnValue:
    return redirect(url_for("engagements.show", engagement_id=engagement_id, _anchor=place), 303)
