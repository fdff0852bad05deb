"""The directory's pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.login import me
from app.accounts.models import User
from app.capabilities.queries import list_main_capabilities
from app.coaches import service
from app.coaches.forms import CoachForm, coach_form
from app.coaches.models import Coach
from app.coaches.policy import can_edit, can_keep_profile, manages_people
from app.coaches.queries import Choices, chosen, count_facets, find_profile, get_coach
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.web.access import ensure, member, readers, requires
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES, language
from app.web.paging import paginate, requested_page
from app.web.sections import sections_for
from app.web.shared import Piece, own, reader, shared_unless
from app.web.stored import stored_page

blueprint = Blueprint("coaches", __name__, template_folder="templates")


@blueprint.get("/coaches/")
@readers
@shared_unless(manages_people)
def index() -> str:
    name = request.args.get("q", "").strip()[:80]
    choices = Choices(
        **{facet: chosen_values(facet) for facet in ("capability", "language", "site", "requests")}, name=name
    )
    return render_template(
        "coaches/index.html",
        page=paginate(chosen(reader(), choices), number=requested_page()),
        facets=_facets(choices),
        name=name,
    )


def own_profile() -> Piece:
    """The way to the own profile, for whoever may keep one."""
    return own(
        "profile", lambda: render_template("coaches/_own_profile.html") if can_keep_profile(current_user) else ""
    )


def _facets(choices: Choices) -> list[Facet]:
    counts = count_facets(reader(), choices)
    capabilities = list_main_capabilities()
    hues = {each.slug: str(each.area.hue) for each in capabilities}
    sites = sorted({*counts["site"], *choices.site})
    labels: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "requests": (_("Availability"), [("yes", _("Taking requests"))]),
        "capability": (_("Capability"), [(each.slug, each.name.in_(language())) for each in capabilities]),
        "language": (_("Language"), list(LANGUAGE_NAMES.items())),
        "site": (_("Site"), [(site, site) for site in sites]),
    }
    shades = {"capability": hues}
    return [
        build_facet(facet, label, counts[facet], values, shades.get(facet)) for facet, (label, values) in labels.items()
    ]


@blueprint.get("/coaches/<slug>")
@readers
@stored_page
def show(slug: str) -> str:
    person = reader()
    coach = get_coach(person, slug)
    return render_template(
        "coaches/show.html",
        coach=coach,
        may_edit=person is not None and can_edit(person, coach),
        sections=sections_for("coach", coach, person),
    )


@blueprint.route("/coaches/me/edit", methods=["GET", "POST"])
@requires(can_keep_profile)
def edit_own() -> ResponseReturnValue:
    """The own profile, which the first saving makes."""
    return _edit(me(), find_profile(me().id))


@blueprint.route("/coaches/<slug>/edit", methods=["GET", "POST"])
@member
def edit(slug: str) -> ResponseReturnValue:
    coach = get_coach(me(), slug)
    ensure(can_edit(me(), coach))
    return _edit(coach.user, coach)


def _edit(user: User, coach: Coach | None) -> ResponseReturnValue:
    capabilities = list_main_capabilities()
    form = coach_form(capabilities)(obj=coach, data=_present(coach))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                saved = service.save_profile(session, user, coach, now=utc_now(), **_values(form))
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The profile is saved."), "good")
            return redirect(url_for("coaches.show", slug=saved.slug), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("coaches/edit.html", form=form, coach=coach, user=user, capabilities=capabilities), status


def _present(coach: Coach | None) -> dict[str, object]:
    """The form's values that are no columns of the profile."""
    if coach is None:
        return {"languages": [current_user.language], "is_taking_requests": True}
    return {f"skill_{skill.capability_id}": str(skill.level) for skill in coach.skills}


def _values(form: CoachForm) -> dict[str, Any]:
    return {
        "headline": form.headline.data,
        "bio": form.bio.data or "",
        "site": form.site.data or "",
        "is_taking_requests": form.is_taking_requests.data,
        "languages": form.languages.data,
        "skills": form.skills,
    }
