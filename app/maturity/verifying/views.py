"""The coach's pages: what waits to be verified, and the verifying itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.login import me
from app.accounts.models import User
from app.accounts.rules import Permission
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError, NotFoundError
from app.maturity.models import Assessment
from app.maturity.policy import can_take_on, can_verify, is_stranded
from app.maturity.queries import get_assessment, list_in_hand, list_waiting
from app.maturity.rules import LEVELS, STATE_NAMES, VERDICT_NAMES, State, Step, Verdict
from app.maturity.snapshots.queries import find_of_assessment
from app.maturity.verifying import service
from app.maturity.verifying.forms import WordForm, read_judgements
from app.maturity.verifying.looking import Desk, look_at
from app.maturity.verifying.queries import last_at
from app.practices.adoption.rules import STAGE_NAMES
from app.web.access import ensure, member, requires
from app.web.dates import clock_time
from app.web.errors import wants_json
from app.web.i18n import request_language
from app.web.security import brake
from app.web.words import keeps_words

blueprint = Blueprint("verifying", __name__, template_folder="../templates")


def may_verify(user: User) -> bool:
    return user.may(Permission.VERIFY_ASSESSMENTS)


@blueprint.get("/maturity/to-verify")
@requires(may_verify)
def queue() -> str:
    """What waits for a coach, the longest waiting first, and what the reader has taken on."""
    waiting, in_hand = list_waiting(me()), list_in_hand(me())
    ids = [assessment.id for assessment in [*waiting, *in_hand]]
    return render_template(
        "maturity/verifying/queue.html",
        waiting=waiting,
        mine=[each for each in in_hand if each.state == State.VERIFYING],
        returned=[each for each in in_hand if each.state == State.RETURNED],
        submitted=last_at(ids, Step.SUBMIT),
        state_names=STATE_NAMES,
        states=State,
    )


@blueprint.get("/maturity/assessments/<id:assessment_id>/verification")
@member
def show(assessment_id: int) -> str:
    """Every answer, with what shows it to be true and what was found. Before it is taken on, to look at."""
    return _page(_desk(assessment_id))


@blueprint.post("/maturity/assessments/<id:assessment_id>/verification")
@member
def take_on(assessment_id: int) -> ResponseReturnValue:
    try:
        _for_coaches(assessment_id)
        with transaction() as session:
            service.take_on(session, assessment_id, actor=me(), now=utc_now())
    except (ConflictError, NotFoundError):
        # Once another coach has it, it is not for this one to see: that is no reason to say that there is none.
        if not may_verify(me()):
            raise
        flash(str(service.TAKEN), "warn")
        return redirect(url_for("verifying.queue"), 303)
    flash(_("You have it in hand. The team has been told."), "good")
    return _back(assessment_id)


@blueprint.post("/maturity/assessments/<id:assessment_id>/hand-back")
@member
def hand_back(assessment_id: int) -> ResponseReturnValue:
    """Give it up for another coach."""
    _for_coaches(assessment_id)
    with transaction() as session:
        service.hand_back(session, assessment_id, reason=request.form.get("comment", ""), actor=me(), now=utc_now())
    flash(_("It waits for another coach now. The team and the other coaches have been told."), "good")
    return redirect(url_for("verifying.queue"), 303)


@blueprint.post("/maturity/assessments/<id:assessment_id>/findings")
@member
@keeps_words
def save(assessment_id: int) -> ResponseReturnValue:
    """Keep what was found. The script sends each finding as it is made; without it, one button sends all of them, and the buttons
    that end the work send them, too.
    """
    brake("120 per minute", "finding", me().get_id())
    desk = _desk(assessment_id)
    now = utc_now()
    sent = read_judgements(request.form, [item.question.slug for item in desk.items])
    refused: dict[str, DomainError] = {}
    if sent:
        with transaction() as session:
            refused = service.judge(session, assessment_id, sent, actor=me(), now=now)
    # Only what was typed has a field of its own; what has moved on is said beside the name.
    errors = {
        slug: {(error.field or "text") if isinstance(error, InvalidInputError) else "base": str(error)}
        for slug, error in refused.items()
    }
    if wants_json():
        return _told(_desk(assessment_id), errors, list(sent))
    if errors:
        desk = _desk(assessment_id)
        for slug, faults in errors.items():
            desk.item(slug).errors.update(faults)
            desk.item(slug).sent = sent[slug].judgement
        return _page(desk), 422
    return _then(assessment_id, request.form.get("then", ""), request.form.get("comment", ""))


def _told(desk: Desk, errors: dict[str, dict[str, str]], slugs: list[str]) -> ResponseReturnValue:
    """What the script shows: how far it is, and the line below each finding."""
    lines = {
        slug: render_template("maturity/verifying/_standing.html", item=desk.item(slug), **_words()) for slug in slugs
    }
    return jsonify(
        errors=errors,
        standing=lines,
        tally=render_template("maturity/verifying/_tally.html", desk=desk, tally=desk.tally, **_words()),
        kept=_("Saved at %(time)s", time=clock_time(utc_now())),
    ), 422 if errors else 200


def _then(assessment_id: int, step: str, comment: str) -> ResponseReturnValue:
    """What comes after saving, by the button that was pressed."""
    now = utc_now()
    try:
        with transaction() as session:
            if step == "agree":
                count = service.agree_to_rest(session, assessment_id, actor=me(), now=now)
                said = ngettext("Agreed to one more answer.", "Agreed to %(num)s more answers.", count)
            elif step == "return":
                service.give_back(session, assessment_id, comment=comment, actor=me(), now=now)
                said = _("Returned. The team has been told, and you are told when it has answered.")
            elif step == "confirm":
                snapshot_id = service.confirm(session, assessment_id, comment=comment, actor=me(), now=now).id
                said = _("Final. This is the snapshot of it, which nothing changes any more. The team has been told.")
            else:
                said = _("Saved.")
    except DomainError as error:
        if isinstance(error, ForbiddenError):
            raise
        desk = _desk(assessment_id)
        return _page(desk, refused=error, comment=comment), error.status
    flash(said, "good")
    if step == "confirm":
        return redirect(url_for("snapshots.show", snapshot_id=snapshot_id), 303)
    return redirect(url_for("verifying.queue"), 303) if step == "return" else _back(assessment_id)


def _for_coaches(assessment_id: int) -> Assessment:
    """Raises NotFoundError for whoever may not see it, ForbiddenError for the team's own people."""
    assessment = get_assessment(assessment_id, me())
    ensure(can_take_on(me(), assessment))
    return assessment


