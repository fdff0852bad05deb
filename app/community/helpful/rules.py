"""Answers, reasons, and from how many on they are told. No database, no Flask."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

MAX_WORDS = 500
# Fewer answers say more about those who gave them than about the article.
TOLD_FROM = 3


class Reason(StrEnum):
    OUTDATED = "outdated"
    UNCLEAR = "unclear"
    DOES_NOT_WORK = "does_not_work"
    MISSING = "missing"


REASON_NAMES = {
    Reason.OUTDATED: _l("It is out of date"),
    Reason.UNCLEAR: _l("It is unclear"),
    Reason.DOES_NOT_WORK: _l("It does not work here"),
    Reason.MISSING: _l("Something is missing"),
}
