"""Plain screens for those who manage people and teams, and the page of a team."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import service
from app.accounts import teams as team_service
from app.accounts.forms import InvitationForm, MembershipForm, RolesForm, TeamForm
from app.accounts.login import me
from app.accounts.models import Team
from app.accounts.policy import can_change_team, can_manage_people, can_manage_teams
from app.accounts.queries import get_by_email, get_team, get_user, list_invitations, list_people, list_teams
from app.accounts.rules import PERMISSION_NAMES, PERMISSIONS, ROLE_NAMES, Permission, Role
from app.accounts.teams import TeamDetails
from app.accounts.tokens import sign_join
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.web.access import ensure, member, readers, requires
from app.web.paging import paginate, requested_page
from app.web.sections import sections_for
from app.web.security import secret_key
from app.web.shared import reader
from app.web.stored import stored_page

blueprint = Blueprint("people", __name__, template_folder="templates")


@blueprint.get("/people/")
@requires(can_manage_people)
def index() -> str:
    search = request.args.get("q", "").strip()[:80]
    return render_template(
        "accounts/people.html",
        page=paginate(list_people(search), number=requested_page()),
        search=search,
        invitations=list_invitations(),
        form=InvitationForm(formdata=None),
        rights=_rights(),
        role_names=ROLE_NAMES,
    )


def _rights() -> list[tuple[object, list[object]]]:
    """Who may do what, in words: each role's name, and the names of what it may do."""
    return [
        (name, [PERMISSION_NAMES[permission] for permission in Permission if permission in PERMISSIONS[role]])
        for role, name in ROLE_NAMES.items()
    ]


@blueprint.post("/people/invitations")
@requires(can_manage_people)
def invite() -> ResponseReturnValue:
    form = InvitationForm()
    actor = me()
    if form.validate_on_submit():
        link = _invitation_link(form.email.data)
        role = Role(form.role.data) if form.role.data else None
        try:
            with transaction() as session:
                service.invite(session, email=form.email.data, role=role, link=link, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            return render_template("accounts/invited.html", email=form.email.data, link=link)
    return render_template("accounts/invite.html", form=form), 422


def _invitation_link(email: str) -> str:
    config: Config = current_app.config["GUILDHALL"]
    return config.site_url + url_for("accounts.accept", token=sign_join(secret_key(), email))


@blueprint.post("/people/invitations/<id:invitation_id>/delete")
@requires(can_manage_people)
def take_back(invitation_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.take_back_invitation(session, invitation_id)
    flash(_("The invitation is taken back."), "good")
    return redirect(url_for("people.index"), 303)


@blueprint.route("/people/<id:user_id>", methods=["GET", "POST"])
@requires(can_manage_people)
def edit(user_id: int) -> ResponseReturnValue:
    user, actor = get_user(user_id), me()
    form = RolesForm(roles=user.roles)
    if form.validate_on_submit():
        with transaction() as session:
            service.set_roles(session, user, form.chosen, actor=actor)
        flash(_("The roles are saved."), "good")
        return redirect(url_for("people.edit", user_id=user_id), 303)
    return render_template("accounts/person.html", form=form, person=user), 422 if request.method == "POST" else 200


@blueprint.post("/people/<id:user_id>/closing")
@requires(can_manage_people)
def disable(user_id: int) -> ResponseReturnValue:
    user, actor = get_user(user_id), me()
    with transaction() as session:
        service.disable(session, user, actor=actor, now=utc_now())
    flash(_("The account is closed."), "good")
    return redirect(url_for("people.edit", user_id=user_id), 303)


@blueprint.post("/people/<id:user_id>/opening")
@requires(can_manage_people)
def enable(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    with transaction() as session:
        service.enable(session, user)
    flash(_("The account is open again."), "good")
    return redirect(url_for("people.edit", user_id=user_id), 303)


@blueprint.get("/teams/")
@member
def teams() -> str:
    return render_template("accounts/teams.html", teams=list_teams(), may_manage=can_manage_teams(me()))


@blueprint.route("/teams/new", methods=["GET", "POST"])
@requires(can_manage_teams)
def new_team() -> ResponseReturnValue:
    form = TeamForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                team = team_service.create_team(session, _details(form))
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The team is created. Now put its people in."), "good")
            return redirect(url_for("people.team", slug=team.slug), 303)
    return render_template("accounts/team_edit.html", form=form, team=None), 422 if request.method == "POST" else 200


@blueprint.get("/teams/<slug>")
@readers
@stored_page
def team(slug: str) -> str:
    """What the team does, for every reader; who is in it, for members."""
    return _team_page(get_team(slug), MembershipForm(formdata=None))


@blueprint.route("/teams/<slug>/edit", methods=["GET", "POST"])
@requires(can_manage_teams)
def edit_team(slug: str) -> ResponseReturnValue:
    team = get_team(slug)
    form = TeamForm(obj=team)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                team_service.change_team(session, team, _details(form))
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The team is saved."), "good")
            return redirect(url_for("people.team", slug=slug), 303)
    return render_template("accounts/team_edit.html", form=form, team=team), 422 if request.method == "POST" else 200


@blueprint.post("/teams/<slug>/members")
@member
def put_in(slug: str) -> ResponseReturnValue:
    team = get_team(slug)
    ensure(can_change_team(me(), team))
    form = MembershipForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                user = get_by_email(form.email.data)
                team_service.put_in_team(session, team, user, is_lead=form.is_lead.data)
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("%(name)s is in the team.", name=user.name), "good")
            return redirect(url_for("people.team", slug=slug), 303)
    return _team_page(get_team(slug), form), 422


@blueprint.post("/teams/<slug>/members/<id:user_id>/delete")
@member
def take_out(slug: str, user_id: int) -> ResponseReturnValue:
    team = get_team(slug)
    ensure(can_change_team(me(), team))
    with transaction() as session:
        team_service.take_out_of_team(session, team, user_id)
    flash(_("Taken out of the team."), "good")
    return redirect(url_for("people.team", slug=slug), 303)


def _team_page(team: Team, form: MembershipForm) -> str:
    person = reader()
    return render_template(
        "accounts/team.html",
        team=team,
        form=form,
        is_member=person is not None,
        may_change=person is not None and can_change_team(person, team),
        may_manage=person is not None and can_manage_teams(person),
        sections=sections_for("team", team, person),
    )


def _details(form: TeamForm) -> TeamDetails:
    return TeamDetails(
        name=form.name.data,
        organisation=form.organisation.data or "",
        about=form.about.data or "",
        is_benchmark=form.is_benchmark.data,
    )
