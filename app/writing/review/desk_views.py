"""What editors look after: who reviews what, and the names that must not be published."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.login import me
from app.accounts.models import User
from app.accounts.queries import find_by_email
from app.capabilities.choices import choices_by_area
from app.capabilities.queries import list_main_areas
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.web.access import requires
from app.web.dates import request_now
from app.web.numbers import whole_number
from app.web.paging import paginate, requested_page
from app.writing.policy import can_review
from app.writing.review.forms import CapabilitiesForm, ReviewerForm, WordsForm
from app.writing.review.guarding import guard_words, let_go
from app.writing.review.live import look_at_live_texts
from app.writing.review.queries import capabilities_of_reviewers, list_guarded, list_loads
from app.writing.review.service import set_capabilities
from app.writing.review.settings import day_of
from app.writing.review.suggesting import suggested

blueprint = Blueprint("review_desk", __name__)
WORDS_ON_A_PAGE = 100


@blueprint.route("/writing/reviewers", methods=["GET", "POST"])
@requires(can_review)
def reviewers() -> ResponseReturnValue:
    """Who reviews what. By address one gets to the page of somebody who is not there yet."""
    form = ReviewerForm()
    if form.validate_on_submit():
        person = find_by_email((form.email.data or "").lower())
        if person is not None and person.is_active:
            return redirect(url_for("review_desk.reviewer", user_id=person.id), 303)
        form.blame(InvalidInputError(_l("Nobody has an open account with this address."), field="email"))
    page = render_template(
        "writing/review/reviewers.html",
        form=form,
        loads=list_loads(day_of(request_now()), request_now()),
        capabilities=capabilities_of_reviewers(),
        suggested=suggested(),
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/writing/reviewers/<id:user_id>", methods=["GET", "POST"])
@requires(can_review)
def reviewer(user_id: int) -> ResponseReturnValue:
    person = db.session.get(User, user_id)
    if person is None or not person.is_active:
        raise NotFoundError(_l("Nobody has an open account with this number."))
    named = [each.id for each in capabilities_of_reviewers().get(user_id, ())]
    offered = suggested().get(user_id, frozenset())
    form = CapabilitiesForm(data={"capabilities": named or sorted(offered)}).offer(choices_by_area(list_main_areas()))
    if form.validate_on_submit():
        with transaction() as session:
            set_capabilities(session, person, form.capabilities.data or (), actor=me())
        flash(_("Saved."), "good")
        return redirect(url_for("review_desk.reviewers"), 303)
    page = render_template(
        "writing/review/reviewer.html", form=form, person=person, is_suggested=not named and bool(offered)
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/writing/guarded", methods=["GET", "POST"])
@requires(can_review)
def guarded() -> ResponseReturnValue:
    """The names that must not be published."""
    form = WordsForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                number = guard_words(session, form.lines, actor=me(), now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(ngettext("%(num)s name is new on the list.", "%(num)s names are new on the list.", number), "good")
            return redirect(url_for("review_desk.guarded"), 303)
    page = paginate(list_guarded(), number=requested_page(), size=WORDS_ON_A_PAGE)
    body = render_template("writing/review/guarded.html", form=form, page=page)
    return body, 422 if request.method == "POST" else 200


@blueprint.post("/writing/guarded/<id:word_id>/delete")
@requires(can_review)
def unguard(word_id: int) -> ResponseReturnValue:
    with transaction() as session:
        let_go(session, word_id, actor=me())
    flash(_("The name is taken from the list."), "good")
    return redirect(url_for("review_desk.guarded"), 303)


@blueprint.get("/writing/guarded/live")
@requires(can_review)
def live() -> str:
    """What readers can see by now and perhaps should not."""
    return render_template(
        "writing/review/live.html", looked=look_at_live_texts(whole_number(request.args.get("after")))
    )
