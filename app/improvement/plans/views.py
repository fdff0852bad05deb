"""A team's plan: begun, read, closed. What is done with single items is in `item_views`."""

from __future__ import annotations

from uuid import uuid4

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.models import Team
from app.improvement.plans import service
from app.improvement.plans.forms import CloseForm, ItemForm, OutlineForm
from app.improvement.plans.models import Plan
from app.improvement.plans.pages import Place, find_own_team, find_place, find_team
from app.improvement.plans.progress import look_at
from app.improvement.plans.queries import count_states, find_running, get_plan, list_plans
from app.improvement.plans.rules import (
    ALIVE,
    ITEM_STEPS,
    KIND_NAMES,
    MAX_TITLE,
    STATE_NAMES,
    STEP_LABELS,
    USUAL_LENGTH,
    ItemKind,
    ItemState,
    PlanState,
    is_overdue,
)
from app.improvement.plans.sheet import as_rows
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.maturity.snapshots.queries import find_latest
from app.web.access import member
from app.web.dates import request_now, request_today
from app.web.downloads import download
from app.web.i18n import language
from app.web.sheets import as_csv

blueprint = Blueprint("plans", __name__, template_folder="../templates")


@blueprint.get("/teams/<slug>/plan")
@member
def show(slug: str) -> str:
    """The plan that runs, or how to begin one; below it the former ones."""
    place = find_place(slug)
    plan = find_running(place.team.id, place.framework.id)
    return _page(place, plan) if plan is not None else _beginning(place, _blank_outline(place))


@blueprint.post("/teams/<slug>/plan")
@member
def begin(slug: str) -> ResponseReturnValue:
    find_own_team(slug)
    place, form = find_place(slug, request.form.get("framework")), OutlineForm()
    if form.validate_on_submit():
        try:
            begin_plan(place, form.outline)
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The plan has begun. Put something in: from the advice, or of your own."), "good")
            return redirect(plan_url(place), 303)
    return _beginning(place, form), 422


def begin_plan(place: Place, outline: service.Outline) -> int:
    """The id of the team's plan: the one that runs, or a new one that begins from the newest snapshot."""
    team_id, framework_id, day = place.team.id, place.framework.id, request_today()
    baseline = find_latest(team_id, framework_id)
    baseline_id = baseline.id if baseline is not None else None
    with transaction() as session:
        plan = service.begin(
            session,
            team_id=team_id,
            framework_id=framework_id,
            outline=outline,
            baseline_id=baseline_id,
            today=day,
            now=utc_now(),
        )
        return plan.id


def plan_url(place: Place, item_id: int | None = None) -> str:
    anchor = f"item-{item_id}" if item_id is not None else None
    return url_for("plans.show", slug=place.team.slug, framework=place.framework.slug, _anchor=anchor)


def usual_outline(place: Place) -> service.Outline:
    """What a plan is called, and how long it runs, where nobody says otherwise."""
    return service.Outline(
        title=_("Plan for %(framework)s", framework=place.framework.name.in_(language()))[:MAX_TITLE],
        review_on=request_today() + USUAL_LENGTH,
    )


def _blank_outline(place: Place) -> OutlineForm:
    usual = usual_outline(place)
    return OutlineForm(formdata=None, data={"title": usual.title, "review_on": usual.review_on})


def _beginning(place: Place, form: OutlineForm) -> str:
    baseline = find_latest(place.team.id, place.framework.id)
    return render_template(
        "improvement/plan_begin.html", place=place, form=form, baseline=baseline, former=_former(place.team)
    )


@blueprint.get("/teams/<slug>/plans/<id:plan_id>")
@member
def former(slug: str, plan_id: int) -> ResponseReturnValue:
    """A plan of before; the one that runs has its own address."""
    team = find_team(slug)
    plan = get_plan(team.id, plan_id)
    place = find_place(slug, plan.framework.slug)
    if plan.state == PlanState.RUNNING:
        return redirect(plan_url(place))
    return _page(place, plan)


