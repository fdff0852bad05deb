"""The way of a team as moments in their order. Words are made here, so that page and paper tell the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _

from app.case_studies.models import CaseStudy
from app.improvement.journey.queries import Taker
from app.improvement.plans.models import Plan
from app.improvement.stories.queries import Help
from app.kernel.clock import zone
from app.maturity.models import Snapshot
from app.maturity.scoring import shown
from app.practices.adoption.models import Adoption
from app.practices.adoption.rules import STAGE_NAMES, Stage
from app.training.models import TrainingSession


class Sort(StrEnum):
    """What a moment is about; its name is that of the icon's tone, too."""

    ASSESSED = "assessed"
    PLANNED = "planned"
    HELPED = "helped"
    ADOPTED = "adopted"
    TOLD = "told"
    TAKEN = "taken"


ICONS = {
    Sort.ASSESSED: "gauge",
    Sort.PLANNED: "list-checks",
    Sort.HELPED: "handshake",
    Sort.ADOPTED: "check",
    Sort.TOLD: "book-open-check",
    Sort.TAKEN: "users",
}


@dataclass(frozen=True)
class Moment:
    """Something that happened on a day. `url` leads to it, where it has a page for the reader."""

    on: date
    sort: Sort
    title: str
    note: str = ""
    url: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.sort]


def in_order(*groups: Iterable[Moment]) -> list[Moment]:
    """The earliest first; what happens on one day in the order of the loop."""
    sorts = list(Sort)
    return sorted((each for group in groups for each in group), key=lambda each: (each.on, sorts.index(each.sort)))


def of_snapshots(snapshots: Sequence[Snapshot], time_zone: str) -> Iterable[Moment]:
    for snapshot in snapshots:
        score = shown(snapshot.score)
        yield Moment(
            _day(snapshot.taken_at, time_zone),
            Sort.ASSESSED,
            _("Assessed: %(title)s", title=snapshot.title),
            _("Score %(score)s of 5", score=score) if score is not None else "",
            url_for("snapshots.show", snapshot_id=snapshot.id),
        )


def of_plans(plans: Sequence[Plan], team_slug: str) -> Iterable[Moment]:
    for plan in plans:
        url = url_for("plans.show", slug=team_slug, framework=plan.framework.slug)
        yield Moment(plan.began_on, Sort.PLANNED, _("Set out: %(plan)s", plan=plan.title), "", url)
        if plan.closed_on is not None:
            yield Moment(plan.closed_on, Sort.PLANNED, _("Closed the plan: %(plan)s", plan=plan.title), "", url)


def of_help(help_: Sequence[Help]) -> Iterable[Moment]:
    """That somebody coached the team, never what they said to each other."""
    for each in help_:
        yield Moment(each.began_on, Sort.HELPED, _("%(coach)s begins to coach the team", coach=each.coach))
        if each.ended_on is not None:
            yield Moment(each.ended_on, Sort.HELPED, _("The coaching by %(coach)s ends", coach=each.coach))


def of_sessions(sessions: Sequence[TrainingSession]) -> Iterable[Moment]:
    for session in sessions:
        yield Moment(
            _day(session.starts_at, session.time_zone),
            Sort.HELPED,
            _("Several people at “%(session)s”", session=session.title),
            url=url_for("training.show", slug=session.slug),
        )


def of_adoptions(adopted: Sequence[tuple[Adoption, str]]) -> Iterable[Moment]:
    for adoption, title in adopted:
        stage = str(STAGE_NAMES[Stage(adoption.stage)])
        url = url_for("practices.show", slug=adoption.practice_slug)
        yield Moment(adoption.since, Sort.ADOPTED, _("Took up: %(practice)s", practice=title), stage, url)


def of_stories(stories: Sequence[CaseStudy]) -> Iterable[Moment]:
    for story in stories:
        url = url_for("case_studies.show", slug=story.slug)
        yield Moment(story.published_on, Sort.TOLD, _("Told the others: %(story)s", story=story.title), "", url)


def of_takers(takers: Sequence[Taker], titles: dict[str, str]) -> Iterable[Moment]:
    for taker in takers:
        practice = titles.get(taker.practice_slug, taker.practice_slug)
        yield Moment(
            taker.since,
            Sort.TAKEN,
            _("%(team)s took it up: %(practice)s", team=taker.team, practice=practice),
            url=url_for("people.team", slug=taker.slug),
        )


def _day(moment: datetime, time_zone: str) -> date:
    return moment.astimezone(zone(time_zone)).date()
