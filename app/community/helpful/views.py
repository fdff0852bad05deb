"""Answering whether something was helpful, and reading what others said of it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.community.helpful import service
from app.community.helpful.forms import ReasonForm
from app.community.helpful.policy import can_see_reasons, is_editor
from app.community.helpful.queries import Tally, answers_of, count_answers, least_helpful, list_reasons
from app.community.helpful.rules import REASON_NAMES, Reason
from app.community.subjects import Ref, Subject, find_many, get_subject
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.web.access import ensure, member, requires
from app.web.i18n import language

blueprint = Blueprint("helpful", __name__, template_folder="../templates")
MOST = 100


@blueprint.post("/community/helpful/<kind>/<slug>")
@member
def say_yes(kind: str, slug: str) -> ResponseReturnValue:
    actor, subject = me(), _subject(kind, slug)
    with transaction() as session:
        service.answer(session, subject.ref, is_helpful=True, actor=actor, now=utc_now())
    flash(_("Thank you. That helps others to find it."), "good")
    return _back(subject)


@blueprint.route("/community/helpful/<kind>/<slug>/no", methods=["GET", "POST"])
@member
def say_no(kind: str, slug: str) -> ResponseReturnValue:
    actor, subject = me(), _subject(kind, slug)
    given = answers_of(actor.id, [subject.ref]).get(subject.ref)
    form = ReasonForm(data={"reason": given.reason, "words": given.words} if given else None)
    if form.validate_on_submit():
        with transaction() as session:
            service.answer(
                session,
                subject.ref,
                is_helpful=False,
                reason=Reason(form.reason.data),
                words=form.words.data or "",
                actor=actor,
                now=utc_now(),
            )
        flash(_("Thank you. Whoever looks after it reads this, and nobody else."), "good")
        return _back(subject)
    page = render_template("community/helpful/no.html", form=form, subject=subject)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/community/helpful/<kind>/<slug>/delete")
@member
def withdraw(kind: str, slug: str) -> ResponseReturnValue:
    actor, subject = me(), _subject(kind, slug)
    with transaction() as session:
        service.withdraw(session, subject.ref, actor=actor)
    flash(_("Your answer is withdrawn."), "good")
    return _back(subject)


@blueprint.get("/community/helpful/<kind>/<slug>")
@member
def reasons(kind: str, slug: str) -> str:
    """Why it was not helpful, for whoever can do something about it."""
    subject = _subject(kind, slug)
    ensure(can_see_reasons(me(), subject.owner_ids))
    return render_template(
        "community/helpful/reasons.html",
        subject=subject,
        tally=count_answers([subject.ref]).get(subject.ref, Tally()),
        answers=list_reasons(subject.ref),
        reason_names=REASON_NAMES,
        may_list=is_editor(me()),
    )


@blueprint.get("/community/helpful/")
@requires(is_editor)
def index() -> str:
    """What people found least helpful."""
    rows = least_helpful(MOST)
    subjects = find_many([ref for ref, _tally in rows], me(), language())
    shown = [(subjects[ref], tally) for ref, tally in rows if ref in subjects]
    return render_template("community/helpful/index.html", rows=shown)


def _subject(kind: str, slug: str) -> Subject:
    return get_subject(Ref(kind, slug), me(), language())


def _back(subject: Subject) -> ResponseReturnValue:
    return redirect(subject.url + "#helpful", 303)
