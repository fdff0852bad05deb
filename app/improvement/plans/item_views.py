"""What is done with single items: put in, changed, taken a step further, moved."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.improvement.advice.advising import find_gap
from app.improvement.advice.wording import because
from app.improvement.plans import service
from app.improvement.plans.forms import DropForm, ItemForm, typed
from app.improvement.plans.models import PlanItem
from app.improvement.plans.naming import Named, name_of
from app.improvement.plans.pages import Place, find_own_team, find_place
from app.improvement.plans.queries import NO_SUCH_ITEM, get_item, get_plan
from app.improvement.plans.rules import (
    ITEM_STEPS,
    KIND_NAMES,
    MAX_REASON,
    STATE_NAMES,
    STEP_LABELS,
    ItemKind,
    ItemState,
    ItemStep,
    key_of,
)
from app.improvement.plans.service import Draft, ItemChangedError, Words
from app.improvement.plans.views import begin_plan, item_form, plan_url, usual_outline
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.web.access import member
from app.web.dates import request_today
from app.web.i18n import language, request_language
from app.web.numbers import sent_revision
from app.web.security import safe_path

blueprint = Blueprint("plan_items", __name__)


@blueprint.post("/teams/<slug>/plan/advised")
@member
def advised(slug: str) -> ResponseReturnValue:
    """One press puts what was advised into the plan; where there is no plan, it begins one. Twice is once."""
    find_own_team(slug)
    place = find_place(slug, request.form.get("framework"))
    draft = _advised_draft(place)
    plan_id, actor = begin_plan(place, usual_outline(place)), me()
    with transaction() as session:
        item, is_new = service.add_item(session, plan_id, draft, actor=actor, now=utc_now())
        item_id, what = item.id, item.what
    words = _("In the plan: %(what)s", what=what) if is_new else _("This is in the plan already: %(what)s", what=what)
    flash(words, "good")
    back = safe_path(request.form.get("back"))
    return redirect(back or plan_url(place, item_id), 303)


def _advised_draft(place: Place) -> Draft:
    """What the button stands for, in the words of this house. Raises NotFoundError for what is not there."""
    kind, ref = _sent_kind(), request.form.get("ref", "")
    capability = place.capabilities.get(request.form.get("capability", ""))
    if capability is None or kind is ItemKind.OWN or not ref:
        raise NotFoundError(_("What this was about is no longer there. Look at the advice again."))
    name = capability.name.in_(language())
    what = name_of(Named(kind, ref, name), request_language())
    gap = find_gap(place.team.id, place.framework, place.asker, capability.slug)
    is_ahead = gap is not None and gap.due_on is not None and gap.due_on >= request_today()
    return Draft(
        key=key_of(kind, ref, capability.slug),
        kind=kind,
        ref=ref,
        words=Words(what=what, due_on=gap.due_on if gap is not None and is_ahead else None),
        capability=capability.slug,
        from_level=gap.level if gap is not None else None,
        to_level=gap.target if gap is not None else None,
        because=because(gap)[:MAX_REASON] if gap is not None else "",
    )


def _sent_kind() -> ItemKind:
    try:
        return ItemKind(request.form.get("kind", ""))
    except ValueError:
        return ItemKind.OWN


@blueprint.route("/teams/<slug>/plans/<id:plan_id>/items", methods=["GET", "POST"])
@member
def add(slug: str, plan_id: int) -> ResponseReturnValue:
    """An item of the team's own."""
    team = find_own_team(slug)
    place = find_place(slug, get_plan(team.id, plan_id).framework.slug)
    form, status, actor = item_form(place, sent=True), 422, me()
    if form.validate_on_submit():
        try:
            draft = _own_draft(place, form)
            with transaction() as session:
                item_id = service.add_item(session, plan_id, draft, actor=actor, now=utc_now())[0].id
        except (InvalidInputError, ConflictError) as error:
            status = error.status
            form.blame(error)
        else:
            flash(_("It is in the plan."), "good")
            return redirect(plan_url(place, item_id), 303)
    return render_template("improvement/item_new.html", place=place, plan_id=plan_id, form=form), status


