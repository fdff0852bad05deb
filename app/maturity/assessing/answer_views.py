"""Answering: each answer by itself, its evidence, what the team says of a finding, and what others have changed meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import DomainError, InvalidInputError
from app.maturity.assessing import answering
from app.maturity.assessing.answering import AnswerConflictError
from app.maturity.assessing.forms import AnswerForm, EvidenceForm, WordForm
from app.maturity.assessing.pages import evidence_list, page_again, place_of, said_line, sheet_of
from app.maturity.assessing.queries import list_history
from app.maturity.assessing.rules import Shown
from app.maturity.assessing.sheet import Item, Sheet, bare_sheet, show_conflict, show_refused
from app.maturity.models import Answer
from app.maturity.policy import can_answer
from app.maturity.queries import get_assessment, get_mark
from app.maturity.rules import OPEN_TO_THE_TEAM, EvidenceKind
from app.media.refusals import refuse
from app.media.service import take_attachment, take_picture
from app.media.store import MAX_BYTES, TYPES
from app.web.access import ensure, member
from app.web.dates import clock_time
from app.web.errors import wants_json
from app.web.filters import local
from app.web.numbers import whole_number
from app.web.security import brake, large_body
from app.web.words import keeps_words

blueprint = Blueprint("answers", __name__)


@blueprint.post("/maturity/assessments/<id:assessment_id>/answers/<capability>")
@member
@keeps_words
def save(assessment_id: int, capability: str) -> ResponseReturnValue:
    """Keep an answer. The script sends each as it is given; without it, each has a button."""
    brake("120 per minute", "answer", me().get_id())
    get_mark(assessment_id, me())
    form = AnswerForm()
    said, base, now = form.said, form.base_revision, utc_now()
    try:
        with transaction() as session:
            answered = answering.answer_for(session, assessment_id, capability, said, base=base, actor=me(), now=now)
            is_merged = answered.is_merged
    except AnswerConflictError as conflict:
        return _conflict(assessment_id, capability, conflict)
    except InvalidInputError as error:
        errors = {error.field or "level": str(error)}
        if wants_json():
            return jsonify(errors=errors), 422
        return page_again(assessment_id, capability, lambda item: show_refused(item, said, errors, base)), 422
    sheet = sheet_of(assessment_id)
    item = sheet.item(capability)
    if wants_json():
        kept = _("Saved at %(time)s", time=clock_time(now))
        return jsonify(**_told(sheet, item), kept=kept, is_merged=is_merged, progress=_progress(sheet, item))
    flash(_("Saved: %(name)s", name=local(item.question.name)), "good")
    return redirect(place_of(sheet, item), 303)


def _conflict(assessment_id: int, capability: str, conflict: AnswerConflictError) -> ResponseReturnValue:
    if not wants_json():
        return page_again(assessment_id, capability, lambda item: show_conflict(item, conflict)), 409
    sheet = sheet_of(assessment_id)
    item = sheet.item(capability)
    theirs = _told(sheet, item)
    show_conflict(item, conflict)
    return jsonify(
        error=str(conflict), theirs=theirs, html=render_template("maturity/assessing/_theirs.html", item=item)
    ), 409


def _told(sheet: Sheet, item: Item) -> dict[str, Any]:
    """An answer as the script shows it."""
    answer = item.answer
    return {
        "capability": item.question.slug,
        "revision": answer.revision if answer else 0,
        "level": _choice(answer),
        "reason": answer.reason if answer else "",
        "note": answer.note if answer else "",
        "by": answer.changed_by.name if answer and answer.changed_by else "",
        "by_id": answer.changed_by_id if answer else None,
        "said": said_line(sheet.assessment, item),
        "evidence": evidence_list(sheet, item),
    }


def _progress(sheet: Sheet, item: Item | None) -> dict[str, Any]:
    following = sheet.next_open(item.question.slug if item else None)
    return {**sheet.progress(), "next": place_of(sheet, following) if following else None}


def _choice(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return "na" if answer.is_not_applicable else str(answer.level or "")


@blueprint.get("/maturity/assessments/<id:assessment_id>/changes")
@member
def changes(assessment_id: int) -> ResponseReturnValue:
    """What has changed after revision `since`: nothing, as long as nothing has, at the price of one small query."""
    mark = get_mark(assessment_id, me())
    since = whole_number(request.args.get("since")) or 0
    if mark.revision == since:
        return "", 204
    sheet = sheet_of(assessment_id)
    changed = [item for item in sheet.items if item.answer is not None and item.answer.revision > since]
    answer = jsonify(
        revision=sheet.assessment.revision,
        state=sheet.assessment.state,
        version=sheet.assessment.version_id,
        answers=[_told(sheet, item) for item in changed],
        progress=_progress(sheet, None),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/maturity/assessments/<id:assessment_id>/answers/<capability>/history")
@member
def history(assessment_id: int, capability: str) -> str:
    """What an answer was, and who changed it."""
    assessment = get_assessment(assessment_id, me())
    sheet = bare_sheet(assessment, me())
    item = sheet.item(capability)
    events = list_history(item.answer) if item.answer else []
    return render_template(
        "maturity/assessing/history.html", assessment=assessment, item=item, events=events, place=place_of(sheet, item)
    )


@blueprint.post("/maturity/assessments/<id:assessment_id>/answers/<capability>/evidence")
@large_body(lambda config: max(config.max_attachment_mb, MAX_BYTES // 1_000_000))
@member
def add_evidence(assessment_id: int, capability: str) -> ResponseReturnValue:
    """Put something down that shows the answer to be true."""
    assessment = get_assessment(assessment_id, me())
    # Before a file is looked at, which takes its time.
    ensure(can_answer(me(), assessment))
    form = EvidenceForm()
    try:
        shown = form.shown
        if shown.kind is EvidenceKind.FILE and assessment.state in OPEN_TO_THE_TEAM:
            shown = _with_file(shown)
        with transaction() as session:
            answering.add_evidence(session, assessment_id, capability, shown, actor=me(), now=utc_now())
    except DomainError as error:
        return _evidence_refused(assessment_id, capability, form, error)
    return _evidence_changed(assessment_id, capability)


def _with_file(shown: Shown) -> Shown:
    """The evidence with the address of its file, whose readers are asked."""
    sent, config = request.files.get("file"), current_app.config["GUILDHALL"]
    assert isinstance(config, Config)
    if sent is None or not sent.filename:
        raise refuse("empty")
    data, name, person = sent.stream.read(), sent.filename, me().id
    take = take_picture if PurePath(name).suffix.lower() in TYPES else take_attachment
    taken = take(data, name, user_id=person, config=config, now=utc_now(), is_guarded=True)
    return replace(shown, link=taken.url, title=shown.title or taken.name)


def _evidence_refused(
    assessment_id: int, capability: str, form: EvidenceForm, error: DomainError
) -> ResponseReturnValue:
    field = (error.field if isinstance(error, InvalidInputError) else None) or "title"
    if wants_json():
        return jsonify(error=str(error), errors={field: str(error)}), error.status
    if not isinstance(error, InvalidInputError) and error.status in {403, 404}:
        raise error
    sent = {name: request.form.get(name, "") for name in form._fields}

    def show(item: Item) -> None:
        item.errors[f"evidence {field}"] = str(error)
        item.sent.update(sent)

    return page_again(assessment_id, capability, show), error.status


def _evidence_changed(assessment_id: int, capability: str) -> ResponseReturnValue:
    sheet = sheet_of(assessment_id)
    item = sheet.item(capability)
    if wants_json():
        kept = _("Saved at %(time)s", time=clock_time(utc_now()))
        return jsonify(**_told(sheet, item), kept=kept, progress=_progress(sheet, item))
    return redirect(place_of(sheet, item), 303)


@blueprint.post("/maturity/assessments/<id:assessment_id>/evidence/<id:evidence_id>/removal")
@member
def remove_evidence(assessment_id: int, evidence_id: int) -> ResponseReturnValue:
    get_mark(assessment_id, me())
    with transaction() as session:
        answer = answering.remove_evidence(session, assessment_id, evidence_id, actor=me(), now=utc_now())
        capability = answer.capability
    return _evidence_changed(assessment_id, capability)


@blueprint.post("/maturity/assessments/<id:assessment_id>/answers/<capability>/words")
@member
@keeps_words
def answer_finding(assessment_id: int, capability: str) -> ResponseReturnValue:
    """Say something to the coach about a finding."""
    get_mark(assessment_id, me())
    form = WordForm()
    text = form.text.data or ""
    try:
        with transaction() as session:
            answering.answer_finding(session, assessment_id, capability, text, actor=me(), now=utc_now())
    except InvalidInputError as error:
        sentence = str(error)

        def show(item: Item) -> None:
            item.errors["text"] = sentence
            item.sent["text"] = text

        return page_again(assessment_id, capability, show), 422
    flash(_("Kept. The coach reads it when you send your answers back."), "good")
    sheet = sheet_of(assessment_id)
    return redirect(place_of(sheet, sheet.item(capability)), 303)