def _desk(assessment_id: int) -> Desk:
    return look_at(_for_coaches(assessment_id), request_language())


def _page(desk: Desk, *, refused: DomainError | None = None, comment: str = "") -> str:
    assessment = desk.assessment
    snapshot = find_of_assessment(assessment.id) if assessment.state == State.FINAL else None
    return render_template(
        "maturity/verifying/show.html",
        desk=desk,
        assessment=assessment,
        tally=desk.tally,
        is_open=assessment.state == State.VERIFYING and can_verify(me(), assessment),
        is_free=assessment.state == State.SUBMITTED or is_stranded(assessment),
        submitted=last_at([assessment.id], Step.SUBMIT).get(assessment.id),
        snapshot=snapshot,
        refused=refused,
        form=WordForm(formdata=None, data={"comment": comment}),
        facts={"url": url_for("verifying.save", assessment_id=assessment.id), "words": _script_words()},
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {
        "levels": LEVELS,
        "states": State,
        "state_names": STATE_NAMES,
        "verdicts": Verdict,
        "verdict_names": VERDICT_NAMES,
        "stage_names": STAGE_NAMES,
    }


def _script_words() -> dict[str, str]:
    return {
        "saving": _("Saving …"),
        "offline": _("No connection. What you found stays on this page and is sent as soon as there is one."),
        "moved": _("That was not taken: you are logged out, or the assessment has moved on. Load the page again."),
        "unfinished": _("One finding is not complete yet."),
    }


def _back(assessment_id: int) -> ResponseReturnValue:
    return redirect(url_for("verifying.show", assessment_id=assessment_id), 303)