def _own_draft(place: Place, form: ItemForm) -> Draft:
    capability = form.capability.data
    gap = find_gap(place.team.id, place.framework, place.asker, capability) if capability else None
    return Draft(
        key=form.key.data or "own:",
        kind=ItemKind.OWN,
        words=form.words,
        capability=capability,
        from_level=gap.level if gap else None,
        to_level=gap.target if gap else None,
        because=because(gap)[:MAX_REASON] if gap else "",
    )


@blueprint.route("/teams/<slug>/plan/items/<id:item_id>", methods=["GET", "POST"])
@member
def edit(slug: str, item_id: int) -> ResponseReturnValue:
    """What it is, whose, and by when. Whoever was not quick enough sees both, and nothing of either is lost."""
    place, item = _own_item(slug, item_id)
    form = ItemForm(data=typed(item)).offer(_people(place, item))
    status, theirs, actor = 422, None, me()
    if form.validate_on_submit():
        revision = sent_revision(form.revision.data)
        try:
            with transaction() as session:
                service.change_item(session, item_id, form.words, revision=revision, actor=actor)
        except InvalidInputError as error:
            form.blame(error)
        except ItemChangedError as error:
            status, theirs = error.status, get_item(place.team.id, item_id)
            form.blame(error)
            form.revision.data = str(theirs.revision)
        else:
            flash(_("Saved."), "good")
            return redirect(plan_url(place, item_id), 303)
    page = render_template(
        "improvement/item.html",
        place=place,
        item=get_item(place.team.id, item_id),
        form=form,
        theirs=theirs,
        kind_names=KIND_NAMES,
        state_names=STATE_NAMES,
    )
    return page, status if request.method == "POST" else 200


def _people(place: Place, item: PlanItem) -> list[tuple[str, str]]:
    """The team's people, and whoever sees to it now, though no longer one of them."""
    people = place.people
    if item.owner is not None and str(item.owner_id) not in dict(people):
        people.append((str(item.owner_id), item.owner.name))
    return people


@blueprint.route("/teams/<slug>/plan/items/<id:item_id>/state", methods=["GET", "POST"])
@member
def step(slug: str, item_id: int) -> ResponseReturnValue:
    """Begin it, finish it, drop it, take it up again. The page is shown where a reason is needed, or somebody was quicker."""
    place, item = _own_item(slug, item_id)
    wanted, form, actor = _sent_step(), DropForm(), me()
    status, theirs = 422, None
    if request.method == "POST" and (wanted is not ItemStep.DROP or form.validate()):
        revision = sent_revision(request.form.get("revision"))
        reason = " ".join((form.reason.data or "").split())
        try:
            with transaction() as session:
                after = service.take_step(
                    session, item_id, wanted, reason=reason, revision=revision, actor=actor, now=utc_now()
                )
                state, what = STATE_NAMES[ItemState(after.state)], after.what
        except ItemChangedError as error:
            status, theirs = error.status, get_item(place.team.id, item_id)
        else:
            flash(_("%(state)s: %(what)s", state=state, what=what), "good")
            return redirect(plan_url(place, item_id), 303)
    item = get_item(place.team.id, item_id)
    page = render_template(
        "improvement/item_step.html",
        place=place,
        item=item,
        form=form,
        step=wanted,
        is_possible=ITEM_STEPS.allows(ItemState(item.state), wanted),
        theirs=theirs,
        step_labels=STEP_LABELS,
        state_names=STATE_NAMES,
        changed=service.CHANGED,
    )
    return page, status if request.method == "POST" else 200


def _sent_step() -> ItemStep:
    try:
        return ItemStep(request.values.get("step", ""))
    except ValueError:
        raise NotFoundError(NO_SUCH_ITEM) from None


@blueprint.post("/teams/<slug>/plan/items/<id:item_id>/place")
@member
def move(slug: str, item_id: int) -> ResponseReturnValue:
    place, _item = _own_item(slug, item_id)
    with transaction() as session:
        service.move(session, item_id, up=request.form.get("to") == "up")
    return redirect(plan_url(place, item_id), 303)


def _own_item(slug: str, item_id: int) -> tuple[Place, PlanItem]:
    """An item of a plan of the reader's own team, and its page. Raises NotFoundError, ForbiddenError."""
    team = find_own_team(slug)
    item = get_item(team.id, item_id)
    return find_place(slug, item.plan.framework.slug), item
