"""Verifying a certificate, having its paper."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.utils import redirect

from app.kernel.errors import ConflictError
from app.training.certificates.models import Certificate
from app.training.certificates.policy import can_have_paper
from app.training.certificates.queries import get_certificate
from app.training.certificates.wording import days_of, meetings_of
from app.web.access import ensure, member, public
from app.web.downloads import download

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/certificates/<code>")
@public
def verify(code: str) -> ResponseReturnValue:
    """For whoever holds the paper, be it of another company: what the paper says, and whether it holds."""
    certificate = get_certificate(code)
    if certificate.code != code:
        return redirect(url_for("certificates.verify", code=certificate.code), 302)
    is_mine = current_user.is_authenticated and can_have_paper(current_user, certificate)
    page = render_template(
        "training/certificates/verify.html",
        certificate=certificate,
        days=days_of(certificate),
        meetings=meetings_of(certificate),
        is_mine=is_mine,
    )
    # People's names: found by whoever has the number, not by whoever searches the web.
    return page, {"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


@blueprint.get("/certificates/<code>.pdf")
@member
def paper(code: str) -> ResponseReturnValue:
    certificate = get_certificate(code)
    ensure(can_have_paper(current_user, certificate))
    if certificate.revoked_at is not None:
        raise ConflictError(_l("This certificate was revoked; there is no paper of it any more."))
    if certificate.paper is None:
        page = render_template("training/certificates/printing.html", certificate=certificate)
        return page, 202, {"Refresh": "2"}
    if certificate.paper.pdf is None:
        return render_template("training/certificates/unprintable.html", certificate=certificate), 409
    return _download(certificate, certificate.paper.pdf)


def _download(certificate: Certificate, pdf: bytes) -> Response:
    answer = download(pdf, "application/pdf", f"certificate-{certificate.code}.pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
