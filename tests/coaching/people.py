"""A company with a team that is coached, and everybody who might look over its shoulder."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user


@dataclass(frozen=True)
class House:
    """`amara` is asked before `chen`, who teaches the same. `others` are everybody whose business it is not."""

    team: Team
    lead: User
    mei: User
    olu: User
    amara: User
    chen: User
    outsider: User
    leader: User
    editor: User
    administrator: User
    capability: Capability

    @property
    def others(self) -> tuple[User, ...]:
        return self.chen, self.outsider, self.leader, self.editor, self.administrator


def make_house() -> House:
    capability = make_framework().areas[0].capabilities[0]
    lead, mei, olu = make_user("Lin Yue"), make_user("Mei Zhang"), make_user("Olu Ade")
    return House(
        team=make_team("Payments", mei, olu, lead=lead),
        lead=lead,
        mei=mei,
        olu=olu,
        amara=make_coach("Amara Osei", skills={capability.id: 4}).user,
        chen=make_coach("Chen Wei", skills={capability.id: 3}).user,
        outsider=make_user("Otto Outsider"),
        leader=make_user("Lea Leader", Role.LEADER),
        editor=make_user("Edda Editor", Role.EDITOR),
        administrator=make_user("Ada Admin", Role.ADMINISTRATOR),
        capability=capability,
    )
