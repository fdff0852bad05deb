"""The list of what is to be looked at, and what is done about it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.login import me
from app.accounts.queries import get_by_email
from app.accounts.rules import normalize_email
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.practices.models import Practice
from app.practices.upkeep import service
from app.practices.upkeep.forms import CheckForm, OwnerForm
from app.practices.upkeep.policy import looks_after, looks_after_all
from app.practices.upkeep.queries import count_views, in_view, last_check, list_languages
from app.practices.upkeep.rules import VIEW_NAMES, View, usual_months
from app.web.access import ensure, member, requires
from app.web.dates import long_date, request_now
from app.web.i18n import request_language
from app.web.paging import paginate, requested_page, with_params

blueprint = Blueprint("upkeep", __name__)


@blueprint.get("/practices/upkeep")
@member
def index() -> str:
    return _list_page(OwnerForm(formdata=None))


def _list_page(form: OwnerForm) -> str:
    """Editors see all articles or their own, everybody else their own."""
    is_editor = looks_after_all(me())
    whose = "mine" if not is_editor or request.values.get("whose") == "mine" else "all"
    owner_id = me().id if whose == "mine" else None
    counts = count_views(request_language(), today=request_now().date(), owner_id=owner_id)
    view = _chosen_view(counts)
    query = in_view(view, request_language(), today=request_now().date(), owner_id=owner_id)
    return render_template(
        "practices/upkeep/index.html",
        page=paginate(query, number=requested_page()),
        view=view,
        views=[(VIEW_NAMES[each], counts[each], with_params(view=each, page=None), each == view) for each in View],
        whose=whose,
        is_editor=is_editor,
        form=form,
    )


def _chosen_view(counts: dict[View, int]) -> View:
    """What the address says, else the first view with something in it."""
    asked = request.values.get("view", "")
    if asked in list(View):
        return View(asked)
    return next((view for view in View if counts[view]), View.OVERDUE)


@blueprint.post("/practices/upkeep/owner")
@requires(looks_after_all)
def give() -> ResponseReturnValue:
    """Give the chosen articles to somebody."""
    form, slugs = OwnerForm(), request.form.getlist("slug")
    if not form.validate_on_submit() or not slugs:
        if not slugs:
            form.form_errors.append(_("Choose the articles first."))
        return _list_page(form), 422
    actor = me()
    try:
        with transaction() as session:
            owner = get_by_email(normalize_email(form.owner.data))
            service.give(session, slugs, owner, actor=actor)
            name = owner.name
    except InvalidInputError as error:
        form.blame(InvalidInputError(error.message, field="owner"))
        return _list_page(form), 422
    flash(_("%(name)s looks after them now.", name=name), "good")
    return redirect(url_for("upkeep.index", view=request.form.get("view") or None), 303)


@blueprint.route("/practices/<slug>/upkeep", methods=["GET", "POST"])
@member
def check(slug: str) -> ResponseReturnValue:
    """One article: when it was looked at, and "still right"."""
    practice = _get(slug)
    ensure(looks_after(me(), practice))
    usual = MultiDict({"months": str(usual_months(practice.reviewed_on, practice.review_by))})
    form = CheckForm(data=usual.to_dict())
    if form.validate_on_submit():
        actor, now = me(), utc_now()
        months, note = int(form.months.data), form.note.data or ""
        with transaction() as session:
            done = service.confirm(
                session, slug, months=months, note=note, actor=actor, today=request_now().date(), now=now
            )
            next_by = done.next_by
        flash(_("Noted: still right. The next look is due by %(day)s.", day=long_date(next_by)), "good")
        return redirect(url_for("practices.show", slug=slug), 303)
    page = render_template("practices/upkeep/check.html", form=form, practice=practice, last=last_check(slug))
    return page, 422 if request.method == "POST" else 200


def _get(slug: str) -> Practice:
    """The original. Raises NotFoundError."""
    languages = list_languages(slug)
    if not languages:
        raise NotFoundError(_("There is no such practice. Search for it, or look through the library."))
    return languages[0]