def _page(place: Place, plan: Plan) -> str:
    is_open = place.is_own and plan.state == PlanState.RUNNING
    return render_template(
        "improvement/plan.html",
        place=place,
        plan=plan,
        may_edit=is_open,
        progress=look_at(plan, in_confidence=place.is_own),
        counts=count_states(plan),
        alive=[item for item in plan.items if item.state in ALIVE],
        ended=[item for item in plan.items if item.state not in ALIVE],
        former=[each for each in _former(place.team) if each.id != plan.id],
        form=item_form(place, key=f"own:{uuid4().hex}") if is_open else None,
        capabilities=place.capabilities,
        steps_from=lambda item: ITEM_STEPS.steps_from(ItemState(item.state)),
        step_labels=STEP_LABELS,
        state_names=STATE_NAMES,
        kind_names=KIND_NAMES,
        kinds=ItemKind,
        is_overdue=lambda item: is_overdue(item.state, item.due_on, request_today()),
        today=request_today(),
        now=request_now(),
    )


def _former(team: Team) -> list[Plan]:
    return [plan for plan in list_plans(team.id) if plan.state == PlanState.CLOSED]


def item_form(place: Place, *, sent: bool = False, **values: object) -> ItemForm:
    """The form of an item of the team's own, with what was sent or with these values."""
    form = ItemForm() if sent else ItemForm(formdata=None, data=values)
    areas = {
        area.name.in_(language()): [(each.slug, each.name.in_(language())) for each in area.capabilities]
        for area in place.framework.areas
    }
    return form.offer(place.people, areas)


@blueprint.route("/teams/<slug>/plans/<id:plan_id>/outline", methods=["GET", "POST"])
@member
def outline(slug: str, plan_id: int) -> ResponseReturnValue:
    """Title and day of review. Whoever was not quick enough sees both."""
    team = find_own_team(slug)
    plan = get_plan(team.id, plan_id)
    place, form, status, theirs = find_place(slug, plan.framework.slug), _outline_of(plan), 422, None
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.describe(session, plan_id, form.outline, was=form.was)
        except InvalidInputError as error:
            form.blame(error)
        except ConflictError as error:
            status, theirs = error.status, get_plan(team.id, plan_id)
            form.blame(error)
            _hold(form, theirs)
        else:
            flash(_("Saved."), "good")
            return redirect(plan_url(place), 303)
    page = render_template(
        "improvement/plan_outline.html", place=place, plan=get_plan(team.id, plan_id), form=form, theirs=theirs
    )
    return page, status if request.method == "POST" else 200


def _outline_of(plan: Plan) -> OutlineForm:
    form = OutlineForm(data={"title": plan.title, "review_on": plan.review_on})
    if request.method == "GET":
        _hold(form, plan)
    return form


def _hold(form: OutlineForm, plan: Plan) -> None:
    """What the form has to be compared with when it comes back."""
    form.was_title.data = plan.title
    form.was_review_on.data = plan.review_on.isoformat() if plan.review_on else ""


@blueprint.route("/teams/<slug>/plans/<id:plan_id>/close", methods=["GET", "POST"])
@member
def close(slug: str, plan_id: int) -> ResponseReturnValue:
    team = find_own_team(slug)
    plan = get_plan(team.id, plan_id)
    place, form, status = find_place(slug, plan.framework.slug), CloseForm(), 422
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.close(session, plan_id, learned=form.learned.data, today=request_today())
        except ConflictError as error:
            status = error.status
            form.blame(error)
        else:
            flash(_("The plan is closed. What you learned stays with it, for the next one."), "good")
            return redirect(url_for("plans.former", slug=slug, plan_id=plan_id), 303)
    plan = get_plan(team.id, plan_id)
    page = render_template(
        "improvement/plan_close.html",
        place=place,
        plan=plan,
        form=form,
        counts=count_states(plan),
        state_names=STATE_NAMES,
    )
    return page, status if request.method == "POST" else 200


@blueprint.get("/teams/<slug>/plans/<id:plan_id>.csv")
@member
def table(slug: str, plan_id: int) -> Response:
    """The plan for a spreadsheet."""
    team = find_team(slug)
    plan = get_plan(team.id, plan_id)
    place = find_place(slug, plan.framework.slug)
    names = {each: capability.name.in_(language()) for each, capability in place.capabilities.items()}
    rows = as_rows(plan, look_at(plan, in_confidence=place.is_own), names)
    return download(as_csv(rows), "text/csv", f"plan-{team.slug}-{plan.began_on}.csv")
