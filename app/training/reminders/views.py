"""When people are reminded, and what they read: a page of those who run a session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.jobs.composing import as_text
from app.jobs.messages import reading_as, word
from app.kernel.db import transaction
from app.training.admissions import Admission
from app.training.calendar_entries.current import meeting_times
from app.training.models import TrainingSession
from app.training.reminders.forms import RemindersForm
from app.training.reminders.queries import chosen_leads
from app.training.reminders.service import KIND, choose_leads
from app.training.rooms import Moment, Way
from app.training.running import get_own_session
from app.training.seats.telling import invitation
from app.web.access import member
from app.web.i18n import LANGUAGE_NAMES

blueprint = Blueprint("reminders", __name__, template_folder="templates")
# The mails about a seat that everybody gets sooner or later, in the order in which they come.
SHOWN = ("seat confirmed", KIND, "training changed", "training cancelled")


@blueprint.route("/training/<slug>/reminders", methods=["GET", "POST"])
@member
def reminders(slug: str) -> ResponseReturnValue:
    training = get_own_session(slug)
    form = RemindersForm(leads=sorted(chosen_leads(training.id)))
    if form.validate_on_submit():
        training_id = training.id
        with transaction() as session:
            choose_leads(session, training_id, form.chosen)
        flash(_("Saved."), "good")
        return redirect(url_for("reminders.reminders", slug=slug), 303)
    page = render_template("training/reminders/edit.html", training=training, form=form, mails=_mails(training))
    return page, 422 if request.method == "POST" else 200


def _mails(training: TrainingSession) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    """(what the mail is for, its (language, name of the language, subject, text) in each) for each that is shown."""
    names = {
        "seat confirmed": _("Somebody gets a seat"),
        KIND: _("Reminder"),
        "training changed": _("Time or place is another"),
        "training cancelled": _("The session is cancelled"),
    }
    params, zone = _example(training), me().time_zone
    return [(names[kind], [_as_read(kind, params, code, zone) for code in LANGUAGE_NAMES]) for kind in SHOWN]


def _example(training: TrainingSession) -> Mapping[str, Any]:
    """What the mails would be about today; a change changes nothing yet."""
    now = invitation(training)
    before = {f"{name}_before": now[name] for name in ("starts", "ends", "place")}
    return {**now, **before, "meetings": meeting_times(training), "reason": training.cancel_reason or "…"}


def _as_read(kind: str, params: Mapping[str, Any], language: str, zone: str) -> tuple[str, str, str, str]:
    with reading_as(language, zone):
        message = word(kind, params)
        return "zh-Hans" if language == "zh" else language, LANGUAGE_NAMES[language], message.subject, as_text(message)


def desk(admission: Admission) -> list[Way]:
    """The way here, for those who run the session."""
    if admission.state == "cancelled":
        return []
    return [
        Way(_("Reminders and mail"), url_for("reminders.reminders", slug=admission.slug), "bell-ring", Moment.BEFORE)
    ]
