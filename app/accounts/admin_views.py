"""Plain screens for those who manage people and teams, and the page of a team."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import service, teams as team_service
from app.accounts.forms import InvitationForm, MembershipForm, RolesForm, TeamForm
from app.accounts.models import User
from app.accounts.policy import can_change_team, can_manage_people, can_manage_teams
from app.accounts.queries import (
    get_by_email,
    get_team,
    get_user,
    list_invitations,
    list_people,
    list_teams,
)
from app.accounts.rules import PERMISSIONS, ROLE_NAMES, Role
from app.accounts.tokens import sign_join
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import DomainError, InvalidInputError
from app.web.access import ensure, member, requires
from app.web.paging import paginate, requested_page

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
        form=InvitationForm(),
        permissions=PERMISSIONS,
        role_names=ROLE_NAMES,
    )


@blueprint.post("/people/invitations")
@requires(can_manage_people)
def invite() -> ResponseReturnValue:
    form = InvitationForm()
    actor = _me()
    if form.validate_on_submit():
        config: Config = current_app.config["GUILDHALL"]
        token = sign_join(current_app.config["SECRET_KEY"], form.email.data)
        link = config.site_url + url_for("accounts.accept", token=token)
        role = Role(form.role.data) if form.role.data else None
        try:
            with transaction() as session:
                service.invite(session, email=form.email.data, role=role, link=link, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            return render_template("accounts/invited.html", email=form.email.data, link=link)
    return render_template("accounts/invite.html", form=form), 422


@blueprint.post("/people/invitations/<path:email>/delete")
@requires(can_manage_people)
def take_back(email: str) -> ResponseReturnValue:
    with transaction() as session:
        service.take_back_invitation(session, email)
    flash(_("The invitation is taken back."), "good")
    return redirect(url_for("people.index"), 303)


@blueprint.route("/people/<int:user_id>", methods=["GET", "POST"])
@requires(can_manage_people)
def edit(user_id: int) -> ResponseReturnValue:
    user = get_user(user_id)
    form = RolesForm(roles=user.roles)
    actor = _me()
    if form.validate_on_submit():
        with transaction() as session:
            service.set_roles(session, user, form.chosen, actor=actor)
        flash(_("The roles are saved."), "good")
        return redirect(url_for("people.edit", user_id=user_id), 303)
    return render_template("accounts/person.html", form=form, person=user), 422 if request.method == "POST" else 200


@blueprint.post("/people/<int:user_id>/closing")
@requires(can_manage_people)
def disable(user_id: int) -> ResponseReturnValue:
    user, actor = get_user(user_id), _me()
    with transaction() as session:
        service.disable(session, user, actor=actor, now=utc_now())
    flash(_("The account is closed."), "good")
    return redirect(url_for("people.edit", user_id=user_id), 303)


@blueprint.post("/people/<int:user_id>/opening")
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
    return render_template("accounts/teams.html", teams=list_teams(), may_manage=can_manage_teams(current_user))


@blueprint.route("/teams/new", methods=["GET", "POST"])
@requires(can_manage_teams)
def new_team() -> ResponseReturnValue:
    form = TeamForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                team = team_service.create_team(session, **_team_fields(form))
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The team is created. Now put its people in."), "good")
            return redirect(url_for("people.team", slug=team.slug), 303)
    return render_template("accounts/team_edit.html", form=form, team=None), 422 if request.method == "POST" else 200


@blueprint.get("/teams/<slug>")
@member
def team(slug: str) -> str:
    team = get_team(slug)
    return render_template(
        "accounts/team.html", team=team, form=MembershipForm(), may_change=can_change_team(current_user, team)
    )


@blueprint.route("/teams/<slug>/edit", methods=["GET", "POST"])
@requires(can_manage_teams)
def edit_team(slug: str) -> ResponseReturnValue:
    team = get_team(slug)
    form = TeamForm(obj=team)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                team_service.change_team(session, team, **_team_fields(form))
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
    ensure(can_change_team(current_user, team))
    form = MembershipForm()
    if form.validate_on_submit():
        try:
            user = get_by_email(form.email.data)
            with transaction() as session:
                team_service.put_in_team(session, team, user, is_lead=form.is_lead.data)
        except DomainError as error:
            form.blame(InvalidInputError(error.message, field="email"))
        else:
            flash(_("%(name)s is in the team.", name=user.name), "good")
            return redirect(url_for("people.team", slug=slug), 303)
    return render_template("accounts/team.html", team=team, form=form, may_change=True), 422


@blueprint.post("/teams/<slug>/members/<int:user_id>/delete")
@member
def take_out(slug: str, user_id: int) -> ResponseReturnValue:
    team = get_team(slug)
    ensure(can_change_team(current_user, team))
    with transaction() as session:
        team_service.take_out_of_team(session, team, user_id)
    flash(_("Taken out of the team."), "good")
    return redirect(url_for("people.team", slug=slug), 303)


def _team_fields(form: TeamForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "organisation": form.organisation.data or "",
        "about": form.about.data or "",
        "is_benchmark": form.is_benchmark.data,
    }


def _me() -> User:
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user
