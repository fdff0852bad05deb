"""The certificates of a session, for those who run it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from app.training.certificates import service
from app.training.certificates.forms import AgainForm, RevokeForm, RuleForm, typed
from app.training.certificates.queries import get_certificate_of, get_rule, list_rows
from app.training.certificates.views import blueprint
from app.training.models import TrainingSession
from app.training.running import get_own_session
from app.web.access import member
from app.web.dates import request_now

# The views below join the blueprint of `views`; whoever registers it takes it from here, so that they are loaded.
__all__ = ["blueprint"]


@blueprint.route("/training/<slug>/certificates", methods=["GET", "POST"])
@member
def index(slug: str) -> ResponseReturnValue:
    training = get_own_session(slug)
    training_id, rule = training.id, get_rule(db.session(), training)
    form = RuleForm(data=typed(rule)).offer(rule)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.set_rule(session, training_id, is_on=form.is_on.data, needed=form.number)
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("certificates.index", slug=slug), 303)
    return _index_page(form, get_own_session(slug)), 422 if request.method == "POST" else 200


def _index_page(form: RuleForm, training: TrainingSession) -> str:
    rule = get_rule(db.session(), training)
    rows = list_rows(training, rule)
    return render_template(
        "training/certificates/index.html",
        form=form,
        training=training,
        rule=rule,
        rows=rows,
        waiting=sum(row.is_enough and not row.certificates for row in rows),
        is_taken=any(row.attended for row in rows),
        is_over=training.ends_at <= request_now(),
    )


@blueprint.post("/training/<slug>/certificates/issue")
@member
def issue(slug: str) -> ResponseReturnValue:
    training_id, actor = get_own_session(slug).id, me()
    with transaction() as session:
        number = service.issue(session, training_id, actor=actor, now=utc_now())
    if number:
        flash(ngettext("%(num)s certificate issued.", "%(num)s certificates issued.", number), "good")
    else:
        flash(_("Everybody who has earned a certificate has had one."), "neutral")
    return redirect(url_for("certificates.index", slug=slug), 303)


@blueprint.route("/training/<slug>/certificates/<id:certificate_id>/revocation", methods=["GET", "POST"])
@member
def revoke(slug: str, certificate_id: int) -> ResponseReturnValue:
    training, actor, form = get_own_session(slug), me(), RevokeForm()
    certificate = get_certificate_of(training.id, certificate_id)
    if form.validate_on_submit():
        with transaction() as session:
            service.revoke(session, certificate_id, reason=form.reason.data, actor=actor, now=utc_now())
        flash(_("Revoked. The person is being told."), "good")
        return redirect(url_for("certificates.index", slug=slug), 303)
    page = render_template("training/certificates/revoke.html", form=form, training=training, certificate=certificate)
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/training/<slug>/certificates/<id:certificate_id>/keep")
@member
def keep(slug: str, certificate_id: int) -> ResponseReturnValue:
    training, actor = get_own_session(slug), me()
    get_certificate_of(training.id, certificate_id)
    with transaction() as session:
        service.keep(session, certificate_id, actor=actor, now=utc_now())
    flash(_("The certificate stays."), "good")
    return redirect(url_for("certificates.index", slug=slug), 303)


@blueprint.route("/training/<slug>/certificates/<id:certificate_id>/again", methods=["GET", "POST"])
@member
def again(slug: str, certificate_id: int) -> ResponseReturnValue:
    training, actor = get_own_session(slug), me()
    certificate = get_certificate_of(training.id, certificate_id)
    form = AgainForm(data={"name": certificate.name})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.issue_again(session, certificate_id, name=form.name.data, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Issued again, with another number. The person is being told."), "good")
            return redirect(url_for("certificates.index", slug=slug), 303)
    page = render_template(
        "training/certificates/again.html",
        form=form,
        training=get_own_session(slug),
        certificate=get_certificate_of(training.id, certificate_id),
    )
    return page, 422 if request.method == "POST" else 200
