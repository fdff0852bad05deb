"""A small autumn, small enough to count by hand.

| session     | month | kind     | capability      | level | seats | who has a seat, and what became known             | who waited            |
| ----------- | ----- | -------- | --------------- | ----- | ----- | ------------------------------------------------- | --------------------- |
| Trunk       | Sep   | workshop | version-control | 2     | 4     | Ann there, Ben late, Cem excused, Dora missed     | Emil, who left        |
| Trunk again | Oct   | workshop | version-control | 2     | 3     | of two meetings Ann was at the second, Ben missed | Cem, who got a seat;  |
|             |       |          |                 |       |       | one and was excused from one, Cem missed          | Emil, who left        |
| Robots      | Oct   | sharing  | test-automation | 3     | 10    | Ann, Ben, Cem, Dora, Emil and Fay, all there      |                       |
| To come     | Dec   | workshop |                 |       | 5     | Fay, nothing yet                                  |                       |

A draft, a cancelled session and one in August do not count. Dora had a seat in "Trunk again" and gave it back, which let Cem in.
Chen runs all workshops, Olga "Trunk again" with him, and Robots. Team Gateway has Ann, Ben, Cem, Dora and Emil and is led by
Lena; Ledger has Fay and Ann. Gus has no place and no team.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.accounts.models import User
from app.capabilities.models import Capability
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.presence import note_presence
from tests.factories.training import leave, make_coach, make_training, sign_up


@dataclass(frozen=True)
class Autumn:
    people: Mapping[str, User]
    coaches: Mapping[str, User]
    lead: User


def on(month: int, day: int) -> datetime:
    """Nine in the morning in Shanghai."""
    return datetime(2026, month, day, 1, 0, tzinfo=UTC)


@pytest.fixture
def autumn(app: Flask, clock: object) -> Autumn:
    people = {name: make_user(name) for name in ("Ann", "Ben", "Cem", "Dora", "Emil", "Fay", "Gus")}
    ann, ben, cem, dora, emil, fay, _gus = people.values()
    lead = make_user("Lena Lead")
    make_team("Gateway", ann, ben, cem, dora, emil, lead=lead)
    make_team("Ledger", fay, ann)
    chen, olga = make_coach("Chen"), make_coach("Olga")
    areas = make_framework().areas
    version_control, automation = areas[0].capabilities[0], areas[1].capabilities[0]
    _trunk(version_control, chen, people)
    _trunk_again(version_control, chen, olga, people)
    robots = make_training(
        olga, title="Robots", kind="sharing", capability_id=automation.id, level=3, starts_at=on(10, 20), capacity=10
    )
    sign_up(robots, ann, ben, cem, dora, emil, fay, now=on(10, 1))
    for person in (ann, ben, cem, dora, emil, fay):
        note_presence(robots, person, "present")
    to_come = make_training(chen, title="To come", starts_at=on(12, 1), capacity=5)
    sign_up(to_come, fay)
    make_training(chen, title="Draft", state="draft", starts_at=on(12, 5))
    make_training(chen, title="Off", state="cancelled", starts_at=on(10, 22))
    summer = make_training(chen, title="Summer", starts_at=on(8, 31))
    sign_up(summer, fay, now=on(8, 1))
    return Autumn(people, {"Chen": chen, "Olga": olga}, lead)


def _trunk(capability: Capability, coach: User, people: Mapping[str, User]) -> None:
    trunk = make_training(coach, title="Trunk", capability_id=capability.id, level=2, starts_at=on(9, 1), capacity=4)
    names = ("Ann", "Ben", "Cem", "Dora", "Emil")
    sign_up(trunk, *(people[name] for name in names), now=on(8, 20))
    leave(trunk, people["Emil"], now=on(8, 21))
    for name, state in zip(names, ("present", "late", "excused", "absent"), strict=False):
        note_presence(trunk, people[name], state)


def _trunk_again(capability: Capability, chen: User, olga: User, people: Mapping[str, User]) -> None:
    start, day, hour = on(10, 6), timedelta(days=1), timedelta(hours=1)
    again = make_training(
        chen, title="Trunk again", capability_id=capability.id, level=2, starts_at=start, ends_at=start + day + hour,
        meetings=[(start, start + hour), (start + day, start + day + hour)], capacity=3, coach_ids=[chen.id, olga.id],
    )  # fmt: skip
    sign_up(again, *(people[name] for name in ("Dora", "Ann", "Ben", "Cem", "Emil")), now=on(9, 20))
    leave(again, people["Dora"], now=on(9, 21))
    leave(again, people["Emil"], now=on(9, 22))
    note_presence(again, people["Ann"], "absent", "present")
    note_presence(again, people["Ben"], "absent", "excused")
    note_presence(again, people["Cem"], "absent")
