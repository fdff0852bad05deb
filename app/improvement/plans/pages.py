"""What the pages of a team's advice and plan have in common: the team, who reads, and by which framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.models import Team, User
from app.accounts.queries import get_team
from app.capabilities.models import Capability, Framework
from app.capabilities.queries import list_frameworks
from app.improvement.advice.advising import Asker
from app.improvement.plans.policy import can_edit, can_read
from app.improvement.plans.queries import list_frameworks_of
from app.kernel.errors import NotFoundError
from app.web.access import ensure
from app.web.dates import request_now, request_today
from app.web.i18n import request_language


@dataclass(frozen=True)
class Place:
    """A page of a team. `frameworks` are those that the team has to do with, `framework` the one that is shown."""

    team: Team
    reader: User
    frameworks: Sequence[Framework]
    framework: Framework

    @property
    def is_own(self) -> bool:
        """Is the reader one of the team's people, who change the plan?"""
        return can_edit(self.reader, self.team.id)

    @property
    def people(self) -> list[tuple[str, str]]:
        """(id, name) of whoever can see to something."""
        return [(str(each.user_id), each.user.name) for each in self.team.people if each.user.is_active]

    @property
    def capabilities(self) -> dict[str, Capability]:
        return {each.slug: each for area in self.framework.areas for each in area.capabilities}

    @property
    def asker(self) -> Asker:
        return Asker(
            user_id=self.reader.id,
            language=request_language(),
            is_of_team=self.is_own,
            today=request_today(),
            now=request_now(),
        )


def find_team(slug: str) -> Team:
    """The team, for whoever may see where it stands. Raises NotFoundError for everybody else."""
    team, reader = get_team(slug), me()
    if not can_read(reader, team):
        raise NotFoundError(_("There is no such team."))
    return team


def find_own_team(slug: str) -> Team:
    """The team, for its people. Raises ForbiddenError for those who may only read."""
    team = find_team(slug)
    ensure(can_edit(me(), team.id))
    return team


def find_place(slug: str, framework_slug: str | None = None) -> Place:
    """The page's team and framework: the one named, else the address's, else the first that the team has to do with.

    Raises NotFoundError for a team that the reader may not see, a framework that there is not, or a house without any.
    """
    team, everything = find_team(slug), list_frameworks()
    known = list_frameworks_of(team.id, with_running=can_edit(me(), team.id))
    wanted = framework_slug or request.args.get("framework")
    listed = [each for each in everything if each.id in known or not each.position or each.slug == wanted]
    first = next((each for each in listed if each.id in known), listed[0] if listed else None)
    framework = next((each for each in listed if each.slug == wanted), None) if wanted else first
    if framework is None:
        raise NotFoundError(_("There is no such framework."))
    return Place(team, me(), listed, framework)
