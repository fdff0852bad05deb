"""How often an article was read, on its page: for editors, and for whoever answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask import render_template
from flask_login import current_user

from app.accounts.login import me
from app.community.reads.policy import can_see_reads
from app.community.reads.queries import count_reads
from app.community.subjects import Ref, Subject, find_subject
from app.web.dates import request_now
from app.web.i18n import request_language
from app.web.stored import stored

DAYS = 30


def counts(keys: Sequence[str]) -> Iterable[str]:
    return [_count(Ref.parse(key)) for key in keys]


def _count(ref: Ref) -> str:
    if not current_user.is_authenticated:
        return ""
    # Whose it is stands in rows that pages show, so it is asked once for everybody, not once a reader.
    subject: Subject | None = stored(("whose", ref), lambda: find_subject(ref, None, request_language()))
    if subject is None or not can_see_reads(me(), subject):
        return ""
    reads = count_reads(ref, (request_now() - timedelta(days=DAYS)).date())
    return render_template("community/reads/_count.html", ref=ref, reads=reads)
