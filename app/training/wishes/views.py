"""The board of wishes: wishing, voting, and what coaches and editors make of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.training.wishes import service
from app.training.wishes.asking import blank_form, similar_to
from app.training.wishes.cards import cards_of
from app.training.wishes.drafting import draft_of
from app.training.wishes.forms import CloseForm, SessionForm, WishForm
from app.training.wishes.pages import board
from app.training.wishes.policy import looks_after
from app.training.wishes.queries import count_votes, find_same, get_wish, list_similar, of_person
from app.training.wishes.rules import USUAL_HEAD_START
from app.web.access import member, readers, requires
from app.web.dates import request_now
from app.web.paging import paginate, requested_page
from app.web.security import safe_path
from app.web.shared import in_one_go, shared_page

blueprint = Blueprint("wishes", __name__)


@blueprint.get("/training/wishes/")
@readers
@shared_page
def index() -> str:
    return render_template("training/wishes/index.html", **board())


@blueprint.get("/training/wishes/mine")
@member
def mine() -> str:
    page = paginate(of_person(me().id), number=requested_page())
    cards = cards_of(page.items)
    return in_one_go(lambda: render_template("training/wishes/mine.html", page=page, cards=cards))


@blueprint.get("/training/wishes/<id:wish_id>")
@readers
@shared_page
def show(wish_id: int) -> str:
    wish = get_wish(wish_id)
    (card,) = cards_of([wish])
    similar = cards_of(list_similar(wish.title, wish.capability_id, now=request_now(), without=wish.id))
    return render_template("training/wishes/show.html", card=card, wish=wish, similar=similar)


@blueprint.route("/training/wishes/new", methods=["GET", "POST"])
@member
def new() -> ResponseReturnValue:
    form = blank_form(me())
    if not form.validate_on_submit():
        return _form_page(form)
    is_known = find_same(form.asked.title, now=request_now()) is not None
    if not is_known and not form.has_seen([wish.id for wish in similar_to(form)]):
        return _form_page(form)
    actor = me()
    try:
        with transaction() as session:
            wish, is_new = service.make_wish(session, form.asked, actor=actor, votes=form.is_vote, now=utc_now())
            wish_id = wish.id
    except InvalidInputError as error:
        form.blame(error)
        return _form_page(form)
    if is_new:
        flash(_("Your wish is on the board."), "good")
    else:
        flash(_("This wish was on the board already."), "good")
    return redirect(url_for("wishes.show", wish_id=wish_id), 303)


def _form_page(form: WishForm) -> ResponseReturnValue:
    """The form with the wishes that are like it. They count as seen from here on."""
    similar = similar_to(form)
    form.show(wish.id for wish in similar)
    page = in_one_go(lambda: render_template("training/wishes/new.html", form=form, similar=cards_of(similar)))
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/training/wishes/<id:wish_id>/vote")
@member
def vote(wish_id: int) -> ResponseReturnValue:
    actor = me()
    with transaction() as session:
        service.vote(session, wish_id, actor=actor, now=utc_now())
    flash(_("You want this training. When a session is announced, you hear of it first."), "good")
    return _back(wish_id)


@blueprint.post("/training/wishes/<id:wish_id>/vote/delete")
@member
def take_back(wish_id: int) -> ResponseReturnValue:
    actor = me()
    with transaction() as session:
        service.take_back(session, wish_id, actor=actor, now=utc_now())
    flash(_("Your vote is taken back."), "good")
    return _back(wish_id)


def _back(wish_id: int) -> ResponseReturnValue:
    """To the page on which the button was, at the wish it belongs to."""
    page = safe_path(request.form.get("back")) or url_for("wishes.show", wish_id=wish_id)
    return redirect(f"{page.partition('#')[0]}#wish-{wish_id}", 303)


@blueprint.route("/training/wishes/<id:wish_id>/session", methods=["GET", "POST"])
@requires(looks_after)
def plan(wish_id: int) -> ResponseReturnValue:
    wish, coach = get_wish(wish_id), me()
    votes = count_votes([wish_id]).get(wish_id, 0)
    details = draft_of(wish, votes, coach=coach, now=request_now())
    form = SessionForm(data={"hours": USUAL_HEAD_START})
    if form.validate_on_submit():
        with transaction() as session:
            training = service.plan_session(
                session, wish_id, details, head_start_hours=form.hours.data, actor=coach, now=utc_now()
            )
            slug = training.slug
        flash(_("This is the draft. Look over day, place and text, then publish it."), "good")
        return redirect(url_for("announcing.edit", slug=slug), 303)
    page = render_template("training/wishes/plan.html", form=form, wish=wish, votes=votes, details=details)
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/training/wishes/<id:wish_id>/closing", methods=["GET", "POST"])
@requires(looks_after)
def close(wish_id: int) -> ResponseReturnValue:
    wish, actor, form = get_wish(wish_id), me(), CloseForm()
    if form.validate_on_submit():
        with transaction() as session:
            service.close(session, wish_id, reason=form.reason.data, actor=actor, now=utc_now())
        flash(_("The wish is closed. Everybody who wanted it is being told."), "good")
        return redirect(url_for("wishes.show", wish_id=wish_id), 303)
    page = render_template("training/wishes/close.html", form=form, wish=wish)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/training/wishes/<id:wish_id>/reopening")
@requires(looks_after)
def reopen(wish_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.reopen(session, wish_id, now=utc_now())
    flash(_("The wish is open again."), "good")
    return redirect(url_for("wishes.show", wish_id=wish_id), 303)


@blueprint.post("/training/wishes/<id:wish_id>/delete")
@member
def delete(wish_id: int) -> ResponseReturnValue:
    actor = me()
    with transaction() as session:
        service.delete_wish(session, wish_id, actor=actor, now=utc_now())
    flash(_("Your wish is deleted."), "good")
    return redirect(url_for("wishes.index"), 303)
