"""The outbox of mail, for administrators: what waits, what failed and why. Never what a mail says."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.policy import can_manage_people
from app.jobs.desk import backlog, mails, try_again
from app.jobs.mail import MAX_ATTEMPTS
from app.jobs.models import MailState
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.web.access import requires
from app.web.paging import paginate, requested_page

blueprint = Blueprint("mail", __name__, template_folder="templates")

STATE_NAMES = {
    MailState.QUEUED: _l("Waits"),
    MailState.SENDING: _l("Is being sent"),
    MailState.SENT: _l("Sent"),
    MailState.FAILED: _l("Failed"),
    MailState.DROPPED: _l("No longer of use"),
}
TONES = {MailState.QUEUED: "warn", MailState.SENT: "good", MailState.FAILED: "bad"}


@blueprint.get("/admin/mail")
@requires(can_manage_people)
def index() -> str:
    wanted = request.args.get("state", "")
    state = wanted if wanted in STATE_NAMES else None
    return render_template(
        "admin/mail.html",
        page=paginate(mails(state), number=requested_page()),
        backlog=backlog(),
        state=state,
        state_names=STATE_NAMES,
        tones=TONES,
        max_attempts=MAX_ATTEMPTS,
    )


@blueprint.post("/admin/mail/<id:mail_id>/retry")
@requires(can_manage_people)
def retry(mail_id: int) -> ResponseReturnValue:
    with transaction() as session:
        try_again(session, mail_id, now=utc_now())
    flash(_("It is tried again within a few seconds."), "good")
    return redirect(url_for("mail.index", state=MailState.QUEUED), 303)
