"""What a certificate says, in its session's language."""

from __future__ import annotations

from typing import Any

from babel.dates import format_date
from flask import current_app, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.config import Config
from app.kernel.clock import zone
from app.training.certificates.models import Certificate


def days_of(certificate: Certificate) -> str:
    """The day of the session, or its first and last."""
    first, last = (_long(day) for day in (certificate.first_day, certificate.last_day))
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


def sheet_of(certificate: Certificate) -> dict[str, Any]:
    """Everything that stands on the paper, for `press`. Inside `reading_as` the language of the certificate."""
    config: Config = current_app.config["GUILDHALL"]
    issued_on = certificate.issued_at.astimezone(zone(certificate.training.time_zone)).date()
    return {
        "language": certificate.language,
        "site": config.site_name,
        "heading": _("Certificate of attendance"),
        "name": certificate.name,
        "did": _("took part in"),
        "title": certificate.title,
        "facts": f"{days_of(certificate)} · {certificate.training.kind_name} · {meetings_of(certificate)}",
        "led_by": _("Led by %(names)s", names=certificate.coaches),
        "issued": _("Issued on %(day)s", day=_long(issued_on)),
        "verify": _("Whether it is valid can be seen at"),
        "url": url_for("certificates.verify", code=certificate.code, _external=True),
        "code": _("Number %(code)s", code=certificate.code),
        "qr_alt": _("QR code of the address at which this certificate can be verified"),
        "issued_at": certificate.issued_at.isoformat(),
    }


def meetings_of(certificate: Certificate) -> str:
    """At how many meetings the person was."""
    return ngettext(
        "%(attended)s of %(num)s meeting attended",
        "%(attended)s of %(num)s meetings attended",
        certificate.meetings,
        attended=certificate.attended,
    )


def _long(day: Any) -> str:
    return format_date(day, "long", locale=get_locale())
