"""Putting the pages of an assessment together, for the views of its steps and those of its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.db import db
from app.maturity.assessing.forms import EvidenceForm, ReplyForm, WithdrawForm, WordForm
from app.maturity.assessing.jobs import NEWER
from app.maturity.assessing.moving import MOVE, find_newer
from app.maturity.assessing.queries import list_events
from app.maturity.assessing.service import IncompleteError
from app.maturity.assessing.sheet import Item, Part, Sheet, make_sheet
from app.maturity.models import Assessment
from app.maturity.policy import can_read, can_take, can_verify, can_withdraw, has_verifier, is_stranded
from app.maturity.queries import get_assessment, has_coach
from app.maturity.rules import LEVELS, RUNNING, STATE_NAMES, STEPS, VERDICT_NAMES, State, Step, Verdict
from app.maturity.snapshots.queries import find_of_assessment
from app.web.i18n import request_language

STEP_NAMES: Mapping[str, Callable[[], str]] = {
    Step.SUBMIT: lambda: _("Submitted"),
    Step.TAKE_BACK: lambda: _("Taken back"),
    Step.TAKE_ON: lambda: _("Taken on"),
    Step.HAND_BACK: lambda: _("Handed back to the other coaches"),
    Step.RETURN: lambda: _("Returned with findings"),
    Step.REPLY: lambda: _("Findings answered"),
    Step.CONFIRM: lambda: _("Agreed and final"),
    Step.WITHDRAW: lambda: _("Withdrawn, without a result"),
    MOVE: lambda: _("Moved to a newer version of the framework"),
    NEWER: lambda: _("The framework got a newer version"),
}


def sheet_of(assessment_id: int, *, to_end: bool = False) -> Sheet:
    """Raises NotFoundError for whoever may not see it, and `to_end`, may not end it either."""
    return make_sheet(get_assessment(assessment_id, me(), to_end=to_end), me(), request_language())


def overview_page(
    sheet: Sheet,
    *,
    refused: IncompleteError | None = None,
    reply: ReplyForm | None = None,
    withdraw: WithdrawForm | None = None,
) -> str:
    assessment, person = sheet.assessment, me()
    steps = STEPS.steps_from(State(assessment.state))
    return render_template(
        "maturity/assessing/show.html",
        sheet=sheet,
        assessment=assessment,
        steps={step.name for step in steps if can_take(person, assessment, step)},
        reads_answers=can_read(person, assessment),
        may_withdraw=can_withdraw(person, assessment),
        may_verify=can_verify(person, assessment),
        **waiting_of(assessment),
        newer=find_newer(db.session(), assessment) if sheet.is_team and assessment.state in RUNNING else None,
        events=list_events(assessment.id),
        snapshot=find_of_assessment(assessment.id),
        watched={
            "changes": url_for("answers.changes", assessment_id=assessment.id),
            "revision": assessment.revision,
        },
        refused=refused,
        reply_form=reply or ReplyForm(formdata=None),
        withdraw_form=withdraw or WithdrawForm(formdata=None),
        **_words(sheet),
    )


def waiting_of(assessment: Assessment) -> dict[str, bool]:
    """Whether it waits for another coach than the one who took it on, and whether there is one."""
    stranded = is_stranded(assessment)
    waits = stranded or assessment.state == State.SUBMITTED
    return {
        "is_stranded": stranded,
        "has_verifier": assessment.state != State.RETURNED or has_verifier(assessment),
        "has_coach": not waits or has_coach(assessment.team_id),
    }


def area_page(sheet: Sheet, part: Part) -> str:
    """The questions of one area, to be answered or, for whoever may not, to be read."""
    return render_template(
        "maturity/assessing/area.html",
        sheet=sheet,
        here=part,
        assessment=sheet.assessment,
        evidence_form=EvidenceForm(formdata=None),
        word_form=WordForm(formdata=None),
        facts=_facts(sheet),
        **_words(sheet),
    )


def page_again(assessment_id: int, capability: str, change: Callable[[Item], None]) -> str:
    """The page of a capability's area, with what was refused in its place."""
    sheet = sheet_of(assessment_id)
    item = sheet.item(capability)
    change(item)
    return area_page(sheet, sheet.part(item.question.area))


def place_of(sheet: Sheet, item: Item | None) -> str:
    """The address of a question; of the assessment, where there is none."""
    if item is None:
        return url_for("assessing.show", assessment_id=sheet.assessment.id)
    area = item.question.area
    return url_for("assessing.area", assessment_id=sheet.assessment.id, area=area, _anchor=item.question.slug)


def _words(sheet: Sheet) -> dict[str, Any]:
    return {
        "levels": LEVELS,
        "state_names": STATE_NAMES,
        "states": State,
        "step_names": STEP_NAMES,
        "verdict_names": VERDICT_NAMES,
        "verdicts": Verdict,
        "place": lambda item: place_of(sheet, item),
    }


def said_line(assessment: Assessment, item: Item) -> str:
    return render_template("maturity/assessing/_said.html", assessment=assessment, item=item)


def evidence_list(sheet: Sheet, item: Item) -> str:
    return render_template("maturity/assessing/_evidence.html", sheet=sheet, assessment=sheet.assessment, item=item)


def _facts(sheet: Sheet) -> dict[str, Any]:
    """What the script needs to know and to say."""
    assessment = sheet.assessment
    return {
        "id": assessment.id,
        "person": me().id,
        "revision": assessment.revision,
        "state": assessment.state,
        "version": assessment.version_id,
        "changes": url_for("answers.changes", assessment_id=assessment.id),
        "token": url_for("desk.token"),
        "words": {
            "ready": _("Each answer is saved by itself."),
            "saving": _("Saving …"),
            "here": _("No connection. Your answer is kept on this device and sent as soon as there is one."),
            "loggedOut": _("You are logged out. Log in in another tab; your answer is kept here meanwhile."),
            "moved": _("The assessment has moved on meanwhile. Load the page again."),
            "reload": _("Load again"),
            "mine": _("Keep mine"),
            "theirs": _("Take theirs"),
            "changed": _("{name} has just changed this."),
            "uploading": _("Uploading …"),
            "refused": _("That was not taken. Load the page again."),
            "progress": _("{done} of {total} answered"),
            "area": _("{done} of {total}"),
        },
    }
