"""What is read and what is not: everything for editors, the own articles for everybody else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_skeleton
from flask import Blueprint, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from app.accounts.login import me
from app.community.articles import article_kinds
from app.community.reads.policy import can_see_reads, sees_all
from app.community.reads.queries import by_week, list_owned, list_unread, most_read
from app.community.subjects import Ref, Subject, find_many, get_subject
from app.kernel.errors import NotFoundError
from app.web.access import ensure, member
from app.web.charts import Trend, make_trend
from app.web.dates import request_now
from app.web.i18n import LANGUAGE_NAMES, request_language
from app.web.paging import Page, requested_page, with_params

blueprint = Blueprint("reads", __name__, template_folder="templates")
PERIODS = (30, 90, 365)
VIEWS = ("most", "unread")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """An article and its reads; the subject is None where it is gone by now."""

    ref: Ref
    subject: Subject | None
    reads: int


@blueprint.get("/reads")
@member
def index() -> str:
    person, now = me(), request_now()
    scope = None if sees_all(person) and request.args.get("of") != "mine" else set(list_owned(person, now))
    view = request.args.get("view", "")
    view = view if view in VIEWS else "most"
    days = next((each for each in PERIODS if str(each) == request.args.get("days")), PERIODS[0])
    return render_template(
        "community/reads/index.html",
        page=_page(view, scope, days),
        chart=_chart(scope),
        view=view,
        views=[(each, with_params(view=each, page=None)) for each in VIEWS],
        days=days,
        periods=[(each, with_params(days=each, page=None), each == days) for each in PERIODS],
        sees_all=sees_all(person),
        is_mine=scope is not None,
        mine_url=with_params(of=None if scope is not None else "mine", page=None),
    )


@blueprint.get("/reads/<kind>/<slug>")
@member
def show(kind: str, slug: str) -> str:
    """One article."""
    if kind not in article_kinds():
        raise NotFoundError(_("There is no such article."))
    person, ref = me(), Ref(kind, slug)
    subject = get_subject(ref, person, request_language())
    ensure(can_see_reads(person, subject))
    return render_template("community/reads/show.html", subject=subject, chart=_chart({ref}))


def _page(view: str, scope: Collection[Ref] | None, days: int) -> Page[Row]:
    number, now = requested_page(), request_now()
    if view == "unread":
        unread = list_unread(scope, now)
        total = len(unread)
        found = [(ref, 0) for ref in unread[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    else:
        since = (now - timedelta(days=days - 1)).date()
        found, total = most_read(scope, since, number=number, size=PAGE_SIZE)
    subjects = find_many([ref for ref, _reads in found], me(), request_language())
    return Page([Row(ref, subjects.get(ref), reads) for ref, reads in found], number, PAGE_SIZE, total)


def _chart(scope: Collection[Ref] | None) -> Trend | None:
    """Reads by week, a line for each language in which something was read; None before anything was."""
    mondays, counts = by_week(scope, request_now().date())
    series = [(LANGUAGE_NAMES[language], values) for language, values in counts.items() if any(values)]
    if not series:
        return None
    labels = [format_skeleton("MMMd", monday, locale=get_locale()) for monday in mondays]
    return make_trend("reads", _("Reads by week"), labels, series, row_name=_("Week from"))
