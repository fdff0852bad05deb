"""Teams hear once of a newer version of their framework."""

from __future__ import annotations

import copy

import pytest
from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import db, transaction
from app.maturity.assessing.jobs import tell_of_newer
from app.maturity.assessing.rules import Said
from app.maturity.models import Assessment
from app.notifications.models import Notice
from tests.factories.assessments import NOW, say

pytestmark = pytest.mark.both_databases


def publish(framework: Framework, number: int) -> None:
    with transaction() as session:
        row = session.get_one(Framework, framework.id)
        content = session.execute(select(FrameworkVersion.content).limit(1)).scalar_one()
        row.number, row.version = number, f"{number}"
        session.add(
            FrameworkVersion(
                framework_id=row.id, number=number, label=str(number), content=copy.deepcopy(content), at=NOW
            )
        )


def test_it_is_told_once_for_each_version(
    running: int, team: Team, framework: Framework, lin: User, max_: User, olga: User
) -> None:
    assert tell_of_newer() == 0
    publish(framework, 2)
    assert [tell_of_newer(), tell_of_newer()] == [1, 0]
    publish(framework, 3)
    revision = db.session.get_one(Assessment, running).revision
    assert [tell_of_newer(), tell_of_newer()] == [1, 0]
    told = db.session.execute(select(Notice.user_id, Notice.kind)).all()
    # Max has not taken part yet.
    assert [tuple(each) for each in told] == [(lin.id, "assessment framework newer")] * 2
    db.session.rollback()
    assert db.session.get_one(Assessment, running).revision == revision + 1


def test_whoever_has_answered_hears_of_it(running: int, framework: Framework, lin: User, max_: User) -> None:
    say(running, "version-control", Said(2), max_)
    publish(framework, 2)
    tell_of_newer()
    assert set(db.session.execute(select(Notice.user_id)).scalars()) == {lin.id, max_.id}
